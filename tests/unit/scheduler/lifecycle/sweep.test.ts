// Liveness when the scheduler stalls or half of the pool is lost at once.
import { describe, expect, test } from 'vitest';
import { DeadlineQueue } from '../../../../src/main/scheduler/lifecycle/deadline-queue';
import { graceUntilMonotonicMs, noteSweep, startGrace } from '../../../../src/main/scheduler/lifecycle/liveness-grace';
import { type EvictionPauseState, NO_EVICTION_PAUSE, suspiciousSilenceMs } from '../../../../src/main/scheduler/lifecycle/eviction-pause';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { LifecyclePolicy } from '../../../../src/main/scheduler/lifecycle/policy';
import { planSweep, type SweepPlan } from '../../../../src/main/scheduler/lifecycle/sweep';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { aRecord, at, healthyBeat, NO_GRACE, POLICY } from './records';

const INTERVAL_MS = 500;
const TIMEOUT_MS = POLICY.heartbeatTimeoutMs;

describe('grace period', () => {
  const started = startGrace(1000, INTERVAL_MS, POLICY);

  test('scheduler starts -> one full heartbeat timeout', () => {
    expect(graceUntilMonotonicMs(started, 1001, POLICY)).toBe(1000 + TIMEOUT_MS);
  });

  test('sweep late by two intervals -> not renewed', () => {
    const swept = noteSweep(started, 1000 + 3 * INTERVAL_MS, POLICY);
    expect(swept).toEqual({ sweepIntervalMs: INTERVAL_MS, lastSweepMonotonicMs: 2500, untilMonotonicMs: 1000 + TIMEOUT_MS });
  });

  test('sweep later than two intervals -> renewed for all nodes', () => {
    const swept = noteSweep(started, 60_000, POLICY);
    expect(swept).toEqual({ sweepIntervalMs: INTERVAL_MS, lastSweepMonotonicMs: 60_000, untilMonotonicMs: 60_000 + TIMEOUT_MS });
    expect(noteSweep(swept, 60_500, POLICY).untilMonotonicMs, 'and not again by the next').toBe(60_000 + TIMEOUT_MS);
  });

  test('heartbeat handled before the late sweep -> already renewed', () => {
    expect(graceUntilMonotonicMs(started, 60_000, POLICY)).toBe(60_000 + TIMEOUT_MS);
  });
});

/** A pool for sweeps that counts the records they read. */
class Pool {
  readonly records = new Map<string, NodeRecord>();
  readonly #queue: DeadlineQueue;
  readonly #policy: LifecyclePolicy;
  pauseState: EvictionPauseState = NO_EVICTION_PAUSE;
  lookups = 0;

  constructor(policy: LifecyclePolicy) {
    this.#policy = policy;
    this.#queue = new DeadlineQueue(policy);
  }

  add(record: NodeRecord): void {
    this.records.set(record.nodeId, record);
    this.#queue.set(record);
  }

