// The deadline queue finds the same nodes as a full scan, and reads no other record.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeadlineQueue } from '../../../../src/main/scheduler/lifecycle/deadline-queue';
import { heartbeatDeadlineMonotonicMs, isNodeDeadlineDue, statusDeadline } from '../../../../src/main/scheduler/lifecycle/deadlines';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { BRISK, poolSteps } from './histories';
import { aDrain, aRecord, at, NO_GRACE, POLICY } from './records';

const NODE_IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

test('deadline queue: random histories -> the due nodes are those of a full scan', () => {
  fc.assert(
    fc.property(poolSteps(NODE_IDS, 200), fc.constantFrom(NO_GRACE, 40, 200), (steps, graceUntilMonotonicMs) => {
      const queue = new DeadlineQueue(BRISK);
      const records = new Map<string, NodeRecord>();
      let nowMonotonicMs = 0;
      for (const { nodeId, afterMs, event } of steps) {
        nowMonotonicMs += afterMs;
        const [next] = nodeTransition(records.get(nodeId) ?? null, event, at(nowMonotonicMs), BRISK);
        if (next === null) {
          records.delete(nodeId);
          queue.delete(nodeId);
        } else {
          records.set(nodeId, next);
          queue.set(next);
        }
        const scanned = [...records.values()]
          .filter((record) => isNodeDeadlineDue(record, nowMonotonicMs, graceUntilMonotonicMs, BRISK))
          .map((record) => record.nodeId);
        expect([...queue.due(nowMonotonicMs, graceUntilMonotonicMs)].sort()).toEqual(scanned.sort());
      }
    }),
    { numRuns: 200 },
  );
});

test('deadline queue: deadline reached -> due, one ms before -> not due', () => {
  const record = aRecord({ lastSeen: at(5000) });
  expect(heartbeatDeadlineMonotonicMs(record, POLICY)).toBe(50_000);
  const queue = new DeadlineQueue(POLICY);
  queue.set(record);
  expect(queue.due(49_999, NO_GRACE)).toEqual([]);
  expect(queue.due(50_000, NO_GRACE)).toEqual(['node-1']);
  expect(queue.due(50_000, 50_001), 'within a grace period').toEqual([]);
});

describe('status deadline', () => {
  const failed = { ...aRecord().health, lastCheck: { ok: false, failedChecks: [] } };
  const passed = { ...aRecord().health, lastCheck: { ok: true, failedChecks: [] } };
  const drained = { status: 'offline', reasonCode: 'drain_complete' } as const;

  test.each<readonly [string, Partial<NodeRecord>, object | null]>([
    ['registering, no check yet', { status: 'registering' }, { kind: 'warmup', atMonotonicMs: 60_000 }],
    ['registering, the last check failed', { status: 'registering', health: failed }, { kind: 'warmup', atMonotonicMs: 60_000 }],
    ['registering, the last check passed', { status: 'registering', health: passed }, null],
    ['ready', {}, null],
    ['degraded', { status: 'degraded' }, null],
    [
      'draining',
      { status: 'draining', drain: aDrain({ requestedAt: at(7000), timeoutMs: 3000 }) },
      { kind: 'drain', atMonotonicMs: 10_000 },
    ],
    ['drained and connected', { ...drained, drain: aDrain({ by: 'node' }) }, null],
    [
      'drained by the node, disconnected',
      { ...drained, drain: aDrain({ by: 'node' }), online: false },
      { kind: 'retention', atMonotonicMs: 86_400_000 },
    ],
    ['drained by an operator, disconnected', { ...drained, drain: aDrain(), online: false }, null],
    ['timed out', { status: 'offline', since: at(100), online: false }, { kind: 'retention', atMonotonicMs: 86_400_100 }],
  ])('%s', (_case, overrides, expected) => {
    expect(statusDeadline(aRecord(overrides), POLICY)).toEqual(expected);
  });
});

describe('deadline queue: 10,000 nodes', () => {
  let reads = 0;
  const counted = (record: NodeRecord): NodeRecord =>
    new Proxy(record, {
      get(target, key) {
        reads++;
        return Reflect.get(target, key) as unknown;
      },
    });
  const queue = new DeadlineQueue(POLICY);
  for (let i = 0; i < 10_000; i++)
    queue.set(counted(aRecord({ nodeId: `node-${String(i)}`, lastSeen: at(i), status: i % 2 === 0 ? 'ready' : 'registering' })));

  test('none due -> no record is read', () => {
    reads = 0;
    expect(queue.due(10_000, NO_GRACE)).toEqual([]);
    expect(reads).toBe(0);
  });

  test('five due -> these five, oldest first', () => {
    expect(queue.due(POLICY.heartbeatTimeoutMs + 4, NO_GRACE)).toEqual(['node-0', 'node-1', 'node-2', 'node-3', 'node-4']);
    expect(queue.silentFor(9000, 9001)).toEqual(['node-0', 'node-1']);
  });
});
