// The state machine of the link: rules of protocol §1-3 over several steps, and invariants of every history.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { step } from '../../../../src/main/agent/session/session';
import { INITIAL_SESSION, type Link, SESSION_TIMERS, type SessionState } from '../../../../src/main/agent/session/session-state';
import { ackOf, statusOf } from '../../../support/scripted-scheduler';
import { at, events, type LinkName, links, now, outcome, since, URL } from './session-states';

const fails = (cause: string) => `reconnecting(${cause}) | close_socket | backoff in 1000`;
const ends = 'idle | close_socket | stopped';
const beats = 'heartbeat | heartbeat in 15000';

test('wake: profile not known yet -> connects when it is known', () => {
  const [woken] = step(at('registered'), { type: 'wake' }, now);
  const [rechecked] = step(woken, { type: 'recheck' }, now);
  expect(rechecked.link.state).toBe('waiting');
  expect(step(woken, { type: 'profile_known' }, now)[0].link.state).toBe('connecting');
});

test('sleep: profile known -> link stays waiting', () => {
  expect(outcome(at('waiting for a wake', { profileKnown: false }), { type: 'profile_known' })).toBe('stays');
});

describe('NODE_ID_CONFLICT', () => {
  const conflicted = at('unregistered', {
    link: { state: 'unregistered', sinceWallMs: since, conflicted: true },
    target: { url: URL, identity: null },
    replacedNodeId: 'node-1',
  });

  test('identity deleted, notice when the new id is known', () => {
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

  test('second conflict on one connection -> reconnects, the next connection may request a new id', () => {
    const [after] = step(conflicted, events.NODE_ID_CONFLICT, now);
    expect(after.link).toMatchObject({ state: 'reconnecting', cause: 'NODE_ID_CONFLICT' });
    expect(after.replacedNodeId).toBe('node-1');
  });

  test('without an own id -> reconnects', () => {
    expect(outcome(at('unregistered', { target: { url: URL, identity: null } }), events.NODE_ID_CONFLICT)).toBe(fails('NODE_ID_CONFLICT'));
  });
});

describe('NOT_REGISTERED on the connection of a registered node', () => {
  const [renewing] = step(at('registered'), events.NOT_REGISTERED, now);

  test('further answers to messages that were on their way -> one registration', () => {
    expect(outcome(renewing, events.NOT_REGISTERED)).toBe('stays');
  });

  test('acknowledged -> registered on the same connection, as proven as before; the next time it registers again', () => {
    const proven = { ...renewing, target: { url: URL, identity: { nodeId: 'node-1', nodeToken: 'secret-1', provesToken: true } } };
    const [renewed] = step(proven, events.ack, now);
    expect(renewed).toMatchObject({ link: { state: 'registered' }, target: { identity: { provesToken: true } } });
    expect(outcome(renewed, events.NOT_REGISTERED)).toBe('registered | register node-1 | answer in 10000');
  });

  test('no answer -> connects again', () => {
    expect(outcome(renewing, events['answer due'])).toBe('reconnecting(no_answer) | terminate_socket | backoff in 1000');
  });
});

describe('heartbeat', () => {
  test('warm-up starts again -> short interval', () => {
    expect(outcome(at('registered'), { type: 'message', message: statusOf({ status: 'registering', reason_code: 'resumed' }) })).toBe(
      'registered | heartbeat in 3000',
    );
  });

  test('warm-up goes on -> timer unchanged', () => {
    const warming = at('registered', { link: { ...links.registered, warmingUp: true } });
    expect(outcome(warming, { type: 'message', message: statusOf({ status: 'registering', reason_code: 'registered' }) })).toBe(
      'registered',
    );
  });

  test('several changes -> one heartbeat, one second after the first change', () => {
    const [once] = step(at('registered'), events['models changed'], now);
    expect(outcome(once, events['models changed'])).toBe('registered');
    const [twice] = step(once, events['models changed'], now);
    expect(outcome(twice, events['change due'])).toBe(`registered | ${beats}`);
  });

  test('hardware changed -> registration instead of a heartbeat', () => {
    const [models] = step(at('registered'), events['models changed'], now);
    const [both] = step(models, events['hardware changed'], now);
    const [andModels] = step(both, events['models changed'], now);
    expect(outcome(andModels, events['change due'])).toBe('registered | register node-1');
  });
});

describe('paused by the owner', () => {
  const pause = events.pause.pause;
  const [paused] = step(at('registered'), events.pause, now);
  const resumed = statusOf({ status: 'registering', reason_code: 'resumed' });

  test('sent with reason and end', () => {
    const until = { reason_code: 'owner', until: 5_000, timeout_seconds: 0 } as const;
    expect(step(at('registered'), { type: 'set_pause', pause: until }, now)[1]).toEqual([
      { type: 'send', message: { type: 'node_drain', node_id: 'node-1', reason: 'paused_by_owner', ...until } },
    ]);
  });

  test('sent again after each registration', () => {
    expect(outcome({ ...paused, link: links.unregistered }, events.ack)).toBe(
      'registered | no answer | save_identity | heartbeat | heartbeat in 3000 | node_drain',
    );
  });

  test.each(Object.keys(links).filter((name) => name !== 'registered') as LinkName[])('link %s -> kept, nothing sent', (name) => {
    const [state, commands] = step(at(name), events.pause, now);
    expect([state.pause, commands]).toEqual([pause, []]);
  });

  test.each<readonly [string, SessionState]>([
    ['another pool', step(paused, events['connect_to another'], now)[0]],
    ['no pool', step(paused, events['connect_to none'], now)[0]],
    ['a lost connection', step(paused, events['closed 1006'], now)[0]],
    ['a sleep', step(paused, events.suspend, now)[0]],
    ['a resume by an operator', step(paused, { type: 'message', message: resumed }, now)[0]],
  ])('kept over %s', (_name, state) => {
    expect(state.pause).toEqual(pause);
  });

  test('the same pause again -> nothing sent; another one -> sent', () => {
    expect(outcome(paused, events.pause)).toBe('stays');
    expect(outcome(paused, { type: 'set_pause', pause: { ...pause, until: 9 } })).toBe('stays | node_drain');
  });

  test('resumed by its owner -> node_resume, once', () => {
    expect(outcome(paused, events.share)).toBe('stays | node_resume');
    expect(outcome(step(paused, events.share, now)[0], events.share)).toBe('stays');
  });

  test('resumed while the registration is not answered -> node_resume after the answer', () => {
    const [waiting] = step({ ...paused, link: links.unregistered }, events.share, now);
    expect(outcome(waiting, events.ack)).toBe('registered | no answer | save_identity | heartbeat | heartbeat in 3000 | node_resume');
    const [again] = step(waiting, events.pause, now);
    expect(outcome(again, events.ack)).toBe('registered | no answer | save_identity | heartbeat | heartbeat in 3000 | node_drain');
  });

  test('older scheduler resumes it for an operator -> paused again, unless the status is a repetition', () => {
    expect(outcome(paused, { type: 'message', message: resumed })).toBe('registered | node_drain | heartbeat in 3000');
    expect(outcome(paused, { type: 'message', message: { ...resumed, periodic: true } })).toBe('registered | heartbeat in 3000');
  });
});

describe('failure count', () => {
  const registeredFor = (heldMs: number) =>
    at('registered', { failures: 3, link: { ...links.registered, sinceMonotonicMs: now.monotonicMs - heldMs } });

  test.each([
    [59_999, 4, 4000],
    [60_000, 1, 500],
  ])('registration lasted %i ms -> %i failures', (heldMs, failures, delayMs) => {
    const [next, commands] = step(registeredFor(heldMs), events['closed 1006'], now);
    expect(next.failures).toBe(failures);
    expect(commands.at(-1)).toEqual({ type: 'set_timer', timer: 'backoff', delayMs });
  });

  test('another scheduler -> failures and status reset', () => {
    const [next] = step(
      at('registered', { failures: 5, nodeStatus: { receivedAtWallMs: 1, message: statusOf() } }),
      events['connect_to another'],
      now,
    );
    expect(next).toMatchObject({ failures: 0, nodeStatus: null });
  });
});

test('connect_to: same scheduler, other token -> reconnects without unregistering', () => {
  const again = { type: 'connect_to', target: { url: URL, identity: null } } as const;
  expect(outcome(at('registered'), again)).toBe(`connecting | close_socket | open ${URL} | connect in 10000`);
});

test('stop: drained already -> no second drain', () => {
  const drained = at('registered', {
    nodeStatus: { receivedAtWallMs: 1, message: statusOf({ status: 'offline', reason_code: 'drain_complete' }) },
  });
  expect(outcome(drained, events.stop)).toBe(ends);
});

test('status: stored with its time of arrival, changed only by another status or another scheduler', () => {
  const [withStatus] = step(at('registered'), events['status ready'], now);
  expect(withStatus.nodeStatus).toEqual({ receivedAtWallMs: now.wallMs, message: statusOf() });
  const quiet = Object.values(events).filter((event) => event.type !== 'connect_to' && event.type !== 'message');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...quiet)), (history) => {
      expect(history.reduce<SessionState>((state, event) => step(state, event, now)[0], withStatus).nodeStatus).toBe(withStatus.nodeStatus);
    }),
  );
});

test('invariants: at most one open socket, nothing sent without a socket, timers only in states that use them', () => {
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
        // Sockets and timers cause events only while they exist.
        if (event.type === 'timer_due' && !timers.delete(event.timer)) continue;
        const ofSocket = ['socket_opened', 'connect_failed', 'message', 'activity', 'socket_closed'].includes(event.type);
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
