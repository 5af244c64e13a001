// The session over the addresses of one pool (ADR 0053): which address follows, and when the agent waits.
import { describe, expect, test } from 'vitest';
import { pingIntervalMs, step } from '../../../../src/main/agent/session/session';
import { configuredUrls, presentUrlOf, urlsOf, usableUrls } from '../../../../src/main/agent/session/pool-urls';
import type { SessionEvent, SessionState, Target } from '../../../../src/main/agent/session/session-state';
import { ackOf } from '../../../support/scripted-scheduler';
import { at, events, links, now, outcome } from './session-states';

const [A, B, C] = ['wss://a:7080', 'wss://b:7080', 'wss://c:7080'] as const;
const target: Target = { url: A, learnedUrls: [A, B, C], identity: { nodeId: 'node-1', nodeToken: 'secret-1' }, credential: 'mn_1' };

const failed = (fields: Partial<Extract<SessionEvent, { type: 'connect_failed' }>> = {}) =>
  ({ type: 'connect_failed', cause: 'refused', httpStatus: null, retryAfterMs: null, ...fields }) as const;
const notLeader = failed({ cause: 'http_503', httpStatus: 503, errorCode: 'NOT_LEADER' });
const errorOf = (code: string): SessionEvent => ({ type: 'message', message: { type: 'node_error', code, message: 'm' } });
const heldFor = (heldMs: number) => ({ ...links.registered, sinceMonotonicMs: now.monotonicMs - heldMs });
const connecting = at('connecting', { failures: 0, target });
const lasting = at('registered', { failures: 3, target, link: heldFor(60_000) });
const short = at('registered', { failures: 0, target, link: heldFor(59_999) });

/** What follows the events: the address after each, and the delay before it. A due backoff is an event of its own. */
function pathOf(state: SessionState, history: readonly SessionEvent[]): readonly (readonly [string, number | null])[] {
  let present = state;
  return history.map((event) => {
    const [next, commands] = step(present, event, now);
    const timer = commands.find((command) => command.type === 'set_timer' && command.timer === 'backoff');
    const [opened] = step(next, events['backoff due'], now);
    const openedUrl = next.target === null ? '' : presentUrlOf(next.target);
    present = opened.link.state === 'connecting' ? opened : next;
    return [openedUrl, timer?.type === 'set_timer' ? timer.delayMs : null];
  });
}

