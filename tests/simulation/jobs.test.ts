// Any order of submissions, losses, repetitions, drains, cancellations, crashes and full disks keeps the invariants of jobs. When
// all faults are over, every job ends.
import fc from 'fast-check';
import { it } from 'vitest';
import { poolSteps, recover, storeSteps, submissions } from '../support/job-steps';
import { JobWorld } from '../support/job-world';
import { repetitions } from '../support/repetitions';

const RUNS = repetitions({ few: 100, many: 5000 }, 'MUSTER_RUNS');

const submit = submissions(fc.record({ interactive: fc.boolean() }));
const weighted = [{ weight: 6, arbitrary: submit }, ...poolSteps];

it.each([
  ['', false, fc.oneof(...weighted), 120],
  [', slow store', true, fc.oneof(...weighted, ...storeSteps), 150],
] as const)(
  'simulation%s: any order of events and faults -> invariants hold, every accepted job ends',
  async (_title, isSlow, anyStep, maxLength) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength, size: 'max' }), async (history) => {
        const world = new JobWorld({ isSlow });
        for (const scripted of world.nodes.values()) await scripted.connect();
        for (const { act } of history) {
          await act(world);
          await world.settle(false);
          await world.check();
        }
        await recover(world);
      }),
      { numRuns: RUNS },
    );
  },
  RUNS * 600,
);
