// The pause of a node by its owner beyond the table of transitions: two intents, reasons and ends, deadlines, histories.
import { describe, expect, test } from 'vitest';
import type { NodeEvent, RequestedPause } from '../../../../src/main/scheduler/lifecycle/events';
import { beats, byOperator, deadline, play, played } from './play';
import { aPause, aProfile, aRecord, at, jobReleased, POLICY } from './records';

const asked = (change: Partial<RequestedPause> = {}): NodeEvent => ({
  type: 'pause_requested',
  pause: { code: 'owner', detail: null, untilWallMs: null, timeoutMs: null, ...change },
});
const game = asked({ code: 'full_screen', detail: 'Factorio' });
const byOwner: NodeEvent = { type: 'resume_requested', by: 'node' };
const resumedByOperator: NodeEvent = { type: 'resume_requested', by: 'operator' };
const registered = (pause?: RequestedPause): NodeEvent => ({
  type: 'registered',
  nodeId: 'node-1',
  profile: aProfile(),
  ...(pause === undefined ? {} : { pause }),
});

describe('pause and drain', () => {
  test.each<readonly [string, readonly NodeEvent[], readonly [string, boolean, boolean]]>([
    ['owner pauses, operator drains: both hold', [game, byOperator], ['offline', true, true]],
    ['operator drains, owner pauses: both hold', [byOperator, game], ['offline', true, true]],
    ['owner resumes: the drain holds', [game, byOperator, byOwner], ['offline', true, false]],
    ['operator resumes: the pause holds', [game, byOperator, resumedByOperator], ['offline', false, true]],
    ['both resume: jobs again', [game, byOperator, resumedByOperator, byOwner], ['registering', false, false]],
    ['both resume, the other order: jobs again', [byOperator, game, byOwner, resumedByOperator], ['registering', false, false]],
    ['operator resumes a pause: it holds', [game, resumedByOperator], ['offline', false, true]],
    ['owner resumes a drain: it holds', [byOperator, byOwner], ['offline', true, false]],
  ])('%s', (_case, events, [status, isDrained, isPaused]) => {
    const record = played(
      aRecord(),
      events.map((event, index) => [1000 * (index + 1), event] as const),
    );
    expect([record.status, record.drain !== null, record.pause !== null]).toEqual([status, isDrained, isPaused]);
  });

  test('jobs in flight -> requeued at the earlier deadline', () => {
    const both = played(aRecord({ assignedJobs: 1 }), [
      [0, { ...byOperator, timeoutMs: 30_000 }],
      [1000, asked({ timeoutMs: 10_000 })],
    ]);
    const alive = { ...both, lastSeen: at(10_000) };
    expect(play(alive, [[10_999, deadline]])).toEqual([alive, []]);
    const [record, effects] = play(alive, [[11_000, deadline]]);
    expect([record?.status, effects.at(-1)]).toEqual(['offline', { type: 'requeue_jobs', cause: 'drain_timeout', jobs: 1 }]);
  });
});

describe('pause', () => {
  test('another end -> keeps its beginning; another reason -> a new beginning', () => {
    const paused = played(aRecord(), [[1000, game]]);
    const atFirst = { code: 'full_screen', detail: 'Factorio', since: at(1000), startedAt: at(1000) } as const;
    expect(paused.pause).toEqual(aPause(atFirst));
    const extended = played(paused, [[2000, asked({ code: 'full_screen', detail: 'Factorio', untilWallMs: 9 })]]);
    expect(extended.pause).toEqual(aPause({ ...atFirst, untilWallMs: 9 }));
    expect(played(extended, [[3000, asked()]]).pause).toEqual(aPause({ since: at(3000), startedAt: at(1000) }));
  });

  test('another reason while jobs finish -> their deadline stays', () => {
    const { drainTimeoutMs } = POLICY;
    const pausing = played(aRecord({ assignedJobs: 1 }), [
      [0, asked()],
      [drainTimeoutMs - 1000, game],
    ]);
    const alive = { ...pausing, lastSeen: at(drainTimeoutMs) };
    expect(play(alive, [[drainTimeoutMs - 1, deadline]])[1]).toEqual([]);
    const [record, effects] = play(alive, [[drainTimeoutMs, deadline]]);
    expect([record?.status, effects.at(-1)]).toEqual(['offline', { type: 'requeue_jobs', cause: 'drain_timeout', jobs: 1 }]);
  });

  test('the same pause again -> the same record', () => {
    const paused = played(aRecord(), [[1000, game]]);
    expect(play(paused, [[2000, game]])).toEqual([paused, []]);
  });

  test('its end by the clock of the node has passed -> holds until the node ends it', () => {
    const paused = played(aRecord(), [[0, asked({ untilWallMs: at(500).wallMs })]]);
    expect(played(paused, [[10_000, deadline]]).pause).not.toBeNull();
  });

  test('jobs finish -> paused when the last one ends', () => {
    const pausing = played(aRecord({ assignedJobs: 1 }), [[0, asked()]]);
    expect(pausing).toMatchObject({ status: 'draining', pause: { timeoutMs: POLICY.drainTimeoutMs } });
    expect(played(pausing, [[5000, jobReleased()]])).toMatchObject({ status: 'offline', reasonCode: 'drain_complete' });
  });

  test('jobs move while they finish -> requeued at once, each once', () => {
    const pausing = played(aRecord({ assignedJobs: 2 }), [[0, asked()]]);
    const [moved, effects] = play(pausing, [[1000, asked({ timeoutMs: 0 })]]);
    expect(effects.at(-1)).toEqual({ type: 'requeue_jobs', cause: 'drain_timeout', jobs: 2 });
    if (moved === null) throw new Error('no record');
    expect(play(moved, [[2000, asked({ timeoutMs: 0 })]])[1]).toEqual([]);
    expect(play(moved, [[2000, deadline]])[1]).toEqual([]);
  });

  test('registration with the pause -> holds, with its beginning; without -> ended', () => {
    const paused = played(aRecord(), [
      [1000, game],
      [2000, { type: 'connection_lost', isAsleep: false }],
    ]);
    const request = { code: 'full_screen', detail: 'Factorio', untilWallMs: null, timeoutMs: null } as const;
    expect(played(paused, [[9000, registered(request)]])).toMatchObject({ status: 'offline', online: true, pause: { since: at(1000) } });
    expect(played(paused, [[9000, registered()]])).toMatchObject({ status: 'registering', pause: null });
  });

  test('resumed -> warm-up starts again, ready after its checks', () => {
    const resumed = played(aRecord(), [
      [0, asked()],
      [500, byOwner],
    ]);
    expect(resumed).toMatchObject({ status: 'registering', reasonCode: 'resumed', pause: null, registeredAt: at(500) });
    expect(played(resumed, beats('ooo')).status).toBe('ready');
  });
});