  send(nodeId: string, event: Parameters<typeof nodeTransition>[1], nowMonotonicMs: number): void {
    const [next] = nodeTransition(this.records.get(nodeId) ?? null, event, at(nowMonotonicMs), this.#policy);
    if (next !== null) this.add(next);
  }

  sweep(nowMonotonicMs: number, grace = NO_GRACE): SweepPlan {
    this.lookups = 0;
    const recordOf = (nodeId: string): NodeRecord | undefined => {
      this.lookups++;
      return this.records.get(nodeId);
    };
    const live = [...this.records.values()].filter(({ status }) => status !== 'offline').length;
    const plan = planSweep(
      { queue: this.#queue, pauseState: this.pauseState, recordOf, live, nowMonotonicMs, graceUntilMonotonicMs: grace },
      this.#policy,
    );
    this.pauseState = plan.pauseState;
    for (const nodeId of plan.due) this.send(nodeId, { type: 'deadline_reached', graceUntilMonotonicMs: grace }, nowMonotonicMs);
    return plan;
  }
}

/** Ready nodes n0, n1, ... last seen at these ms. */
function poolSeenAt(lastSeenMs: readonly number[], policy = POLICY): Pool {
  const pool = new Pool(policy);
  lastSeenMs.forEach((ms, i) => {
    pool.add(aRecord({ nodeId: `n${String(i)}`, lastSeen: at(ms) }));
  });
  return pool;
}

describe('sweep', () => {
  test('nothing due -> no record is read', () => {
    const pool = poolSeenAt(Array.from({ length: 1000 }, (_, i) => i));
    expect(pool.sweep(TIMEOUT_MS - 1)).toEqual({ due: [], pauseState: NO_EVICTION_PAUSE });
    expect(pool.lookups).toBe(0);
  });

  test('within a grace period -> no node is due', () => {
    const pool = poolSeenAt([0, 0, 0, 0]);
    expect(pool.sweep(TIMEOUT_MS, TIMEOUT_MS + 1).due).toEqual([]);
    expect(pool.sweep(TIMEOUT_MS + 1, TIMEOUT_MS + 1).due).toHaveLength(4);
  });
});

describe('eviction pause', () => {
  const fresh = 40_000;

  test.each<readonly [string, readonly number[], boolean]>([
    ['half of ten in one sweep', [0, 0, 0, 0, 0, fresh, fresh, fresh, fresh, fresh], true],
    ['four of ten in one sweep', [0, 0, 0, 0, fresh, fresh, fresh, fresh, fresh, fresh], false],
    ['both of two: too few', [0, 0], false],
    ['all of three', [0, 0, 0], true],
    ['one of ten, four others have missed a heartbeat', [0, 2000, 4000, 9000, 15_000, fresh, fresh, fresh, fresh, fresh], true],
    [
      'one of ten, the others are between two heartbeats',
      [0, 30_000, 30_000, 30_000, 30_000, 30_000, 40_000, 40_000, 40_000, 40_000],
      false,
    ],
  ])('%s: evictions paused %s', (_case, lastSeenMs, paused) => {
    const pool = poolSeenAt(lastSeenMs);
    expect(pool.sweep(TIMEOUT_MS).pauseState.pause !== null).toBe(paused);
  });

  test('short timeout -> losses of one heartbeat interval count together, older ones do not', () => {
    const hasty = { ...POLICY, heartbeatTimeoutMs: 20_000 };
    const soon = poolSeenAt([0, 1, 15_000, 19_000, 19_000, 19_000], hasty);
    expect(soon.sweep(20_001).pauseState.pause).toBeNull();
    expect(soon.sweep(35_000).pauseState.pause).toMatchObject({ lost: 3, of: 6, missing: ['n0', 'n1', 'n2'] });

    const later = poolSeenAt([0, 1, 15_002, 19_000, 19_000, 19_000], hasty);
    later.sweep(20_001);
    expect(later.sweep(35_002).pauseState.pause).toBeNull();
  });

  test('pause -> counts and start, until a second timeout has passed', () => {
    const pool = poolSeenAt([0, 0, 0, fresh]);
    expect(pool.sweep(TIMEOUT_MS).pauseState.pause).toEqual({ lost: 3, of: 4, sinceMonotonicMs: TIMEOUT_MS, missing: ['n0', 'n1', 'n2'] });
    pool.send('n3', healthyBeat(), 2 * TIMEOUT_MS - 1000);
    expect(pool.sweep(2 * TIMEOUT_MS - 1).pauseState.pause).not.toBeNull();
    expect(pool.sweep(2 * TIMEOUT_MS).pauseState.pause).toBeNull();
  });

  test('more than half of the lost nodes return -> the pause ends', () => {
    const pool = poolSeenAt([0, 0, 0, 0]);
    pool.sweep(TIMEOUT_MS);
    const back = (nodeId: string): void => {
      pool.send(nodeId, { type: 'registered', nodeId, profile: aRecord().profile }, TIMEOUT_MS + 100);
    };
    back('n0');
    back('n1');
    expect(pool.sweep(TIMEOUT_MS + 500).pauseState.pause, 'half').toMatchObject({ lost: 4, missing: ['n2', 'n3'] });
    back('n2');
    expect(pool.sweep(TIMEOUT_MS + 1000).pauseState.pause, 'more than half').toBeNull();
  });

  test('node lost during the pause -> added to the missing nodes', () => {
    const pool = poolSeenAt([0, 0, 0, 10_000, fresh]);
    pool.sweep(TIMEOUT_MS);
    expect(pool.sweep(TIMEOUT_MS + 10_000).pauseState.pause).toMatchObject({ lost: 4, missing: ['n0', 'n1', 'n2', 'n3'] });
  });

  test('short timeout -> suspicion after one and a half intervals at least', () => {
    expect(suspiciousSilenceMs(POLICY)).toBe(30_000);
    expect(suspiciousSilenceMs({ ...POLICY, heartbeatTimeoutMs: 20_000 })).toBe(22_500);
  });
});
