// Drain, heartbeat timeout and expiry beyond the table of transitions: whole records and effects, thresholds, chains of events.
import { describe, expect, test } from 'vitest';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { beats, byNode, byOperator, deadline, play, played } from './play';
import { aDrain, aRecord, at, aUsage, healthyBeat, jobReleased, POLICY } from './records';

describe('drain', () => {
  test('neither scheduler nor node counts a job -> drained', () => {
    const start = aRecord({ assignedJobs: 1, usage: aUsage({ runningJobs: 2 }) });
    const released = played(start, [
      [1000, byOperator],
      [2000, jobReleased()],
    ]);
    expect(released.status).toBe('draining');
    const beaten = played(released, [[3000, healthyBeat({ usage: aUsage({ runningJobs: 1 }) })]]);
    expect(beaten.status).toBe('draining');
    expect(played(beaten, [[4000, healthyBeat()]])).toMatchObject({
      status: 'offline',
      reasonCode: 'drain_complete',
      drain: { reason: 'new fan' },
    });
  });

  const busy = aRecord({ assignedJobs: 1 });
  test.each<readonly [string, readonly (readonly [number, NodeEvent])[], object]>([
    [
      'operator, then operator: replaced',
      [
        [0, byOperator],
        [5000, { ...byOperator, reason: 'now', timeoutMs: 1000 }],
      ],
      { by: 'operator', reason: 'now', requestedAt: at(5000), timeoutMs: 1000 },
    ],
    [
      'node, then operator: replaced',
      [
        [0, byNode],
        [5000, byOperator],
      ],
      { by: 'operator', reason: 'new fan', requestedAt: at(5000), timeoutMs: 60_000 },
    ],
    [
      'node, then node: replaced',
      [
        [0, byNode],
        [5000, byNode],
      ],
      { by: 'node', reason: 'game night', requestedAt: at(5000), timeoutMs: 10_000 },
    ],
    [
      'operator, then node with an earlier deadline: deadline replaced',
      [
        [0, byOperator],
        [5000, byNode],
      ],
      { by: 'operator', reason: 'new fan', requestedAt: at(0), timeoutMs: 15_000 },
    ],
    [
      'operator, then node with a later deadline: ignored',
      [
        [0, byOperator],
        [55_000, byNode],
      ],
      { by: 'operator', reason: 'new fan', requestedAt: at(0), timeoutMs: 60_000 },
    ],
    [
      'no timeout: the timeout of the policy',
      [[0, { ...byOperator, timeoutMs: null }]],
      { by: 'operator', reason: 'new fan', requestedAt: at(0), timeoutMs: POLICY.drainTimeoutMs },
    ],
  ])('several requests, %s', (_case, steps, drain) => {
    expect(played(busy, steps).drain).toEqual(drain);
  });

  test('deadline reached -> offline, jobs requeued, counted until released', () => {
    const draining = played(busy, [[0, byOperator]]);
    const alive = { ...draining, lastSeen: at(59_000) };
    expect(play(alive, [[59_999, deadline]])).toEqual([alive, []]);
    const [record, effects] = play(alive, [[60_000, deadline]]);
    expect(record).toMatchObject({ status: 'offline', reasonCode: 'drain_timeout', online: true, assignedJobs: 1 });
    expect(effects.at(-1)).toEqual({ type: 'requeue_jobs', cause: 'drain_timeout', jobs: 1 });
    expect(played(record, [[60_001, jobReleased()]])).toMatchObject({
      status: 'offline',
      reasonCode: 'drain_timeout',
      assignedJobs: 0,
    });
  });

  test('resume -> warm-up starts again with an empty health history', () => {
    const start = played(aRecord(), [...beats('ooo'), [4000, byOperator]]);
    expect(start.status).toBe('offline');
    const resumed = played(start, [[100_000, { type: 'resume_requested', by: 'operator' }]]);
    expect(resumed).toMatchObject({ status: 'registering', reasonCode: 'resumed', drain: null, registeredAt: at(100_000) });
    expect(resumed.health).toEqual({ window: [], consecutiveSuccesses: 0, consecutiveFailures: 0, lastCheck: null });
  });

  test('heartbeat of a connected drained node -> data updated, status kept', () => {
    const drained = aRecord({ status: 'offline', reasonCode: 'drain_complete', drain: aDrain() });
    const record = played(drained, [[1000, healthyBeat({ maxConcurrentJobs: 2, usage: aUsage({ cpuPercent: 77 }) })]]);
    expect(record).toMatchObject({
      status: 'offline',
      since: at(0),
      lastSeen: at(1000),
      lastHeartbeatAtWallMs: at(1000).wallMs,
      profile: { maxConcurrentJobs: 2 },
      usage: { cpuPercent: 77 },
    });
    expect(record.health.window).toEqual([true]);
  });
});

