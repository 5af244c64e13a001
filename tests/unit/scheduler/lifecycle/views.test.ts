// The messages and views of a record, and its restore from the store.
import { describe, expect, test } from 'vitest';
import { healthView } from '../../../../src/main/scheduler/lifecycle/health-view';
import { nodeStatusMessage } from '../../../../src/main/scheduler/lifecycle/node-status-message';
import { restoreRecord, type StoredNode } from '../../../../src/main/scheduler/lifecycle/restore-record';
import { healthSchema, nodeStatusSchema } from '../../../../src/shared/protocol/scheduler-messages';
import { beats, played } from './play';
import { aProfile, aRecord, at, aUsage, POLICY } from './records';

describe('health view', () => {
  test('no check yet -> unknown, neither true nor false', () => {
    const view = healthView(aRecord({ status: 'registering' }), POLICY);
    expect(view).toEqual({
      ok: null,
      failed_checks: [],
      consecutive_successes: 0,
      required_successes: 3,
      window: [],
      failures_in_window: 0,
      failure_threshold: 3,
      warmup_deadline: at(60_000).wallMs,
    });
    expect(healthSchema.safeParse(view).success).toBe(true);
  });

  test('failed checks -> window counted, checks named', () => {
    expect(healthView(played(aRecord(), beats('oxox')), POLICY)).toMatchObject({
      ok: false,
      failed_checks: [{ check: 'gpu', code: 'gpu_unavailable' }],
      consecutive_successes: 0,
      window: [true, false, true, false],
      failures_in_window: 2,
      warmup_deadline: null,
    });
  });

  test('degraded node -> the required successes of a recovery', () => {
    expect(healthView(aRecord({ status: 'degraded' }), POLICY).required_successes).toBe(1);
  });
});

describe('node_status message', () => {
  const record = aRecord({ assignedJobs: 1, usage: aUsage({ runningJobs: 2 }), since: at(500) });

  test('status change -> all fields of the protocol', () => {
    const message = nodeStatusMessage(record, 777, false, POLICY);
    expect(message).toEqual({
      type: 'node_status',
      node_id: 'node-1',
      status: 'ready',
      reason: '健康检查全部通过 / all health checks passed',
      reason_code: 'health_check_passed',
      timestamp: 777,
      previous_status: 'registering',
      since: at(500).wallMs,
      online: true,
      in_flight_jobs: 2,
      max_concurrent_jobs: 4,
      usable_slots: 4,
      health: healthView(record, POLICY),
    });
    expect(nodeStatusSchema.safeParse(message).success).toBe(true);
  });

  test('repetition -> periodic', () => {
    expect(nodeStatusMessage(record, 777, true, POLICY).periodic).toBe(true);
  });
});

describe('restored record', () => {
  const stored: StoredNode = {
    nodeId: 'node-1',
    profile: aProfile(),
    status: 'ready',
    reasonCode: 'health_check_passed',
    previousStatus: 'registering',
    hasBeenReady: true,
    sinceWallMs: 1_000_000,
    drain: null,
    pause: null,
    quarantine: null,
    tags: [],
  };
  const now = { wallMs: 1_060_000, monotonicMs: 10 };

  test('stored node -> same state, not connected, one full heartbeat timeout to reconnect', () => {
    const since = { wallMs: 1_000_000, monotonicMs: -59_990 };
    expect(restoreRecord(stored, now)).toEqual(
      aRecord({ since, online: false, registeredAt: now, lastSeen: now, usage: null, provenSlots: 0 }),
    );
  });

  test('drained node -> drain request with its deadline, time of silence kept', () => {
    const drain = { by: 'operator', reason: 'fan', requestedAtWallMs: 1_030_000, timeoutMs: 60_000 } as const;
    const restored = restoreRecord({ ...stored, status: 'offline', reasonCode: 'drain_complete', drain }, now);
    expect(restored.drain).toEqual({
      by: 'operator',
      reason: 'fan',
      requestedAt: { wallMs: 1_030_000, monotonicMs: -29_990 },
      timeoutMs: 60_000,
    });
    expect(restored.lastSeen).toEqual(restored.since);
  });

  test('wall clock set back -> age is never negative', () => {
    expect(restoreRecord({ ...stored, sinceWallMs: 2_000_000 }, now).since.monotonicMs).toBe(10);
  });
});
