// The link's machine: every state with every event, and the rules of protocol §1-3 step by step.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { step } from '../../../src/main/agent/session/session';
import {
  INITIAL_SESSION,
  type Link,
  type Moment,
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  SESSION_TIMERS,
} from '../../../src/main/agent/session/session-state';
import { ackOf, statusOf } from '../../support/scripted-scheduler';

const URL = 'ws://pool:7080';
const identity = { nodeId: 'node-1', nodeToken: 'secret-1' };
const now: Moment = { wallMs: 1_000_000, monotonicMs: 50_000, random: 0.5 };
const since = 900_000;

const links = {
  idle: { state: 'idle' },
  'waiting for the profile': { state: 'waiting', since, for: 'profile' },
  'waiting for a wake': { state: 'waiting', since, for: 'wake' },
  connecting: { state: 'connecting', since },
  unregistered: { state: 'unregistered', since, conflicted: false },
  registered: {
    state: 'registered',
    since,
    sinceMonotonicMs: 45_000,
    nodeId: 'node-1',
    heartbeatIntervalMs: 15_000,
    warmingUp: false,
    pendingChange: null,
  },
  stopping: { state: 'stopping', since },
  reconnecting: { state: 'reconnecting', since, nextTryAt: 1_000_500, cause: 'refused' },
  'refused for its hardware': { state: 'refused', since, refusal: { code: 'NO_GPU_AVAILABLE', message: 'm', details: null } },
  'refused for its token': { state: 'refused', since, refusal: { code: 'UNAUTHORIZED', message: 'm', details: null } },
  removed: { state: 'refused', since, refusal: { code: 'REMOVED', message: 'm', details: null } },
  replaced: { state: 'refused', since, refusal: { code: 'REPLACED', message: 'm', details: null } },
} satisfies Record<string, Link>;
type LinkName = keyof typeof links;

function at(name: LinkName, fields: Partial<SessionState> = {}): SessionState {
  return {
    ...INITIAL_SESSION,
    target: name === 'idle' ? null : { url: URL, identity },
    profileKnown: true,
    failures: 1,
    link: links[name],
    ...fields,
  };
}

const error = (code: string): SessionEvent => ({ type: 'message', message: { type: 'node_error', code, message: 'm', details: null } });

const events = {
  'connect_to another': { type: 'connect_to', target: { url: 'ws://other', identity: null } },
  'connect_to none': { type: 'connect_to', target: null },
  profile_known: { type: 'profile_known' },
  'hardware changed': { type: 'profile_changed', hardware: true },
  'models changed': { type: 'profile_changed', hardware: false },
  socket_opened: { type: 'socket_opened' },
  'connect_failed: refused': { type: 'connect_failed', cause: 'refused', httpStatus: null, retryAfterMs: null },
  'connect_failed: 401': { type: 'connect_failed', cause: 'http_401', httpStatus: 401, retryAfterMs: null },
  'connect_failed: 503': { type: 'connect_failed', cause: 'http_503', httpStatus: 503, retryAfterMs: 20_000 },
  heard: { type: 'heard' },
  ack: { type: 'message', message: ackOf() },
  job_result_ack: { type: 'message', message: { type: 'job_result_ack', job_id: 'j', attempt: 1 } },
  'status ready': { type: 'message', message: statusOf() },
  'status offline': { type: 'message', message: statusOf({ status: 'offline', reason_code: 'drain_complete' }) },
  'status of another node': { type: 'message', message: statusOf({ node_id: 'node-9' }) },
  NO_GPU_AVAILABLE: error('NO_GPU_AVAILABLE'),
  INVALID_CAPABILITY_SCHEMA: error('INVALID_CAPABILITY_SCHEMA'),
  INVALID_MESSAGE: error('INVALID_MESSAGE'),
  NODE_ID_CONFLICT: error('NODE_ID_CONFLICT'),
  NOT_REGISTERED: error('NOT_REGISTERED'),
  INTERNAL_ERROR: error('INTERNAL_ERROR'),
  'an unknown code': error('SOMETHING_NEW'),
  'closed 1006': { type: 'socket_closed', code: 1006, cause: 'connection_lost', reason: '' },
  'closed 4002': { type: 'socket_closed', code: 4002, cause: 'closed_4002', reason: '' },
  'closed 4003': { type: 'socket_closed', code: 4003, cause: 'closed_4003', reason: '' },
  'connect due': { type: 'timer_due', timer: 'connect' },
  'answer due': { type: 'timer_due', timer: 'answer' },
  'backoff due': { type: 'timer_due', timer: 'backoff' },
  'heartbeat due': { type: 'timer_due', timer: 'heartbeat' },
  'change due': { type: 'timer_due', timer: 'change' },
  'silence due': { type: 'timer_due', timer: 'silence' },
  'stop due': { type: 'timer_due', timer: 'stop' },
  recheck: { type: 'recheck' },
  finish: { type: 'finish', timeoutSeconds: 60 },
  resume: { type: 'resume' },
  suspend: { type: 'suspend' },
  wake: { type: 'wake' },
  stop: { type: 'stop', deadlineMs: 5000 },
} satisfies Record<string, SessionEvent>;
type EventName = keyof typeof events;

