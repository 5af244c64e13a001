// What nodes report of attempts that the scheduler does not know yet.
import { expect, it } from 'vitest';
import { UnknownAttempts } from '../../../../src/main/scheduler/jobs/unknown-attempts';

const KEY = { jobId: 'job-1', attempt: 1 };

function opened() {
  const [slots, stopped, reported]: [string[], string[], string[]] = [[], [], []];
  const unknown = new UnknownAttempts({ apply: (nodeId, event) => slots.push(`${nodeId} ${event.type}`) }, (nodeId, { jobId }) =>
    stopped.push(`${nodeId} ${jobId}`),
  );
  unknown.open();
  const report = (name: string) => () => void reported.push(name);
  return { unknown, slots, stopped, reported, report };
}

it('reports wait in order until the attempt is known', () => {
  const { unknown, slots, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  expect(['first', 'second'].map((name) => unknown.keep('node-a', KEY, null, report(name)))).toEqual([true, true]);
  expect([unknown.keep('node-b', KEY, null, report('other')), unknown.has('node-b', KEY)]).toEqual([false, false]);
  expect(reported).toEqual([]);
  for (const each of unknown.take('node-a', KEY)) each();
  expect(reported).toEqual(['first', 'second']);
  expect(slots).toEqual(['node-a job_assigned', 'node-a job_released']);
  expect([unknown.take('node-a', KEY), unknown.keep('node-a', KEY, null, report('later'))]).toEqual([[], false]);
});

it('the attempt ends on its node -> its slot is free, and what it has reported waits', () => {
  const { unknown, slots, stopped, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('result'));
  unknown.ended('node-a', KEY);
  expect(slots).toEqual(['node-a job_assigned', 'node-a job_released']);
  unknown.close();
  expect([stopped, reported, unknown.isOpen, slots.length]).toEqual([[], ['result'], false, 2]);
});

it('the node registers again -> it repeats its reports, and those of attempts that it does not name are dropped', () => {
  const { unknown, slots, reported, report } = opened();
  const other = { jobId: 'job-2', attempt: 1 };
  unknown.registered('node-a', [KEY, other]);
  for (const key of [KEY, other]) unknown.keep('node-a', key, null, report(key.jobId));
  unknown.registered('node-a', [KEY]);
  unknown.keep('node-a', KEY, null, report('again'));
  expect([unknown.has('node-a', other), slots.at(-1)]).toEqual([false, 'node-a job_released']);
  for (const each of unknown.take('node-a', KEY)) each();
  expect(reported).toEqual(['again']);
});

it('reports that are too large, alone or together, do not wait', () => {
  const { unknown, reported, report } = opened();
  const keys = Array.from({ length: 40 }, (_, index) => ({ jobId: `job-${String(index)}`, attempt: 1 }));
  unknown.registered('node-a', keys);
  for (const key of keys) unknown.keep('node-a', key, 'x'.repeat(500_000), report(key.jobId));
  unknown.keep('node-a', KEY, 'x'.repeat(600_000), report('large'));
  unknown.close();
  expect(reported).toEqual(keys.slice(0, 16).map(({ jobId }) => jobId));
});

it('very many reports without data -> only as many wait as fit into the memory for reports', () => {
  const { unknown, reported, report } = opened();
  unknown.registered('node-a', [KEY]);
  for (let i = 0; i < 100_000; i++) unknown.keep('node-a', KEY, null, report('chunk'));
  unknown.close();
  expect(reported.length).toBeGreaterThan(10_000);
  expect(reported.length).toBeLessThan(70_000);
});

it('the node is lost -> its attempts are stopped', () => {
  const { unknown, stopped, slots } = opened();
  unknown.expect('node-a', KEY);
  unknown.registered('node-b', [KEY]);
  unknown.stopOn('node-a');
  expect([stopped, unknown.has('node-b', KEY)]).toEqual([['node-a job-1'], true]);
  expect(slots).toEqual(['node-a job_assigned', 'node-b job_assigned', 'node-a job_released']);
});
