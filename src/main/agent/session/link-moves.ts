// The moves between link states that several events share: open, try later, be refused, lose the socket.
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import { backoffMs, MAX_BACKOFF_MS } from './pace';
import type { Link, Moment, NoticeCode, Refusal, SessionCommand, SessionEvent, SessionState, Step } from './session-state';

export const CONNECT_TIMEOUT_MS = 10_000;
/** The scheduler closes a silent newcomer after 10 s (protocol §1); an unanswered registration is given up as soon. */
export const ANSWER_TIMEOUT_MS = 10_000;
/** A registration that held this long ends a series of failures. */
export const LASTING_REGISTRATION_MS = MAX_BACKOFF_MS;

export const hasSocket = (link: Link): boolean =>
  link.state === 'connecting' || link.state === 'unregistered' || link.state === 'registered' || link.state === 'stopping';

/** Opens a socket now, or as soon as hardware and models are known. */
export function open(state: SessionState, now: Moment): Step {
  if (state.target === null) return [state, []];
  if (!state.profileKnown) return [{ ...state, link: { state: 'waiting', since: now.wallMs, for: 'profile' } }, [{ type: 'clear_timers' }]];
  return [
    { ...state, link: { state: 'connecting', since: now.wallMs } },
    [
      { type: 'clear_timers' },
      { type: 'open_socket', url: state.target.url },
      { type: 'set_timer', timer: 'connect', delayMs: CONNECT_TIMEOUT_MS },
    ],
  ];
}

/** Gives this connection up and waits before the next try. */
export function retryLater(state: SessionState, cause: string, now: Moment, retryAfterMs: number | null): Step {
  const { link } = state;
  const lasted = link.state === 'registered' && now.monotonicMs - link.sinceMonotonicMs >= LASTING_REGISTRATION_MS;
  const failures = lasted ? 0 : state.failures;
  const delayMs = backoffMs(failures, now.random, retryAfterMs);
  return [
    { ...state, failures: failures + 1, link: { state: 'reconnecting', since: now.wallMs, nextTryAt: now.wallMs + delayMs, cause } },
    [...hangUp(link), { type: 'set_timer', timer: 'backoff', delayMs }],
  ];
}

/** Stays away until something changes, and shows why. */
export function refuse(state: SessionState, refusal: Refusal, now: Moment): Step {
  return [{ ...state, link: { state: 'refused', since: now.wallMs, refusal } }, hangUp(state.link)];
}

const hangUp = (link: Link): readonly SessionCommand[] => [
  { type: 'clear_timers' },
  ...(hasSocket(link) ? [{ type: 'close_socket' } as const] : []),
];

/** The socket closed under us: most reasons pass; being put out does not (protocol §1, close codes). */
export function closed(state: SessionState, event: Extract<SessionEvent, { type: 'socket_closed' }>, now: Moment): Step {
  if (!hasSocket(state.link)) return [state, []];
  if (state.link.state === 'stopping')
    return [{ ...state, target: null, link: { state: 'idle' } }, [{ type: 'clear_timers' }, { type: 'stopped' }]];
  if (event.code === CLOSE_CODES.replaced) return putOut(state, 'REPLACED', 'replaced_by_newer_connection', event.reason, now);
  if (event.code === CLOSE_CODES.removed) return putOut(state, 'REMOVED', 'removed_by_operator', event.reason, now);
  const [next, commands] = retryLater(state, event.cause, now, null);
  return [next, commands.filter((command) => command.type !== 'close_socket')];
}

function putOut(state: SessionState, code: string, notice: NoticeCode, reason: string, now: Moment): Step {
  const [next] = refuse(state, { code, message: reason, details: null }, now);
  const nodeId = state.link.state === 'registered' ? state.link.nodeId : (state.target?.identity?.nodeId ?? '');
  return [
    next,
    [{ type: 'clear_timers' }, { type: 'notice', code: notice, details: { node_id: nodeId, scheduler_url: state.target?.url ?? '' } }],
  ];
}

/** The end of the session: nothing is told to the scheduler but the close of the socket. */
export function stopped(state: SessionState): Step {
  const socket = hasSocket(state.link) ? [{ type: 'close_socket' } as const] : [];
  return [{ ...state, target: null, link: { state: 'idle' } }, [{ type: 'clear_timers' }, ...socket, { type: 'stopped' }]];
}

/** The drain that the owner asks for; null: the scheduler's own time limit. */
export function drainOf(nodeId: string, timeoutSeconds: number | null) {
  return {
    type: 'node_drain',
    node_id: nodeId,
    reason: 'owner_finishes',
    ...(timeoutSeconds === null ? {} : { timeout_seconds: timeoutSeconds }),
  } as const;
}