/** What becomes of the link and what is done, in short. */
function outcome(state: SessionState, event: SessionEvent): string {
  const [next, commands] = step(state, event, now);
  const { link } = next;
  const detail =
    link.state === 'waiting' ? link.for : link.state === 'reconnecting' ? link.cause : link.state === 'refused' ? link.refusal.code : '';
  const place = `${link.state}${detail === '' ? '' : `(${detail})`}`;
  return [next.link === state.link ? 'stays' : place, ...commands.filter(({ type }) => type !== 'clear_timers').map(brief)].join(' | ');
}

function brief(command: SessionCommand): string {
  switch (command.type) {
    case 'set_timer':
      return `${command.timer} in ${String(command.delayMs)}`;
    case 'clear_timer':
      return `no ${command.timer}`;
    case 'register':
      return `register ${command.identity?.nodeId ?? 'anew'}`;
    case 'send':
      return command.message.type;
    case 'open_socket':
      return `open ${command.url}`;
    case 'notice':
      return command.code;
    default:
      return command.type;
  }
}

const opens = `connecting | open ${URL} | connect in 10000`;
const fails = (cause: string) => `reconnecting(${cause}) | close_socket | backoff in 1000`;
const lost = (cause: string) => `reconnecting(${cause}) | backoff in 1000`;
const cuts = (cause: string) => `reconnecting(${cause}) | terminate_socket | backoff in 1000`;
const moves = 'connecting | open ws://other | connect in 10000';
const ends = 'idle | close_socket | stopped';
const beats = 'heartbeat | heartbeat in 15000';

