import { expect, it } from 'vitest';
import { TaskSeal } from '../../../../src/main/scheduler/jobs/task-seal';
import { TASK } from '../../../support/stored-job-builders';

it('sealed task -> encrypted, each time differently; read by the same program', () => {
  const seal = new TaskSeal();
  const [one, two] = [seal.seal(TASK), seal.seal(TASK)];
  expect([one.includes('hello'), one.equals(two)]).toEqual([false, false]);
  expect([one, two].map((sealed) => seal.unseal(sealed)?.toString())).toEqual([TASK, TASK]);
});

it('sealed task: damaged, cut, or of another program -> not readable', () => {
  const seal = new TaskSeal();
  const sealed = seal.seal(TASK);
  for (const damaged of [Buffer.from(sealed).fill(0, 40), sealed.subarray(0, 40), sealed.subarray(0, 20), Buffer.alloc(0)])
    expect(seal.unseal(damaged)).toBeNull();
  expect(new TaskSeal().unseal(sealed)).toBeNull();
});
