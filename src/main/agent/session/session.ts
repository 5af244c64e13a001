// The state machine of the link to a scheduler: (state, event, now) -> [state, commands] (protocol §1-3). It is total: an event that
// has no meaning in a state changes nothing. session-messages.ts handles messages, SchedulerLink has the sockets, timers and files.
import { assertNever } from '../../../shared/assert-never';
import { ASLEEP_CLOSE_CODE } from '../../../shared/protocol/codes';
import { HEARTBEAT_DEBOUNCE_MS, PING_INTERVAL_MS } from '../../../shared/protocol/limits';
import type { ReportedPause } from '../../../shared/protocol/pauses';
import {
  ANSWER_TIMEOUT_MS,
  heartbeatNow,
  onSecretRefused,
  onSocketClosed,
  toDrain,
  toResume,
  toStop,
  hasSocket,
  NOT_LEADER,
  open,
  retryLater,
  tryNext,
  ended,
  askForRole,
  NOT_A_NODE,
  withoutRole,
} from './link-transitions';
import { withLoss } from './leader-epochs';
import { presentUrlOf, urlsOf } from './pool-urls';
import { isProfileRefusal, onMessage } from './session-messages';
import type { Link, SessionInstant, SessionEvent, SessionState, SessionTimer, SessionStep, Target } from './session-state';

/** Two ping intervals of the scheduler and a margin. A connection that is silent for longer is half-open. */
export const SILENCE_TIMEOUT_MS = 45_000;
/** A leader that is frozen or cut off does not close its connections, and another one leads within 8 s. */
const SILENCE_TIMEOUT_OF_SEVERAL_MS = 12_000;
/** Several fit into the timeout. */
const PING_INTERVAL_OF_SEVERAL_MS = 4000;

const hasSeveral = ({ target }: SessionState): boolean => target !== null && urlsOf(target).length > 1;
const silenceMs = (state: SessionState): number => (hasSeveral(state) ? SILENCE_TIMEOUT_OF_SEVERAL_MS : SILENCE_TIMEOUT_MS);

/** Until the next ping. The acknowledgement of a registration may bring further addresses. */
export const pingIntervalMs = (state: SessionState): number =>
  hasSeveral(state) || state.link.state !== 'registered' ? PING_INTERVAL_OF_SEVERAL_MS : PING_INTERVAL_MS;

export function step(state: SessionState, event: SessionEvent, now: SessionInstant): SessionStep {
  const [next, commands] = onEvent(state, event, now);
  return [withLoss(state, next, now), commands];
}

function onEvent(state: SessionState, event: SessionEvent, now: SessionInstant): SessionStep {
  switch (event.type) {
    case 'connect_to':
      return connectTo(state, event.target, now);
    case 'profile_known':
      return onProfileKnown(state, now);
    case 'profile_changed':
      return onProfileChanged(state, event.hardware, now);
    case 'load_crossed_limit':
    case 'model_controlled':
      return onTimer(state, 'heartbeat', now);
    case 'socket_opened':
      return onSocketOpened(state, event, now);
    case 'connect_failed':
      return onConnectFailed(state, event, now);
    case 'message':
      return onMessage(state, event.message, now);
    case 'activity':
      return hasSocket(state.link) ? [state, [{ type: 'set_timer', timer: 'silence', delayMs: silenceMs(state) }]] : [state, []];
    case 'socket_closed':
      return onSocketClosed(state, event, now);
    case 'timer_due':
      return onTimer(state, event.timer, now);
    case 'recheck':
      return state.link.state === 'refused' || state.link.state === 'reconnecting' ? open(state, now) : [state, []];
    case 'set_pause':
      return setPause(state, event.pause);
    case 'suspend':
      return suspend(state, 'wake', now);
    case 'wake':
      return wake(state, now);
    case 'stop':
      return stop(state, event.timeoutMs, now);
    default:
      return assertNever(event);
  }
}

function connectTo(state: SessionState, target: Target | null, now: SessionInstant): SessionStep {
  if (state.link.state === 'stopping') return [state, []];
  const [left, leaveCommands] = leave(state, target);
  const fresh: SessionState = { ...left, target, failures: 0, triedUrls: 0, replacedNodeId: null, knownEpoch: null, nodeStatus: null };
  if (target === null) return [fresh, leaveCommands];
  const [opened, commands] = open(fresh, now);
  return [opened, [...leaveCommands, ...commands]];
}

