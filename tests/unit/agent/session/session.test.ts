// The link's machine: the rules of protocol §1-3 that span several steps, and what holds in every history.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { step } from '../../../../src/main/agent/session/session';
import { INITIAL_SESSION, type Link, SESSION_TIMERS, type SessionState } from '../../../../src/main/agent/session/session-state';
import { ackOf, statusOf } from '../../../support/scripted-scheduler';
import { at, events, links, now, outcome, since, URL } from './session-states';

const fails = (cause: string) => `reconnecting(${cause}) | close_socket | backoff in 1000`;
const ends = 'idle | close_socket | stopped';
const beats = 'heartbeat | heartbeat in 15000';

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

test('the same scheduler with another token is joined anew without leaving its pool', () => {
  const again = { type: 'connect_to', target: { url: URL, identity: null } } as const;
  expect(outcome(at('registered'), again)).toBe(`connecting | close_socket | open ${URL} | connect in 10000`);
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
        // A socket opens or fails once, and not after it has opened.
        if ((event.type === 'socket_opened' || event.type === 'connect_failed') && state.link.state !== 'connecting') continue;
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