/** Every cell that does something; all others leave the link and do nothing. */
const cells: Record<LinkName, Partial<Record<EventName, string>>> = {
  idle: { 'connect_to another': moves, 'connect_to none': 'idle', stop: 'idle | stopped' },
  'waiting for the profile': {
    'connect_to another': moves,
    'connect_to none': 'idle',
    profile_known: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  'waiting for a wake': {
    'connect_to another': moves,
    'connect_to none': 'idle',
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  connecting: {
    'connect_to another': `connecting | close_socket | open ws://other | connect in 10000`,
    'connect_to none': 'idle | close_socket',
    socket_opened: 'unregistered | no connect | register node-1 | answer in 10000 | silence in 45000',
    'connect_failed: refused': fails('refused'),
    'connect_failed: 401': 'refused(UNAUTHORIZED) | close_socket',
    'connect_failed: 503': 'reconnecting(http_503) | close_socket | backoff in 20000',
    heard: 'stays | silence in 45000',
    'closed 1006': lost('connection_lost'),
    'closed 4002': 'refused(REPLACED) | replaced_by_newer_connection',
    'closed 4003': 'refused(REMOVED) | removed_by_operator',
    'connect due': cuts('timeout'),
    'silence due': cuts('silent'),
    suspend: 'waiting(wake) | close_socket',
    wake: 'waiting(profile) | close_socket',
    stop: ends,
  },
  unregistered: {
    'connect_to another': `connecting | close_socket | open ws://other | connect in 10000`,
    'connect_to none': 'idle | close_socket',
    heard: 'stays | silence in 45000',
    ack: 'registered | no answer | save_identity | heartbeat | heartbeat in 3000',
    NO_GPU_AVAILABLE: 'refused(NO_GPU_AVAILABLE) | close_socket',
    INVALID_CAPABILITY_SCHEMA: 'refused(INVALID_CAPABILITY_SCHEMA) | close_socket',
    INVALID_MESSAGE: 'refused(INVALID_MESSAGE) | close_socket',
    NODE_ID_CONFLICT: 'unregistered | delete_identity | register anew | answer in 10000',
    NOT_REGISTERED: fails('NOT_REGISTERED'),
    INTERNAL_ERROR: fails('INTERNAL_ERROR'),
    'an unknown code': fails('SOMETHING_NEW'),
    'closed 1006': lost('connection_lost'),
    'closed 4002': 'refused(REPLACED) | replaced_by_newer_connection',
    'closed 4003': 'refused(REMOVED) | removed_by_operator',
    'answer due': cuts('no_answer'),
    'silence due': cuts('silent'),
    suspend: 'waiting(wake) | close_socket',
    wake: 'waiting(profile) | close_socket',
    stop: ends,
  },
  registered: {
    'connect_to another': 'connecting | node_unregister | close_socket | open ws://other | connect in 10000',
    'connect_to none': 'idle | node_unregister | close_socket',
    'hardware changed': 'registered | change in 1000',
    'models changed': 'registered | change in 1000',
    heard: 'stays | silence in 45000',
    ack: 'registered | no answer | save_identity | heartbeat | heartbeat in 3000',
    'status ready': 'registered',
    'status offline': 'registered',
    NODE_ID_CONFLICT: fails('NODE_ID_CONFLICT'),
    NOT_REGISTERED: fails('NOT_REGISTERED'),
    'closed 1006': lost('connection_lost'),
    'closed 4002': 'refused(REPLACED) | replaced_by_newer_connection',
    'closed 4003': 'refused(REMOVED) | removed_by_operator',
    'heartbeat due': `stays | ${beats}`,
    'silence due': cuts('silent'),
    finish: 'stays | node_drain',
    resume: 'stays | node_resume',
    suspend: 'waiting(wake) | close_socket',
    wake: 'waiting(profile) | close_socket',
    stop: 'stopping | node_drain | stop in 5000',
  },
  stopping: {
    heard: 'stays | silence in 45000',
    'status offline': ends,
    'closed 1006': 'idle | stopped',
    'closed 4002': 'idle | stopped',
    'closed 4003': 'idle | stopped',
    'silence due': 'idle | terminate_socket | stopped',
    'stop due': ends,
    stop: ends,
  },
  reconnecting: {
    'connect_to another': moves,
    'connect_to none': 'idle',
    'backoff due': opens,
    recheck: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  'refused for its hardware': {
    'connect_to another': moves,
    'connect_to none': 'idle',
    'hardware changed': opens,
    'models changed': opens,
    recheck: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  'refused for its token': {
    'connect_to another': moves,
    'connect_to none': 'idle',
    recheck: opens,
    suspend: 'waiting(wake)',
    wake: 'waiting(profile)',
    stop: 'idle | stopped',
  },
  removed: { 'connect_to another': moves, 'connect_to none': 'idle', recheck: opens, stop: 'idle | stopped' },
  replaced: { 'connect_to another': moves, 'connect_to none': 'idle', recheck: opens, stop: 'idle | stopped' },
};

describe.each(Object.keys(links) as LinkName[])('a link that is %s', (name) => {
  test.each(Object.keys(events) as EventName[])('answers "%s"', (event) => {
    expect(outcome(at(name), events[event])).toBe(cells[name][event] ?? 'stays');
  });
});

test('a wake before the machine is known does not connect until it is', () => {
  const [woken] = step(at('registered'), { type: 'wake' }, now);
  const [still] = step(woken, { type: 'recheck' }, now);
  expect(still.link.state).toBe('waiting');
  expect(step(woken, { type: 'profile_known' }, now)[0].link.state).toBe('connecting');
});

test('a profile that becomes known while the machine sleeps does not wake the link', () => {
  expect(outcome(at('waiting for a wake', { profileKnown: false }), { type: 'profile_known' })).toBe('stays');
});

describe('a conflict of node ids', () => {
  const conflicted = at('unregistered', {
    link: { state: 'unregistered', since, conflicted: true },
    target: { url: URL, identity: null },
    replacedNodeId: 'node-1',
  });

  test('forgets the identity, and tells the owner once the new id is known', () => {
    const [after] = step(at('unregistered'), events.NODE_ID_CONFLICT, now);
    expect(after).toEqual(conflicted);
    const [accepted, commands] = step(after, { type: 'message', message: ackOf({ node_id: 'node-2', node_token: 'secret-2' }) }, now);
    expect(commands.at(-1)).toEqual({
      type: 'notice',
      code: 'node_id_replaced',
      details: { old_node_id: 'node-1', new_node_id: 'node-2', scheduler_url: URL },
    });
    expect(accepted).toMatchObject({ replacedNodeId: null, target: { identity: { nodeId: 'node-2', nodeToken: 'secret-2' } } });
  });

  test('twice on one connection closes it, and the next connection may try once more', () => {
    const [after] = step(conflicted, events.NODE_ID_CONFLICT, now);
    expect(after.link).toMatchObject({ state: 'reconnecting', cause: 'NODE_ID_CONFLICT' });
    expect(after.replacedNodeId).toBe('node-1');
  });

  test('without an id of ours is the scheduler’s affair: later again', () => {
    expect(outcome(at('unregistered', { target: { url: URL, identity: null } }), events.NODE_ID_CONFLICT)).toBe(fails('NODE_ID_CONFLICT'));
  });
});

describe('heartbeats', () => {
  test('are fast again when warming up begins again', () => {
    expect(outcome(at('registered'), { type: 'message', message: statusOf({ status: 'registering', reason_code: 'resumed' }) })).toBe(
      'registered | heartbeat in 3000',
    );
  });

  test('keep their timer while warming up goes on', () => {
    const warming = at('registered', { link: { ...links.registered, warmingUp: true } });
    expect(outcome(warming, { type: 'message', message: statusOf({ status: 'registering', reason_code: 'registered' }) })).toBe(
      'registered',
    );
  });

  test('tell changes one second after the first of them, together', () => {
    const [once] = step(at('registered'), events['models changed'], now);
    expect(outcome(once, events['models changed'])).toBe('registered');
    const [twice] = step(once, events['models changed'], now);
    expect(outcome(twice, events['change due'])).toBe(`registered | ${beats}`);
  });

  test('give way to a registration when the hardware changed', () => {
    const [models] = step(at('registered'), events['models changed'], now);
    const [both] = step(models, events['hardware changed'], now);
    const [andModels] = step(both, events['models changed'], now);
    expect(outcome(andModels, events['change due'])).toBe('registered | register node-1');
  });
});

describe('the owner’s wish to finish', () => {
  const [wishing] = step(at('registered'), events.finish, now);

  test('is repeated after each registration', () => {
    expect(outcome({ ...wishing, link: links.unregistered }, events.ack)).toBe(
      'registered | no answer | save_identity | heartbeat | heartbeat in 3000 | node_drain',
    );
  });

  test.each([
    ['resume', step(wishing, events.resume, now)[0]],
    [
      'a resume by the operator',
      step(wishing, { type: 'message', message: statusOf({ status: 'registering', reason_code: 'resumed' }) }, now)[0],
    ],
    ['another pool', step(wishing, events['connect_to another'], now)[0]],
  ])('ends with %s', (_name, state) => {
    expect(state.finishWish).toBeNull();
  });

  test('outlives a periodic push that repeats an old resume', () => {
    const [state] = step(
      wishing,
      { type: 'message', message: statusOf({ status: 'registering', reason_code: 'resumed', periodic: true }) },
      now,
    );
    expect(state.finishWish).toEqual({ timeoutSeconds: 60 });
  });
});

describe('failures', () => {
  const held = (heldMs: number) =>
    at('registered', { failures: 3, link: { ...links.registered, sinceMonotonicMs: now.monotonicMs - heldMs } });

  test.each([
    [29_999, 4, 4000],
    [30_000, 1, 500],
  ])('after a registration that held %i ms count %i', (heldMs, failures, delayMs) => {
    const [next, commands] = step(held(heldMs), events['closed 1006'], now);
    expect(next.failures).toBe(failures);
    expect(commands.at(-1)).toEqual({ type: 'set_timer', timer: 'backoff', delayMs });
  });

  test('are forgotten when the owner names another scheduler, with all that the first one said', () => {
    const [next] = step(
      at('registered', { failures: 5, nodeStatus: { receivedAt: 1, message: statusOf() } }),
      events['connect_to another'],
      now,
    );
    expect(next).toMatchObject({ failures: 0, nodeStatus: null });
  });
});

test('an agent that is drained already stops without another drain', () => {
  const drained = at('registered', {
    nodeStatus: { receivedAt: 1, message: statusOf({ status: 'offline', reason_code: 'drain_complete' }) },
  });
  expect(outcome(drained, events.stop)).toBe(ends);
});

test('the scheduler’s word is kept with the time it came, and no event but another word or another pool changes it', () => {
  const [told] = step(at('registered'), events['status ready'], now);
  expect(told.nodeStatus).toEqual({ receivedAt: now.wallMs, message: statusOf() });
  const quiet = Object.values(events).filter((event) => event.type !== 'connect_to' && event.type !== 'message');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...quiet)), (history) => {
      expect(history.reduce<SessionState>((state, event) => step(state, event, now)[0], told).nodeStatus).toBe(told.nodeStatus);
    }),
  );
});

