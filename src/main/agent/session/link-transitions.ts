// Transitions of the link that several events share: open, reconnect later, refused, evicted, socket closed, ended.
import { CLOSE_CODES, messageOf, type NodeErrorCode } from '../../../shared/protocol/codes';
import type { ReportedPause } from '../../../shared/protocol/pauses';
import { heartbeatDelayMs, moveDelayMs, reconnectDelayMs } from './delays';
import { presentUrlOf, urlsOf, withNextUrl } from './pool-urls';
import type {
  Link,
  SessionInstant,
  NoticeCode,
  SchedulerRefusal,
  SessionCommand,
  SessionEvent,
  SessionState,
  SessionStep,
  Target,
} from './session-state';

export const CONNECT_TIMEOUT_MS = 10_000;
/** The scheduler closes a connection without a registration after 10 s (protocol §1). The ack gets the same time. */
export const ANSWER_TIMEOUT_MS = 10_000;
/**
 * A registration that lasted this long resets the failures. Above the longest wait, so that a scheduler which accepts nodes and fails
 * soon after does not get them back without a wait.
 */
export const LASTING_REGISTRATION_MS = 60_000;

export const NOT_LEADER = 'NOT_LEADER' satisfies NodeErrorCode;

/** The member has not the role of a node, and uses the pool in its other roles. */
export const NOT_A_NODE = 'NOT_A_NODE';
/** The owner may give the role back at any time. */
const ROLE_RETRY_MS = 30_000;

/** Another one of the pool has a higher epoch. */
export const OLDER_LEADER = 'older_leader';

/** A member that does not lead has answered, so another one leads within seconds. The wait after the round is then at most 4 s. */
const MAX_FAILURES_WITHOUT_LEADER = 2;

export const hasSocket = (link: Link): boolean =>
  link.state === 'connecting' || link.state === 'unregistered' || link.state === 'registered' || link.state === 'stopping';

/** Opens a socket now, or as soon as hardware and models are known. */
export function open(state: SessionState, now: SessionInstant): SessionStep {
  if (state.target === null) return [state, []];
  if (!state.profileKnown)
    return [{ ...state, link: { state: 'waiting', sinceWallMs: now.wallMs, for: 'profile' } }, [{ type: 'clear_timers' }]];
  return [
    { ...state, link: { state: 'connecting', sinceWallMs: now.wallMs } },
    [
      { type: 'clear_timers' },
      { type: 'open_socket', url: presentUrlOf(state.target), ...secretOf(state.target) },
      { type: 'set_timer', timer: 'connect', delayMs: CONNECT_TIMEOUT_MS },
    ],
  ];
}

function secretOf({ credential, joinToken }: Target): { readonly secret?: string } {
  const secret = credential ?? joinToken ?? null;
  return secret === null ? {} : { secret };
}

/**
 * The scheduler refused the secret of the upgrade. An invitation may be newer than the credential, for example after the scheduler lost
 * its database, or after a revoked member was invited again.
 */
export function onSecretRefused(state: SessionState, code: 'UNAUTHORIZED' | 'REVOKED', now: SessionInstant): SessionStep {
  const { target } = state;
  if (target?.credential != null && target.joinToken != null)
    return open({ ...state, target: { ...target, credential: null, isRevoked: code === 'REVOKED' } }, now);
  // The invitation of a revoked member is used up, and a first credential is unknown: the credential has the reason.
  const cause = target?.isRevoked === true ? 'REVOKED' : code;
  return refuse(state, { code: cause, message: messageOf(cause), details: null }, now);
}

/** The next heartbeat follows after a whole interval. */
export function heartbeatNow(state: SessionState, link: Extract<Link, { state: 'registered' }>, now: SessionInstant): SessionStep {
  const delayMs = heartbeatDelayMs(link.heartbeatIntervalMs, link.warmingUp, now.random);
  return [
    state,
    [
      { type: 'heartbeat', nodeId: link.nodeId },
      { type: 'set_timer', timer: 'heartbeat', delayMs },
    ],
  ];
}

const hasLasted = ({ link }: SessionState, now: SessionInstant): boolean =>
  link.state === 'registered' && now.monotonicMs - link.sinceMonotonicMs >= LASTING_REGISTRATION_MS;

/** Ends this connection and schedules the next attempt at the same address: its scheduler leads the pool, since it answered. */
export function retryLater(state: SessionState, cause: string, now: SessionInstant, retryAfterMs: number | null): SessionStep {
  const failures = hasLasted(state, now) ? 0 : state.failures;
  const delayMs = reconnectDelayMs(failures, now.random, retryAfterMs);
  return reconnectIn(delayMs, { ...state, failures: failures + 1, triedUrls: 0 }, cause, now);
}

/**
 * Ends this connection and tries the next address of the pool. Waits when no address has led to a lasting registration since the last
 * wait. A pool with one address waits after each failure.
 */