/** Unregisters the node, so that the scheduler removes it, unless the node reconnects to the same address with another token. */
function leave(state: SessionState, next: Target | null): SessionStep {
  const idle: SessionState = { ...state, link: { state: 'idle' } };
  if (!hasSocket(state.link)) return [idle, [{ type: 'clear_timers' }]];
  if (state.link.state !== 'registered' || state.target?.url === next?.url)
    return [idle, [{ type: 'clear_timers' }, { type: 'close_socket' }]];
  const message = { type: 'node_unregister', node_id: state.link.nodeId, reason: 'left_by_owner' } as const;
  return [idle, [{ type: 'clear_timers' }, { type: 'send', message }, { type: 'close_socket' }]];
}

function onProfileKnown(state: SessionState, now: SessionInstant): SessionStep {
  const known = { ...state, profileKnown: true };
  return state.link.state === 'waiting' && state.link.for === 'profile' ? open(known, now) : [known, []];
}

function onProfileChanged(state: SessionState, hardware: boolean, now: SessionInstant): SessionStep {
  const { link } = state;
  if (link.state === 'refused') return isProfileRefusal(link.refusal.code) ? open(state, now) : [state, []];
  if (link.state !== 'registered') return [state, []];
  const pendingChange = hardware || link.pendingChange === 'register' ? 'register' : 'heartbeat';
  const next: SessionState = { ...state, link: { ...link, pendingChange } };
  // The timer runs from the first change. If each change reset it, a steady series of changes would never be sent.
  return [next, link.pendingChange === null ? [{ type: 'set_timer', timer: 'change', delayMs: HEARTBEAT_DEBOUNCE_MS }] : []];
}

function onSocketOpened(
  state: SessionState,
  { peer, withholdsToken = false }: Extract<SessionEvent, { type: 'socket_opened' }>,
  now: SessionInstant,
): SessionStep {
  if (state.link.state !== 'connecting' || state.target === null) return [state, []];
  const { identity } = state.target;
  return [
    { ...state, link: { state: 'unregistered', sinceWallMs: now.wallMs, conflicted: false, peer } },
    [
      { type: 'clear_timer', timer: 'connect' },
      { type: 'register', identity: withholdsToken && identity !== null ? { ...identity, nodeToken: null } : identity },
      { type: 'set_timer', timer: 'answer', delayMs: ANSWER_TIMEOUT_MS },
      { type: 'set_timer', timer: 'silence', delayMs: silenceMs(state) },
    ],
  ];
}

function onConnectFailed(state: SessionState, event: Extract<SessionEvent, { type: 'connect_failed' }>, now: SessionInstant): SessionStep {
  if (state.link.state !== 'connecting') return [state, []];
  if (event.httpStatus === 401 && isOfPool(state, event)) return onSecretRefused(state, 'UNAUTHORIZED', now);
  if (event.errorCode === 'REVOKED') return onSecretRefused(state, 'REVOKED', now);
  if (event.errorCode === 'FORBIDDEN' && state.target?.credential != null) return withoutRole(state, now);
  // A scheduler that leads, and is busy. A member that does not lead sends the nodes on.
  if (event.retryAfterMs !== null && event.errorCode != null && event.errorCode !== NOT_LEADER)
    return retryLater(state, event.cause, now, event.retryAfterMs);
  return tryNext(state, event.errorCode === NOT_LEADER ? NOT_LEADER : event.cause, now, event.retryAfterMs);
}

/** A foreign program at one of several addresses must not end the attempts at the others. Schedulers of earlier versions send no code. */
const isOfPool = ({ target }: SessionState, { errorCode }: Extract<SessionEvent, { type: 'connect_failed' }>): boolean =>
  errorCode != null || target === null || presentUrlOf(target) === target.url;

