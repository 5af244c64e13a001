// Sleep and waking of a node (ADR 0033): what becomes of its jobs, what is learned, the timeout, and what a restart keeps.
import { describe, expect, test } from 'vitest';
import { mayBeWoken, WAKE_INTERVAL_MS, WAKE_TIMEOUT_MS } from '../../../../src/main/scheduler/lifecycle/node-wake';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { restoreRecord } from '../../../../src/main/scheduler/lifecycle/restore-record';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { toStoredNode } from '../../../../src/main/scheduler/nodes/core/stored-node';
import { beats, byOperator, deadline, play, played, registered } from './play';
import { aPause, aProfile, aRecord, at } from './records';

const MAC = '02:00:00:00:00:0a';
const wakeable = (change: Partial<NodeRecord> = {}) => aRecord({ profile: aProfile({ wakeMac: MAC }), ...change });
const slept: NodeEvent = { type: 'connection_lost', isAsleep: true };
const sent: NodeEvent = { type: 'wake_sent' };
const returned = registered({ profile: aProfile({ wakeMac: MAC }) });
const asleep = (change: Partial<NodeRecord> = {}) => played(wakeable(change), [[1000, slept]]);

describe('sleep', () => {
  test('jobs in flight -> requeued at once', () => {
    const [record, effects] = play(wakeable({ assignedJobs: 2 }), [[1000, slept]]);
    expect(record).toMatchObject({ status: 'offline', reasonCode: 'asleep', online: false, isAsleep: true });
    expect(effects.at(-1)).toEqual({ type: 'requeue_jobs', cause: 'asleep', jobs: 2 });
  });

  test('longer than the heartbeat timeout -> the same record: the node is not lost', () => {
    expect(play(asleep(), [[3_600_000, deadline]])).toEqual([asleep(), []]);
  });

  test('scheduler restarts -> asleep since the same time, and the last wake is known', () => {
    const waking = played(asleep(), [[2000, sent]]);
    const restored = restoreRecord(toStoredNode(waking), at(60_000));
    expect(restored).toMatchObject({ isAsleep: true, since: at(1000), wake: { sentAt: at(2000), isWaking: true, readyAfterMs: null } });
    expect(restoreRecord(toStoredNode(aRecord()), at(60_000)).isAsleep).toBe(false);
  });
});

describe('may be woken', () => {
  test.each<readonly [string, NodeRecord, boolean]>([
    ['asleep, its owner allows it', asleep(), true],
    ['its owner does not allow it', played(aRecord(), [[1000, slept]]), false],
    ['connected', wakeable(), false],
    ['disconnected, not asleep', played(wakeable(), [[1000, { type: 'connection_lost', isAsleep: false }]]), false],
    [
      'drained by an operator',
      played(wakeable(), [
        [0, byOperator],
        [1000, slept],
      ]),
      false,
    ],
    ['paused by its owner', played(wakeable({ pause: aPause() }), [[1000, slept]]), false],
    ['quarantined', played(asleep(), [[1500, { type: 'quarantine_requested', reason: null }]]), false],
    ['is being woken', played(asleep(), [[2000, sent]]), false],
  ])('%s -> %s', (_case, record, expected) => {
    expect(mayBeWoken(record, 3000)).toBe(expected);
  });

  test('slept again soon after a wake -> not before the interval has passed', () => {
    const again = played(asleep(), [[2000, sent], [5000, returned], ...beats('ooo', 6000), [20_000, slept]]);
    expect([2000 + WAKE_INTERVAL_MS - 1, 2000 + WAKE_INTERVAL_MS].map((nowMs) => mayBeWoken(again, nowMs))).toEqual([false, true]);
  });
});

describe('wake', () => {
  test('ready in time -> its time is learned, later wakes change it by half', () => {
    const [record, effects] = play(asleep(), [[2000, sent], [30_000, returned], ...beats('ooo', 31_000)]);
    expect(record?.wake).toEqual({ sentAt: at(2000), isWaking: false, readyAfterMs: 31_000 });
    expect(effects).toContainEqual({ type: 'wake_ended', outcome: 'ready', tookMs: 31_000 });
    const later = play(record, [[400_000, slept], [410_000, sent], [420_000, returned], ...beats('ooo', 421_000)])[0];
    expect(later?.wake?.readyAfterMs).toBe((31_000 + 13_000) / 2);
  });

  test('not ready at the timeout -> ended, nothing learned; a later return is no wake', () => {
    const waking = played(asleep(), [[2000, sent]]);
    expect(play(waking, [[2000 + WAKE_TIMEOUT_MS - 1, deadline]])).toEqual([waking, []]);
    const [record, effects] = play(waking, [[2000 + WAKE_TIMEOUT_MS, deadline]]);
    expect(effects).toEqual([{ type: 'wake_ended', outcome: 'timeout', tookMs: WAKE_TIMEOUT_MS }]);
    expect(record?.wake).toEqual({ sentAt: at(2000), isWaking: false, readyAfterMs: null });
    expect(play(record, [[200_000, returned], ...beats('ooo', 201_000)])[0]?.wake?.readyAfterMs).toBeNull();
  });

  test('packet for a node that is not asleep -> the same record', () => {
    const record = wakeable();
    expect(play(record, [[1000, sent]])).toEqual([record, []]);
    expect(play(null, [[1000, sent]])).toEqual([null, []]);
  });
});