describe('order of the addresses', () => {
  test.each<readonly [string, SessionState, readonly SessionEvent[], readonly (readonly [string, number | null])[]]>([
    [
      'each connection fails -> all addresses at once, then the backoff, then all again',
      connecting,
      Array.from({ length: 6 }, () => failed()),
      [
        [B, 0],
        [C, 0],
        [A, 500],
        [B, 0],
        [C, 0],
        [A, 1000],
      ],
    ],
    [
      'NOT_LEADER everywhere -> the same pace',
      connecting,
      [notLeader, notLeader, notLeader, notLeader],
      [
        [B, 0],
        [C, 0],
        [A, 500],
        [B, 0],
      ],
    ],
    [
      'NOT_LEADER after many failures -> at most 4 s: another member leads within seconds',
      { ...connecting, failures: 9 },
      [notLeader, failed(), failed(), failed(), failed(), failed()],
      [
        [B, 0],
        [C, 0],
        [A, 2000],
        [B, 0],
        [C, 0],
        [A, 4000],
      ],
    ],
    [
      'lasting registration lost -> the others within half a second, then the same one, then the backoff of a first failure',
      lasting,
      [events['closed 1006'], notLeader, notLeader, failed()],
      [
        [B, 250],
        [C, 0],
        [A, 0],
        [B, 500],
      ],
    ],
    ['connection attempt times out -> next address', connecting, [events['connect due']], [[B, 0]]],
    [
      'scheduler that leads and is busy -> the same address after its time',
      connecting,
      [failed({ cause: 'http_503', httpStatus: 503, errorCode: 'OVERLOADED', retryAfterMs: 20_000 })],
      [[A, 20_000]],
    ],
    [
      'proxy without a scheduler -> next address',
      connecting,
      [failed({ cause: 'http_503', httpStatus: 503, retryAfterMs: 20_000 })],
      [[B, 0]],
    ],
    [
      'a time in the last refusal of a round -> minimum of the wait',
      { ...connecting, triedUrls: 2 },
      [{ ...notLeader, retryAfterMs: 7000 }],
      [[B, 7000]],
    ],
  ])('%s', (_case, state, history, path) => {
    expect(pathOf(state, history)).toEqual(path);
  });

  test('a scheduler accepts the node and fails soon after, again and again -> longer and longer waits', () => {
    let state = short;
    const waits: number[] = [];
    for (let loss = 0; loss < 9; loss++) {
      const [lost, commands] = step(state, events['closed 1006'], now);
      const timer = commands.find((command) => command.type === 'set_timer');
      if (timer?.type === 'set_timer') waits.push(timer.delayMs);
      state = { ...lost, link: heldFor(5000) };
    }
    expect(waits).toEqual([250, 250, 500, 250, 250, 1000, 250, 250, 2000]);
  });

  test.each([
    ['silence due', { ...links.registered, sinceMonotonicMs: now.monotonicMs }, 'reconnecting(silent) | terminate_socket | backoff in 250'],
    ['answer due', links.unregistered, 'reconnecting(no_answer) | terminate_socket | backoff in 0'],
  ] as const)('%s -> next address, socket terminated', (name, link, expected) => {
    const state = at('registered', { target, failures: 0, link });
    expect(outcome(state, events[name])).toBe(expected);
    expect(step(state, events[name], now)[0].target?.presentUrl).toBe(B);
  });

  test.each([
    ['NOT_LEADER', 'unregistered', B],
    ['INTERNAL_ERROR', 'unregistered', B],
    ['POOL_FULL', 'unregistered', A],
    ['TOO_MANY_REGISTRATIONS', 'unregistered', A],
    ['NOT_LEADER', 'registered', B],
  ] as const)('%s while %s -> %s', (code, name, url) => {
    const [next] = step(at(name, { target }), errorOf(code), now);
    expect([next.link.state, next.target === null ? '' : presentUrlOf(next.target)]).toEqual(['reconnecting', url]);
  });

  test('evicted, or refused for its profile -> no other address', () => {
    const evicted = step(short, events['closed 4003'], now)[0];
    const refused = step(at('unregistered', { target }), errorOf('NO_GPU_AVAILABLE'), now)[0];
    expect([evicted.link.state, refused.link.state, evicted.target, refused.target]).toEqual(['refused', 'refused', target, target]);
  });

  test('the owner checks again, or the computer wakes -> the present address, and a new round', () => {
    const [moved] = step({ ...connecting, triedUrls: 1 }, notLeader, now);
    expect(outcome(moved, events.recheck)).toBe(`connecting | open ${B} | connect in 10000`);
    expect(step(moved, events.wake, now)[0]).toMatchObject({ triedUrls: 0, target: { presentUrl: B } });
  });
});

describe('what holds at every address', () => {
  const atB = at('connecting', { target: { ...target, presentUrl: B } });

  test('credential and identity are shown, and kept for the first address', () => {
    expect(step(at('reconnecting', { target: { ...target, presentUrl: B } }), events['backoff due'], now)[1]).toContainEqual({
      type: 'open_socket',
      url: B,
      secret: 'mn_1',
    });
    const [opened, shown] = step(atB, events.socket_opened, now);
    const [, saved] = step(opened, { type: 'message', message: ackOf({ member_credential: 'mn_2' }) }, now);
    expect(shown).toContainEqual({ type: 'register', identity: target.identity });
    expect(saved.filter(({ type }) => type.startsWith('save_'))).toMatchObject([
      { type: 'save_identity', url: A },
      { type: 'save_credential', url: A, credential: 'mn_2' },
    ]);
  });

  test('the proof of the token at the first address is not replaced by that of another', () => {
    const proven: Target = { ...target, presentUrl: B, identity: { nodeId: 'node-1', nodeToken: 'secret-1', provesToken: true } };
    const state = at('unregistered', { target: proven });
    expect(step(state, events.ack, now)[0].target?.identity?.provesToken).toBe(true);
  });

  test('the first registration at another address -> its proof is kept, so that a forwarded port does not take the id away', () => {
    const state = at('unregistered', { target: { ...target, presentUrl: B, identity: null } });
    expect(step(state, events.ack, now)[0].target?.identity?.provesToken).toBe(false);
  });

  test.each([
    ['another program at another address', B, null, 'reconnecting'],
    ['a scheduler at another address', B, 'UNAUTHORIZED', 'refused'],
    ['an earlier scheduler at the first address', A, null, 'refused'],
  ])('401 of %s -> %s', (_case, presentUrl, errorCode, state) => {
    const refused = failed({ cause: 'http_401', httpStatus: 401, errorCode });
    expect(step(at('connecting', { target: { ...target, presentUrl } }), refused, now)[0].link.state).toBe(state);
  });
});