export function tryNext(state: SessionState, cause: string, now: SessionInstant, retryAfterMs: number | null = null): SessionStep {
  const { target, link } = state;
  if (target === null) return retryLater(state, cause, now, retryAfterMs);
  const maxFailures = cause === NOT_LEADER || cause === OLDER_LEADER ? MAX_FAILURES_WITHOUT_LEADER : Infinity;
  const moved: SessionState = { ...state, target: withNextUrl(target), failures: Math.min(state.failures, maxFailures) };
  const isLasting = hasLasted(state, now);
  const triedUrls = isLasting ? 0 : state.triedUrls + 1;
  const count = urlsOf(target).length;
  if (count === 1 || triedUrls >= count) return retryLater(moved, cause, now, retryAfterMs);
  const failures = isLasting ? 0 : moved.failures;
  return reconnectIn(moveDelayMs(link.state === 'registered', now.random), { ...moved, failures, triedUrls }, cause, now);
}

function reconnectIn(delayMs: number, state: SessionState, cause: string, now: SessionInstant): SessionStep {
  const link: Link = { state: 'reconnecting', sinceWallMs: now.wallMs, nextTryAtWallMs: now.wallMs + delayMs, cause };
  return [{ ...state, link }, [...disconnect(state.link), { type: 'set_timer', timer: 'backoff', delayMs }]];
}

/** Stops connecting until another event allows a new attempt. The view shows the refusal. */
export function refuse(state: SessionState, refusal: SchedulerRefusal, now: SessionInstant): SessionStep {
  return [{ ...state, link: { state: 'refused', sinceWallMs: now.wallMs, refusal } }, disconnect(state.link)];
}

/** The owner took the role of a node from the member. The refusal is shown until the scheduler accepts the node again. */
export function withoutRole(state: SessionState, now: SessionInstant): SessionStep {
  const { link } = state;
  const [refused, commands] = refuse(state, { code: NOT_A_NODE, message: messageOf('FORBIDDEN'), details: null }, now);
  const next = link.state === 'connecting' && link.refused !== undefined ? { ...refused, link: link.refused } : refused;
  return [next, [...commands, { type: 'set_timer', timer: 'backoff', delayMs: ROLE_RETRY_MS }]];
}

/** Asks again whether the member may be a node. */
export function askForRole(state: SessionState, now: SessionInstant): SessionStep {
  const [next, commands] = open(state, now);
  const { link } = state;
  return link.state === 'refused' && next.link.state === 'connecting'
    ? [{ ...next, link: { ...next.link, refused: link } }, commands]
    : [next, commands];
}

const disconnect = (link: Link): readonly SessionCommand[] => [
  { type: 'clear_timers' },
  ...(hasSocket(link) ? [{ type: 'close_socket' } as const] : []),
];

/** The socket closed. After an eviction the link stays refused; after any other cause it reconnects (protocol §1, close codes). */
export function onSocketClosed(
  state: SessionState,
  event: Extract<SessionEvent, { type: 'socket_closed' }>,
  now: SessionInstant,
): SessionStep {
  if (!hasSocket(state.link)) return [state, []];
  if (state.link.state === 'stopping')
    return [{ ...state, target: null, link: { state: 'idle' } }, [{ type: 'clear_timers' }, { type: 'stopped' }]];
  if (event.code === CLOSE_CODES.replaced) return evicted(state, 'REPLACED', 'replaced_by_newer_connection', event.reason, now);
  if (event.code === CLOSE_CODES.revoked) return evicted(state, 'REVOKED', 'member_revoked', event.reason, now);
  if (event.code === CLOSE_CODES.notANode) {
    const [next, commands] = withoutRole(state, now);
    return [next, [...commands.filter(({ type }) => type !== 'close_socket'), endNotice(state, 'node_role_lost')]];
  }
  if (event.code === CLOSE_CODES.removed) return evicted(state, 'REMOVED', 'removed_by_operator', event.reason, now);
  const [next, commands] = tryNext(state, event.cause, now);
  return [next, commands.filter((command) => command.type !== 'close_socket')];
}

function evicted(state: SessionState, code: string, notice: NoticeCode, reason: string, now: SessionInstant): SessionStep {
  const [next] = refuse(state, { code, message: reason, details: null }, now);
  return [next, [{ type: 'clear_timers' }, endNotice(state, notice)]];
}

/** Why the scheduler ended the registration. */
function endNotice({ link, target }: SessionState, code: NoticeCode): SessionCommand {
  const nodeId = link.state === 'registered' ? link.nodeId : (target?.identity?.nodeId ?? '');
  return { type: 'notice', code, details: { node_id: nodeId, scheduler_url: target === null ? '' : presentUrlOf(target) } };
}

/** The end of the session: only closes the socket. */
export function ended(state: SessionState): SessionStep {
  const socket = hasSocket(state.link) ? [{ type: 'close_socket' } as const] : [];
  return [{ ...state, target: null, link: { state: 'idle' } }, [{ type: 'clear_timers' }, ...socket, { type: 'stopped' }]];
}

/** The pause as a message. An older scheduler shows only `reason`. */
export const toDrain = (nodeId: string, pause: ReportedPause) =>
  ({ type: 'node_drain', node_id: nodeId, reason: 'paused_by_owner', ...pause }) as const;

/** The agent ends once its jobs have ended, and after the time in any case. */
export const toStop = (nodeId: string, timeoutMs: number) =>
  ({ type: 'node_drain', node_id: nodeId, reason: 'agent_stops', timeout_seconds: timeoutMs / 1000 }) as const;

export const toResume = (nodeId: string) => ({ type: 'node_resume', node_id: nodeId }) as const;
