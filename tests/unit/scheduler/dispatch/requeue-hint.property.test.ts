// When `hasSameDispatchOutcome` is true of two records, the filters give every job the same exclusion for both.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstExclusion } from '../../../../src/main/scheduler/dispatch/filters';
import { hasSameDispatchOutcome } from '../../../../src/main/scheduler/dispatch/requeue-hint';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { poolSteps } from '../lifecycle/histories';
import { aRecord, at } from '../lifecycle/records';
import { anyJob, EAGER, NODE_IDS, WITH_ALL_MODELS } from './random-pools';

test('hasSameDispatchOutcome: true on random histories -> every job has the same exclusion before and after', () => {
  let sameOutcomes = 0;
  fc.assert(
    fc.property(poolSteps(NODE_IDS, 60), fc.array(anyJob, { minLength: 5, maxLength: 5 }), (steps, jobs) => {
      const records = new Map(
        NODE_IDS.map((nodeId): [string, NodeRecord | null] => [nodeId, aRecord({ nodeId, profile: WITH_ALL_MODELS })]),
      );
      let nowMonotonicMs = 0;
      for (const { nodeId, afterMs, event } of steps) {
        const previous = records.get(nodeId) ?? null;
        const [next] = nodeTransition(previous, event, at((nowMonotonicMs += afterMs)), EAGER);
        records.set(nodeId, next);
        if (previous === null || next === null || next === previous || !hasSameDispatchOutcome(previous, next, POLICY)) continue;
        sameOutcomes++;
        for (const job of jobs) expect(firstExclusion(next, job, POLICY)).toEqual(firstExclusion(previous, job, POLICY));
      }
    }),
    { numRuns: 200 },
  );
  expect(sameOutcomes, 'enough comparisons').toBeGreaterThan(100);
});