describe('heartbeat timeout', () => {
  const timeoutMs = POLICY.heartbeatTimeoutMs;

  test('deadline reached -> offline, with the delay until it was noticed', () => {
    const node = aRecord();
    expect(play(node, [[timeoutMs - 1, deadline]])).toEqual([node, []]);
    const [record, effects] = play(node, [[timeoutMs + 300, deadline]]);
    expect(record).toMatchObject({
      status: 'offline',
      reasonCode: 'heartbeat_timeout',
      online: false,
      since: at(timeoutMs + 300),
      lastSeen: at(0),
    });
    expect(effects[0]).toEqual({ type: 'heartbeat_timed_out', lastSeenAtWallMs: at(0).wallMs, lateMs: 300 });
    expect(effects[1]).toEqual({
      type: 'status_changed',
      from: 'ready',
      to: 'offline',
      reasonCode: 'heartbeat_timeout',
      msInPrevious: timeoutMs + 300,
      record,
    });
    expect(effects[2]).toEqual({ type: 'close_socket', code: 4004 });
  });

  test('not connected -> no socket to close', () => {
    const [, effects] = play(aRecord({ online: false }), [[timeoutMs, deadline]]);
    expect(effects.map(({ type }) => type)).toEqual(['heartbeat_timed_out', 'status_changed']);
  });

  test('drained node -> disconnected, jobs not requeued again', () => {
    const drained = aRecord({ status: 'offline', reasonCode: 'drain_timeout', drain: aDrain(), assignedJobs: 1 });
    const [record, effects] = play(drained, [[timeoutMs, deadline]]);
    expect(record).toEqual({ ...drained, online: false });
    expect(effects).toEqual([
      { type: 'heartbeat_timed_out', lastSeenAtWallMs: at(0).wallMs, lateMs: 0 },
      { type: 'close_socket', code: 4004 },
    ]);
  });

  test('connection lost -> status kept, a late heartbeat is refused', () => {
    const lost = played(aRecord(), [[1000, { type: 'connection_lost', isAsleep: false }]]);
    expect(lost).toEqual({ ...aRecord(), online: false });
    expect(play(lost, [[1001, healthyBeat()]])).toEqual([lost, [{ type: 'refused', code: 'not_connected' }]]);
  });

  test('heartbeat after a gap longer than the timeout -> failed check, unless within the grace period', () => {
    const late = played(aRecord(), [[timeoutMs + 1, healthyBeat()]]);
    expect(late.health.lastCheck?.failedChecks.map(({ code }) => code)).toEqual(['heartbeat_late']);
    const forgiven = played(aRecord(), [[timeoutMs + 1, { ...healthyBeat(), graceUntilMonotonicMs: timeoutMs + 1 } as NodeEvent]]);
    expect(forgiven.health.lastCheck?.ok).toBe(true);
  });

  test('drained node -> retention begins with the last heartbeat', () => {
    const drained = aRecord({
      status: 'offline',
      reasonCode: 'drain_complete',
      drain: aDrain({ by: 'node' }),
      lastSeen: at(50_000_000),
      online: false,
    });
    expect(play(drained, [[50_000_000 + POLICY.offlineRetentionMs - 1, deadline]])).toEqual([drained, []]);
    expect(play(drained, [[50_000_000 + POLICY.offlineRetentionMs, deadline]])).toEqual([
      null,
      [{ type: 'removed', reasonCode: 'expired', record: drained }],
    ]);
  });
});
