import { describe, expect, it } from 'vitest';
import { mayUnblockJobs } from '../../../../src/main/scheduler/dispatch/requeue-hint';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { aModel, aProfile, aRecord, aUsage } from '../lifecycle/records';

const ready = aRecord();
const live = (memoryGb: number): NodeRecord['gpus'] => [{ index: 0, memory_total_gb: memoryGb, available: true }];

describe('a node could help a job that waits', () => {
  it.each<readonly [string, NodeRecord | null, NodeRecord | null, boolean]>([
    ['when it is new and schedulable', null, ready, true],
    ['when it became ready', aRecord({ status: 'registering' }), ready, true],
    ['when it has a slot again', aRecord({ assignedJobs: 4 }), aRecord({ assignedJobs: 3 }), true],
    ['when its use fell below the threshold', aRecord({ usage: aUsage({ cpu_percent: 60 }) }), ready, true],
    ['when it is connected again', aRecord({ online: false }), ready, true],
    [
      'when a model became ready',
      ready,
      aRecord({ profile: aProfile({ installedModels: [aModel(), aModel({ model_id: 'more' })] }) }),
      true,
    ],
    ['when its GPU shows more memory', aRecord({ gpus: live(8) }), aRecord({ gpus: live(24) }), true],
    ['but not when one more slot is free', aRecord({ assignedJobs: 3 }), aRecord({ assignedJobs: 2 }), false],
    ['but not when it only has another use', ready, aRecord({ usage: aUsage({ cpu_percent: 6 }) }), false],
    ['but not when it lost a slot', aRecord({ assignedJobs: 1 }), aRecord({ assignedJobs: 2 }), false],
    ['but not when it is full, whatever it offers', ready, aRecord({ assignedJobs: 4, profile: aProfile({ installedModels: [] }) }), false],
    ['but not when nothing changed', ready, ready, false],
    ['but not when it is gone', ready, null, false],
  ])('%s', (_title, previous, next, expected) => {
    // What does not change is the same object, as `transition` leaves it.
    const kept = previous !== null && next !== null && JSON.stringify(previous.profile) === JSON.stringify(next.profile);
    const after = kept ? { ...next, profile: previous.profile } : next;
    expect(mayUnblockJobs(previous, previous === next ? previous : after, DEFAULT_DISPATCH_POLICY)).toBe(expected);
  });
});
