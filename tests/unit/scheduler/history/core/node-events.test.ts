// Which changes of a node are events, their causes, and the bounds of the list.
import { describe, expect, test } from 'vitest';
import { isEvent, knownStateOf, stateEvent, withEvent } from '../../../../../src/main/scheduler/history/core/node-events';
import type { NodeRecord } from '../../../../../src/main/scheduler/lifecycle/node-record';
import { MAX_EVENT_NOTE, MAX_NODE_EVENTS, type NodeEvent } from '../../../../../src/shared/api/node-history';
import type { AvailabilityState } from '../../../../../src/shared/protocol/status';
import { aRecord } from '../../lifecycle/records';

const INSTANT = { wallMs: 5, monotonicMs: 5 };
const ready = aRecord({ status: 'ready', reasonCode: 'health_check_passed' });
const pause = { code: 'full_screen', detail: 'Factorio', since: INSTANT, startedAt: INSTANT, untilWallMs: null, timeoutMs: 1000 } as const;
const drain = { by: 'operator', reason: 'driver update', requestedAt: INSTANT, timeoutMs: 1000 } as const;
const quarantine = { by: 'operator', reason: 'wrong answers', since: INSTANT } as const;

describe('is an event', () => {
  test.each<[string, AvailabilityState, Partial<NodeRecord>, boolean]>([
    ['nothing changed', 'available', {}, false],
    ['a job took the last slot', 'full', {}, false],
    ['the owner uses the GPU', 'busy', {}, false],
    ['another reason of the same status', 'available', { reasonCode: 'registered' }, false],
    ['connection lost', 'disconnected', { online: false }, true],
    ['paused', 'paused', { pause }, true],
    ['drain requested', 'draining', { drain }, true],
    ['quarantined while disconnected', 'available', { quarantine }, true],
  ])('%s -> %s is an event: %s', (_what, state, change, expected) => {
    expect(isEvent(knownStateOf(ready, 'available'), { ...ready, ...change }, state)).toBe(expected);
  });

  test('pause with another end -> an event', () => {
    const known = knownStateOf({ ...ready, pause }, 'paused');
    expect(isEvent(known, { ...ready, pause: { ...pause, untilWallMs: 9 } }, 'paused')).toBe(true);
    expect(isEvent(known, { ...ready, pause: { ...pause } }, 'paused')).toBe(false);
  });
});

describe('cause of an event', () => {
  test.each<[AvailabilityState, Partial<NodeRecord>, unknown]>([
    ['full', {}, { state: 'available', cause: { type: 'status', reason_code: 'health_check_passed' } }],
    ['disconnected', { online: false, drain }, { state: 'disconnected', cause: { type: 'connection' } }],
    ['paused', { pause, drain }, { state: 'paused', cause: { type: 'pause', code: 'full_screen', until: null, note: 'Factorio' } }],
    ['paused', { pause, quarantine }, { state: 'paused', cause: { type: 'quarantine', note: 'wrong answers' } }],
    ['draining', { drain }, { state: 'draining', cause: { type: 'drain', by: 'operator', note: 'driver update' } }],
    [
      'draining',
      { drain: { ...drain, by: 'node', reason: null } },
      { state: 'draining', cause: { type: 'drain', by: 'owner', note: null } },
    ],
    ['offline', { reasonCode: 'heartbeat_timeout' }, { state: 'offline', cause: { type: 'status', reason_code: 'heartbeat_timeout' } }],
  ])('%s %j -> %j', (state, change, expected) => {
    expect(stateEvent(knownStateOf({ ...ready, ...change }, state), 7)).toEqual({ kind: 'state', at: 7, ...(expected as object) });
  });

  test('long note with a control character -> cut, without the character', () => {
    const known = knownStateOf({ ...ready, drain: { ...drain, reason: `\u202e${'x'.repeat(500)}` } }, 'draining');
    expect(stateEvent(known, 7)).toMatchObject({ cause: { note: 'x'.repeat(MAX_EVENT_NOTE) } });
  });
});

const lossAt = (at: number): NodeEvent => ({ kind: 'jobs_lost', at, cause: 'lost', jobs: 1 });

test('list: events of one instant -> each its own time, in order', () => {
  const events = [lossAt(10), lossAt(10), lossAt(8)].reduce<readonly NodeEvent[]>(withEvent, []);
  expect(events.map(({ at }) => at)).toEqual([10, 11, 12]);
});

test('list: more events than the bound, or older than a day -> the oldest are dropped', () => {
  const many = Array.from({ length: MAX_NODE_EVENTS + 5 }, (_, i) => lossAt(i)).reduce<readonly NodeEvent[]>(withEvent, []);
  expect(many).toHaveLength(MAX_NODE_EVENTS);
  expect(many[0]?.at).toBe(5);
  expect(withEvent(many, lossAt(25 * 3_600_000)).map(({ at }) => at)).toEqual([25 * 3_600_000]);
});