test('whatever happens, one socket at most is open, nothing is sent without one, and timers run only where they mean something', () => {
  const meaningful: Readonly<Record<Link['state'], readonly string[]>> = {
    idle: [],
    waiting: [],
    connecting: ['connect', 'silence'],
    unregistered: ['answer', 'silence'],
    registered: ['heartbeat', 'change', 'silence'],
    stopping: ['stop', 'silence'],
    reconnecting: ['backoff'],
    refused: [],
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.values(events)), { maxLength: 60 }), (history) => {
      let state = INITIAL_SESSION;
      let open = false;
      const timers = new Set<string>();
      for (const event of history) {
        // Sockets and timers speak only while they are there.
        if (event.type === 'timer_due' && !timers.delete(event.timer)) continue;
        const ofSocket = ['socket_opened', 'connect_failed', 'message', 'heard', 'socket_closed'].includes(event.type);
        if (ofSocket && !open) continue;
        if (event.type === 'socket_opened' && state.link.state !== 'connecting') continue;
        if (event.type === 'socket_closed' || event.type === 'connect_failed') open = false;
        const [next, commands] = step(state, event, now);
        for (const command of commands) {
          if (command.type === 'open_socket') {
            expect(open).toBe(false);
            open = true;
          }
          if (command.type === 'close_socket' || command.type === 'terminate_socket') open = false;
          if (command.type === 'send' || command.type === 'register' || command.type === 'heartbeat') expect(open).toBe(true);
          if (command.type === 'set_timer') timers.add(command.timer);
          if (command.type === 'clear_timer') timers.delete(command.timer);
          if (command.type === 'clear_timers') timers.clear();
        }
        state = next;
        expect(SESSION_TIMERS.filter((timer) => timers.has(timer) && !meaningful[state.link.state].includes(timer))).toEqual([]);
        const socketStates = ['connecting', 'unregistered', 'registered', 'stopping'];
        expect(open).toBe(socketStates.includes(state.link.state));
      }
    }),
    { numRuns: 2000 },
  );
});
