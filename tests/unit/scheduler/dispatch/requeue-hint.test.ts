import { describe, expect, it } from 'vitest';
import { mayUnblockJobs } from '../../../../src/main/scheduler/dispatch/requeue-hint';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { aModel, aProfile, aReading, aRecord, aUsage } from '../lifecycle/records';

const ready = aRecord();
const live = (memoryGb: number): NodeRecord['gpus'] => [aReading({ memoryTotalGb: memoryGb })];

describe('mayUnblockJobs', () => {
  it.each<readonly [string, NodeRecord | null, NodeRecord | null, boolean]>([
    ['new and schedulable', null, ready, true],
    ['became ready', aRecord({ status: 'registering' }), ready, true],
    ['free slot after it was full', aRecord({ assignedJobs: 4 }), aRecord({ assignedJobs: 3 }), true],
    ['usage fell below the threshold', aRecord({ usage: aUsage({ cpuPercent: 60 }) }), ready, true],
    ['connected again', aRecord({ online: false }), ready, true],
    ['model became ready', ready, aRecord({ profile: aProfile({ installedModels: [aModel(), aModel({ modelId: 'more' })] }) }), true],
    ['GPU reports more memory', aRecord({ gpus: live(8) }), aRecord({ gpus: live(24) }), true],
    ['no: one more free slot', aRecord({ assignedJobs: 3 }), aRecord({ assignedJobs: 2 }), false],
    ['no: only the usage differs', ready, aRecord({ usage: aUsage({ cpuPercent: 6 }) }), false],
    ['no: one slot less', aRecord({ assignedJobs: 1 }), aRecord({ assignedJobs: 2 }), false],
    ['no: full, with other models', ready, aRecord({ assignedJobs: 4, profile: aProfile({ installedModels: [] }) }), false],
    ['no: nothing changed', ready, ready, false],
    ['no: removed', ready, null, false],
  ])('%s', (_title, previous, next, expected) => {
    // `nodeTransition` keeps the profile object when nothing in it changes.
    const kept = previous !== null && next !== null && JSON.stringify(previous.profile) === JSON.stringify(next.profile);
    const after = kept ? { ...next, profile: previous.profile } : next;
    expect(mayUnblockJobs(previous, previous === next ? previous : after, DEFAULT_DISPATCH_POLICY)).toBe(expected);
  });
});