function onTimer(state: SessionState, timer: SessionTimer, now: SessionInstant): SessionStep {
  const { link } = state;
  switch (timer) {
    case 'connect':
      return link.state === 'connecting' ? terminate(state, 'timeout', now) : [state, []];
    case 'answer':
      return isUnanswered(link) ? terminate(state, 'no_answer', now) : [state, []];
    case 'silence':
      return hasSocket(link) ? terminate(state, 'silent', now) : [state, []];
    case 'backoff':
      if (link.state === 'refused' && link.refusal.code === NOT_A_NODE) return askForRole(state, now);
      return link.state === 'reconnecting' ? open(state, now) : [state, []];
    case 'stop':
      return link.state === 'stopping' ? ended(state) : [state, []];
    case 'heartbeat':
      return link.state === 'registered' ? heartbeatNow(state, link, now) : [state, []];
    case 'change':
      return sendChange(state, now);
    default:
      return assertNever(timer);
  }
}

const isUnanswered = (link: Link): boolean => link.state === 'unregistered' || (link.state === 'registered' && link.isRenewing === true);

/** The peer does not answer: terminates the socket and reconnects later, or ends the session when the node is stopping. */
function terminate(state: SessionState, cause: string, now: SessionInstant): SessionStep {
  const [next, commands] = state.link.state === 'stopping' ? ended(state) : tryNext(state, cause, now);
  return [next, commands.map((command) => (command.type === 'close_socket' ? { type: 'terminate_socket' } : command))];
}

function sendChange(state: SessionState, now: SessionInstant): SessionStep {
  const { link, target } = state;
  if (link.state !== 'registered' || link.pendingChange === null) return [state, []];
  const sent: SessionState = { ...state, link: { ...link, pendingChange: null } };
  // The ack of the registration starts the next heartbeat.
  if (link.pendingChange === 'register') return [sent, [{ type: 'register', identity: target?.identity ?? null }]];
  return onTimer(sent, 'heartbeat', now);
}

/** Without a registration the pause is kept, and applies at the next one. */
function setPause(state: SessionState, pause: ReportedPause | null): SessionStep {
  const { link } = state;
  if (isSamePause(pause, state.pause)) return [state, []];
  const next: SessionState = { ...state, pause };
  if (link.state === 'unregistered') return [{ ...next, link: { ...link, mustResume: pause === null } }, []];
  if (link.state !== 'registered') return [next, []];
  return [next, [{ type: 'send', message: pause === null ? toResume(link.nodeId) : toDrain(link.nodeId, pause) }]];
}

const isSamePause = (one: ReportedPause | null, other: ReportedPause | null): boolean =>
  one?.reason_code === other?.reason_code &&
  one?.detail === other?.detail &&
  one?.until === other?.until &&
  one?.timeout_seconds === other?.timeout_seconds;

const EVICTIONS: readonly string[] = ['REMOVED', 'REPLACED', 'REVOKED'];

/** Closes the connection without leaving the pool, until the machine is awake and has been probed again. */
function suspend(state: SessionState, until: 'profile' | 'wake', now: SessionInstant): SessionStep {
  const { link } = state;
  const unknown: SessionState = { ...state, profileKnown: false };
  if (link.state === 'idle' || link.state === 'stopping') return [unknown, []];
  // The operator or a newer connection evicted this node: a sleep does not change that.
  if (link.state === 'refused' && EVICTIONS.includes(link.refusal.code)) return [unknown, []];
  const close = { type: 'close_socket', ...(until === 'wake' ? { code: ASLEEP_CLOSE_CODE } : {}) } as const;
  const commands = [{ type: 'clear_timers' }, ...(hasSocket(link) ? [close] : [])] as const;
  return [{ ...unknown, link: { state: 'waiting', sinceWallMs: now.wallMs, for: until } }, commands];
}

function wake(state: SessionState, now: SessionInstant): SessionStep {
  return suspend({ ...state, failures: 0, triedUrls: 0 }, 'profile', now);
}

function stop(state: SessionState, timeoutMs: number, now: SessionInstant): SessionStep {
  const { link } = state;
  const alreadyDrained = state.nodeStatus?.message.status === 'offline';
  if (link.state !== 'registered' || timeoutMs <= 0 || alreadyDrained) return ended(state);
  const { sinceWallMs, nodeId } = link;
  return [
    { ...state, link: { state: 'stopping', sinceWallMs, nodeId, untilMonotonicMs: now.monotonicMs + timeoutMs } },
    [
      { type: 'clear_timers' },
      { type: 'send', message: toStop(nodeId, timeoutMs) },
      { type: 'set_timer', timer: 'stop', delayMs: timeoutMs },
    ],
  ];
}
