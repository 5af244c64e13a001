// The epochs of the leaders of a pool (ADR 0054): which acknowledgements a node accepts, and a leader that changes while the node stops.
import { describe, expect, test } from 'vitest';
import { step } from '../../../../src/main/agent/session/session';
import { presentUrlOf } from '../../../../src/main/agent/session/pool-urls';
import type { SessionEvent, SessionState, Target } from '../../../../src/main/agent/session/session-state';
import { ackOf } from '../../../support/scripted-scheduler';
import { at, events, links, now, outcome } from './session-states';

const [A, B] = ['wss://a:7080', 'wss://b:7080'] as const;
const target: Target = { url: A, learnedUrls: [A, B], identity: { nodeId: 'node-1', nodeToken: 'secret-1' } };
const ackAt = (epoch?: number | null): SessionEvent => ({ type: 'message', message: ackOf({ leader_epoch: epoch }) });
const known = { epoch: 7, lostAtMonotonicMs: null };
const lostFor = (ms: number) => ({ epoch: 7, lostAtMonotonicMs: now.monotonicMs - ms });
const unregistered = (fields: Partial<SessionState>) => at('unregistered', { target, failures: 0, ...fields });
const registered = (fields: Partial<SessionState>) => at('registered', { target, failures: 0, ...fields });

const REFUSED = 'reconnecting(older_leader) | older_leader | close_socket | backoff in 0';
const ACCEPTED = 'registered | no answer | save_identity | heartbeat | heartbeat in 3000';

describe('an acknowledgement with an epoch', () => {
  test.each<readonly [string, SessionState['knownEpoch'], SessionEvent, string]>([
    ['the first one', null, ackAt(7), ACCEPTED],
    ['the same epoch', lostFor(1), ackAt(7), ACCEPTED],
    ['a higher one', lostFor(1), ackAt(8), ACCEPTED],
    ['a lower one within a minute after the loss', lostFor(59_999), ackAt(6), REFUSED],
    ['a lower one a minute after the loss: the pool was restored', lostFor(60_000), ackAt(6), ACCEPTED],
    ['none: an earlier version', lostFor(1), ackAt(), ACCEPTED],
    ['null', lostFor(1), ackAt(null), ACCEPTED],
  ])('%s', (_case, knownEpoch, ack, expected) => {
    expect(outcome(unregistered({ knownEpoch }), ack)).toBe(expected);
  });

  test('a lower one over an open connection -> the node leaves it', () => {
    const refused = 'reconnecting(older_leader) | older_leader | close_socket | backoff in 250';
    expect(outcome(registered({ knownEpoch: known }), ackAt(6))).toBe(refused);
  });

  test('a lower one -> the next address is tried, and the wait of a round is at most 4 s', () => {
    const [refused] = step(unregistered({ knownEpoch: lostFor(1) }), ackAt(6), now);
    expect(refused.target === null ? '' : presentUrlOf(refused.target)).toBe(B);
    const [second, commands] = step({ ...refused, failures: 9, link: links.unregistered, triedUrls: 1 }, ackAt(6), { ...now, random: 1 });
    expect(second.link).toMatchObject({ state: 'reconnecting', cause: 'older_leader' });
    expect(commands).toContainEqual({ type: 'set_timer', timer: 'backoff', delayMs: 4000 });
  });

  test('the command names the address and both epochs', () => {
    const [, commands] = step(unregistered({ knownEpoch: lostFor(1) }), ackAt(6), now);
    expect(commands).toContainEqual({ type: 'older_leader', url: A, epoch: 6, knownEpoch: 7 });
  });

  test('a refused acknowledgement changes neither the identity nor the epoch that is known', () => {
    const before = unregistered({ knownEpoch: lostFor(1) });
    const message = ackOf({ leader_epoch: 6, node_token: 'other', member_credential: 'mn_other', addresses: ['wss://evil:1'] });
    const [after] = step(before, { type: 'message', message }, now);
    expect(after.knownEpoch).toEqual(before.knownEpoch);
    expect(after.target).toEqual({ ...target, presentUrl: B });
  });
});

describe('the time of an epoch', () => {
  test.each<readonly [string, SessionEvent]>([
    ['the connection is lost', events['closed 1006']],
    ['the scheduler is silent', events['silence due']],
    ['the computer sleeps', events.suspend],
    ['the scheduler does not lead any more', { type: 'message', message: { type: 'node_error', code: 'NOT_LEADER', message: 'm' } }],
  ])('%s -> it counts from then on', (_case, event) => {
    const [after] = step(registered({ knownEpoch: known }), event, now);
    expect(after.knownEpoch).toEqual({ epoch: 7, lostAtMonotonicMs: now.monotonicMs });
  });

  test('another failure -> it counts from the loss of the registration', () => {
    const [after] = step(at('connecting', { target, knownEpoch: lostFor(500) }), events['connect_failed: refused'], now);
    expect(after.knownEpoch).toEqual(lostFor(500));
  });

  test('a registration without an epoch -> the known one stays', () => {
    expect(step(unregistered({ knownEpoch: lostFor(1) }), ackAt(), now)[0].knownEpoch).toEqual(lostFor(1));
  });

  test('another pool -> nothing is known', () => {
    expect(step(registered({ knownEpoch: known }), events['connect_to another'], now)[0].knownEpoch).toBeNull();
  });
});

describe('the leader changes while the agent stops', () => {
  test('it registers once, and tells the next leader that it stops, with the rest of the time', () => {
    const [stopping] = step(registered({}), events.stop, now);
    const [renewing, first] = step(stopping, events.NOT_REGISTERED, now);
    expect(first).toEqual([{ type: 'register', identity: target.identity }]);
    expect(step(renewing, events.NOT_REGISTERED, now)[1]).toEqual([]);
    const [again, second] = step(renewing, ackAt(8), { ...now, monotonicMs: now.monotonicMs + 2000 });
    expect(second).toEqual([
      { type: 'send', message: { type: 'node_drain', node_id: 'node-1', reason: 'agent_stops', timeout_seconds: 3 } },
    ]);
    expect(outcome(again, events['status offline'])).toBe('idle | close_socket | stopped');
  });

  test('a second change of the leader -> it registers again', () => {
    const [stopping] = step(registered({}), events.stop, now);
    const [again] = step(step(stopping, events.NOT_REGISTERED, now)[0], ackAt(8), now);
    expect(outcome(again, events.NOT_REGISTERED)).toBe('stopping | register node-1');
  });

  test('no answer -> the agent ends when its time is over', () => {
    const [renewing] = step(step(registered({}), events.stop, now)[0], events.NOT_REGISTERED, now);
    expect(outcome(renewing, events['stop due'])).toBe('idle | close_socket | stopped');
  });

  test('a leader with a lower epoch answers -> the agent ends', () => {
    const [renewing] = step(step(registered({ knownEpoch: known }), events.stop, now)[0], events.NOT_REGISTERED, now);
    expect(outcome(renewing, ackAt(8))).toBe('stopping | node_drain');
    const older = { ...renewing, knownEpoch: known };
    expect(outcome(older, ackAt(6))).toBe('idle | older_leader | close_socket | stopped');
  });
});
