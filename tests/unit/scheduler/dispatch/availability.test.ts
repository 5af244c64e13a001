// The availability of a node in every combination of status, connection, slots and load (docs/dispatch.md, Availability).
import { describe, expect, test } from 'vitest';
import { availabilityReasons, availabilityStateOf } from '../../../../src/main/scheduler/dispatch/availability';
import { isSchedulable } from '../../../../src/main/scheduler/dispatch/filters';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { NODE_STATUSES } from '../../../../src/shared/protocol/status';
import { aDrain, at, aReading, aRecord, aUsage } from '../lifecycle/records';

const aQuarantine = { by: 'operator', reason: null, since: at(0) } as const;
const busy = { usage: aUsage({ ownerCpuPercent: 80, ownerGpuPercent: 0 }) };

test.each<readonly [string, Partial<NodeRecord>, string, readonly string[]]>([
  ['ready and idle', {}, 'available', []],
  ['one of four slots in use', { assignedJobs: 1 }, 'available', []],
  ['all slots in use', { assignedJobs: 4 }, 'full', ['capacity_exceeded']],
  ['used by its owner', busy, 'busy', ['resource_threshold_exceeded']],
  ['all slots in use, and used by its owner', { ...busy, assignedJobs: 4 }, 'full', ['capacity_exceeded', 'resource_threshold_exceeded']],
  ['no usable GPU', { gpus: [aReading({ available: false })] }, 'degraded', ['gpu_unavailable']],
  ['ready without a connection', { online: false }, 'disconnected', ['not_online']],
  ['registering', { status: 'registering' }, 'registering', ['status_not_ready']],
  ['degraded', { status: 'degraded' }, 'degraded', ['status_not_ready']],
  ['draining', { status: 'draining', drain: aDrain() }, 'draining', ['status_not_ready']],
  [
    'draining without a connection',
    { status: 'draining', drain: aDrain(), online: false },
    'disconnected',
    ['status_not_ready', 'not_online'],
  ],
  ['drained', { status: 'offline', drain: aDrain() }, 'paused', ['status_not_ready']],
  ['drained without a connection', { status: 'offline', drain: aDrain(), online: false }, 'offline', ['status_not_ready', 'not_online']],
  ['quarantined', { quarantine: aQuarantine }, 'paused', ['quarantined']],
  ['silent', { status: 'offline', online: false }, 'offline', ['status_not_ready', 'not_online']],
  ['asleep', { online: false, isAsleep: true }, 'asleep', ['not_online']],
  ['asleep for long', { status: 'offline', online: false, isAsleep: true }, 'asleep', ['status_not_ready', 'not_online']],
])('%s', (_title, overrides, state, codes) => {
  const record = aRecord(overrides);
  expect(availabilityStateOf(record, POLICY)).toBe(state);
  expect(availabilityReasons(record, POLICY).map(({ code }) => code)).toEqual(codes);
});

describe('availability', () => {
  test('available exactly when dispatch may choose the node, and exactly when there is no reason against it', () => {
    const states = new Set<string>();
    for (const status of NODE_STATUSES)
      for (const online of [true, false])
        for (const assignedJobs of [0, 4])
          for (const usage of [aUsage(), busy.usage, null])
            for (const gpus of [null, [aReading({ available: false })]]) {
              const record = aRecord({ status, online, assignedJobs, usage, gpus });
              const isAvailable = availabilityStateOf(record, POLICY) === 'available';
              states.add(availabilityStateOf(record, POLICY));
              expect(isSchedulable(record, POLICY)).toBe(isAvailable);
              expect(availabilityReasons(record, POLICY).length === 0).toBe(isAvailable);
            }
    expect(states.size).toBeGreaterThan(6);
  });

  test('a node without a connection is never available, full or busy', () => {
    for (const status of NODE_STATUSES)
      for (const overrides of [{}, busy, { assignedJobs: 4 }])
        expect(['disconnected', 'offline']).toContain(availabilityStateOf(aRecord({ ...overrides, status, online: false }), POLICY));
  });
});