describe('addresses of an acknowledgement', () => {
  const ackWith = (addresses?: readonly string[]) =>
    step(
      at('unregistered', { target }),
      { type: 'message', message: ackOf(addresses === undefined ? {} : { addresses: [...addresses] }) },
      now,
    );
  const savedBy = (addresses?: readonly string[]) => ackWith(addresses)[1].filter(({ type }) => type === 'save_pool_urls');

  test('new ones are kept for the pool; the same ones are not written again', () => {
    expect(savedBy([B, 'wss://d:7080'])).toEqual([{ type: 'save_pool_urls', url: A, urls: [B, 'wss://d:7080'] }]);
    expect(savedBy([A, B, C])).toEqual([]);
  });

  test('none: an older scheduler -> those before are kept; an empty list -> forgotten', () => {
    expect([savedBy(), ackWith()[0].target?.learnedUrls]).toEqual([[], [A, B, C]]);
    expect(savedBy([])).toEqual([{ type: 'save_pool_urls', url: A, urls: [] }]);
  });

  test('the address in use is not in the list any more -> kept until it fails, then the first address', () => {
    const state = at('registered', { target: { ...target, presentUrl: 'wss://gone:7080', learnedUrls: [B] }, link: heldFor(60_000) });
    const path = pathOf(state, [events['closed 1006'], failed(), failed()]);
    expect(path.map(([url]) => url)).toEqual([A, B, A]);
  });

  test('configured addresses stay, after the learned ones, each once', () => {
    expect(urlsOf({ url: A, learnedUrls: [B, A], configuredUrls: [C, B] })).toEqual([A, B, C]);
  });

  test.each([
    ['wss://pool:7080', ['wss://b:7080', 'ws://127.0.0.1:7080', 'ws://b:7080'], ['wss://b:7080']],
    [
      'ws://127.0.0.1:7080',
      ['ws://127.0.0.1:7081', 'ws://localhost:7082', 'ws://10.0.0.9:7080', 'wss://b:7080'],
      ['ws://127.0.0.1:7081', 'ws://localhost:7082'],
    ],
    [
      'wss://pool:7080',
      ['wss://B:7080', 'wss://b', 'wss://b:7080/x', 'wss://[fe80::1%eth0]:7080', '', 'wss://[fe80::1]:7080'],
      ['wss://[fe80::1]:7080'],
    ],
    [
      'wss://pool:7080',
      Array.from({ length: 40 }, (_, i) => `wss://n${String(i % 20)}:7080`),
      Array.from({ length: 16 }, (_, i) => `wss://n${String(i)}:7080`),
    ],
  ])('pool at %s: usable ones of %j', (url, addresses, usable) => {
    expect(usableUrls(url, addresses)).toEqual(usable);
  });

  test.each([
    ['wss://pool:7080', ['10.0.0.9', '10.0.0.9:7081'], ['wss://10.0.0.9:7080', 'wss://10.0.0.9:7081']],
    ['ws://127.0.0.1:7080', ['[::1]:7081', '10.0.0.9'], ['ws://[::1]:7081']],
    ['wss://pool:7080', ['ws://10.0.0.9', 'no host', 'wss://10.0.0.9'], ['wss://10.0.0.9:443']],
  ])('pool at %s: configured %j -> %j', (url, addresses, expected) => {
    expect(configuredUrls(url, addresses)).toEqual(expected);
  });
});

test.each([
  ['several addresses: another scheduler may lead meanwhile', target, 12_000],
  ['one address', { ...target, learnedUrls: [] }, 45_000],
])('silence of %s', (_of, present, delayMs) => {
  const silence = { type: 'set_timer', timer: 'silence', delayMs };
  expect(step(at('registered', { target: present }), { type: 'activity' }, now)[1]).toEqual([silence]);
  expect(step(at('connecting', { target: present }), { type: 'socket_opened' }, now)[1]).toContainEqual(silence);
});

test.each<readonly [string, SessionState, number]>([
  ['before the registration, which may bring addresses', at('unregistered', { target: { ...target, learnedUrls: [] } }), 4000],
  ['several addresses', at('registered', { target }), 4000],
  ['one address', at('registered', { target: { ...target, learnedUrls: [] } }), 15_000],
])('pings: %s', (_case, state, everyMs) => {
  expect(pingIntervalMs(state)).toBe(everyMs);
});
