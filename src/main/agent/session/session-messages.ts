// Handles the scheduler's messages (protocol §3): acks, errors and status. A pushed status is stored unchanged.
import { assertNever } from '../../../shared/assert-never';
import type {
  LoadRequest,
  NodeError,
  NodeRegisterAck,
  NodeStatusMessage,
  SchedulerMessage,
} from '../../../shared/protocol/scheduler-messages';
import {
  NOT_LEADER,
  OLDER_LEADER,
  ANSWER_TIMEOUT_MS,
  heartbeatNow,
  toDrain,
  toResume,
  toStop,
  refuse,
  retryLater,
  tryNext,
  ended,
} from './link-transitions';
import { heartbeatDelayMs } from './delays';
import { epochAfter, isOlderLeader } from './leader-epochs';
import { isSameList, presentUrlOf, usableUrls } from './pool-urls';
import type { Link, SessionInstant, SessionCommand, SessionState, SessionStep, Target } from './session-state';

type Stopping = Extract<Link, { state: 'stopping' }>;

export function onMessage(state: SessionState, message: SchedulerMessage, now: SessionInstant): SessionStep {
  switch (message.type) {
    case 'node_register_ack':
      return onAck(state, message, now);
    case 'node_error':
    case 'error':
      return onError(state, message, now);
    case 'node_status':
      return onStatus(state, message, now);
    // Other parts of the agent handle jobs and models. They do not change the link.
    case 'job_assign':
    case 'job_cancel':
    case 'job_result_ack':
    case 'model_control':
      return [state, []];
    case 'load_request':
      return onLoadRequest(state, message, now);
    default:
      return assertNever(message);
  }
}

function onAck(state: SessionState, ack: NodeRegisterAck, now: SessionInstant): SessionStep {
  const { link, target } = state;
  if (target === null || (link.state !== 'unregistered' && link.state !== 'registered' && link.state !== 'stopping')) return [state, []];
  if (isOlderLeader(state, ack.leader_epoch, now)) return onOlderLeader(state, ack, target, now);
  if (link.state === 'stopping') return stopAgain(state, link, now);
  const previous = link.state === 'registered' ? link : null;
  // A program that forwards the port makes the addresses differ, and each proof fail.
  const isProvenHere = ack.proves_token_at !== undefined && link.state === 'unregistered' && ack.proves_token_at === link.peer;
  // The proof of the first address is the one that is kept, or that of the scheduler that issued the token.
  const isKept = presentUrlOf(target) === target.url || target.identity === null;
  const provesToken = link.state === 'registered' || !isKept ? target.identity?.provesToken : isProvenHere;
  const identity = { nodeId: ack.node_id, nodeToken: ack.node_token, provesToken };
  const heartbeatIntervalMs = ack.heartbeat_interval_seconds * 1000;
  const learnedUrls = ack.addresses == null ? null : usableUrls(target.url, ack.addresses);
  const isLearned = learnedUrls !== null && !isSameList(learnedUrls, target.learnedUrls ?? []);
  const next: SessionState = {
    ...state,
    target: {
      ...target,
      identity,
      ...(isLearned ? { learnedUrls } : {}),
      ...(ack.member_credential === undefined ? {} : { credential: ack.member_credential }),
    },
    replacedNodeId: null,
    knownEpoch: epochAfter(state, ack.leader_epoch),
    link: {
      state: 'registered',
      sinceWallMs: previous?.sinceWallMs ?? now.wallMs,
      sinceMonotonicMs: previous?.sinceMonotonicMs ?? now.monotonicMs,
      nodeId: ack.node_id,
      heartbeatIntervalMs,
      // Schedulers accept it since they send limits.
      acceptsUnknownMemory: ack.limits !== undefined,
      warmingUp: true,
      pendingChange: previous?.pendingChange ?? null,
    },
  };
  const commands: SessionCommand[] = [
    { type: 'clear_timer', timer: 'answer' },
    { type: 'save_identity', url: target.url, identity },
    ...(ack.member_credential === undefined
      ? []
      : [{ type: 'save_credential', url: target.url, credential: ack.member_credential } as const]),
    ...(isLearned ? [{ type: 'save_pool_urls', url: target.url, urls: learnedUrls } as const] : []),
    { type: 'heartbeat', nodeId: ack.node_id },
    { type: 'set_timer', timer: 'heartbeat', delayMs: heartbeatDelayMs(heartbeatIntervalMs, true, now.random) },
  ];
  // The registration had the pause. An older scheduler drops it there, and the pause may have changed since.
  if (state.pause !== null) commands.push({ type: 'send', message: toDrain(ack.node_id, state.pause) });
  else if (link.state === 'unregistered' && link.mustResume === true) commands.push({ type: 'send', message: toResume(ack.node_id) });
  if (state.replacedNodeId !== null) {
    commands.push({
      type: 'notice',
      code: 'node_id_replaced',
      details: { old_node_id: state.replacedNodeId, new_node_id: ack.node_id, scheduler_url: presentUrlOf(target) },
    });
  }
  return [next, commands];
}

/** The acknowledgement changes nothing, and no later message of this connection is read. */
function onOlderLeader(state: SessionState, ack: NodeRegisterAck, target: Target, now: SessionInstant): SessionStep {
  const [next, commands] = state.link.state === 'stopping' ? ended(state) : tryNext(state, OLDER_LEADER, now);
  const [epoch, knownEpoch] = [ack.leader_epoch ?? 0, state.knownEpoch?.epoch ?? 0];
  return [next, [{ type: 'older_leader', url: presentUrlOf(target), epoch, knownEpoch }, ...commands]];
}

/** The leader changed while the agent stops: the next one does not know that. */
function stopAgain(state: SessionState, link: Stopping, now: SessionInstant): SessionStep {
  const message = toStop(link.nodeId, Math.max(0, link.untilMonotonicMs - now.monotonicMs));
  return [{ ...state, link: { ...link, isRenewing: false } }, [{ type: 'send', message }]];
}

const PROFILE_REFUSALS: readonly string[] = ['NO_GPU_AVAILABLE', 'INVALID_CAPABILITY_SCHEMA', 'INVALID_MESSAGE'];

/** The scheduler refused this machine's profile: the same profile would be refused again, a changed one may be accepted. */
export const isProfileRefusal = (code: string): boolean => PROFILE_REFUSALS.includes(code);

/** Another scheduler of the pool may accept the registration. Other errors come from the one that leads. */
const isOfThisMember = (code: string): boolean => code === NOT_LEADER || code === 'INTERNAL_ERROR';

function onError(state: SessionState, error: NodeError, now: SessionInstant): SessionStep {
  switch (state.link.state) {
    case 'unregistered':
      if (error.code === 'NODE_ID_CONFLICT') return onConflict(state, now);
      if (isProfileRefusal(error.code))
        return refuse(state, { code: error.code, message: error.message, details: error.details ?? null }, now);
      return isOfThisMember(error.code) ? tryNext(state, error.code, now) : retryLater(state, error.code, now, null);
    case 'registered':
      if (error.code === NOT_LEADER) return tryNext(state, error.code, now);
      if (error.code === 'NOT_REGISTERED') return renew(state);
      // Other errors concern one message.
      return error.code === 'NODE_ID_CONFLICT' ? retryLater(state, error.code, now, null) : [state, []];
    case 'stopping':
      return error.code === 'NOT_REGISTERED' ? renew(state) : [state, []];
    case 'idle':
    case 'waiting':
    case 'connecting':
    case 'reconnecting':
    case 'refused':
      return [state, []];
  }
}

/** The pool has another leader, and the connection goes on. One answer follows each message that was on its way: one registration is enough. */
function renew(state: SessionState): SessionStep {
  const { link, target } = state;
  if ((link.state !== 'registered' && link.state !== 'stopping') || link.isRenewing === true) return [state, []];
  const register = { type: 'register', identity: target?.identity ?? null } as const;
  if (link.state === 'stopping') return [{ ...state, link: { ...link, isRenewing: true } }, [register]];
  return [
    { ...state, link: { ...link, isRenewing: true } },
    [register, { type: 'set_timer', timer: 'answer', delayMs: ANSWER_TIMEOUT_MS }],
  ];
}

/** Another node has this id: deletes the identity and requests a new id, once per connection (protocol §2, Node id). */
function onConflict(state: SessionState, now: SessionInstant): SessionStep {
  const { link, target } = state;
  if (link.state !== 'unregistered' || target === null) return [state, []];
  if (link.conflicted || target.identity === null) return retryLater(state, 'NODE_ID_CONFLICT', now, null);
  return [
    { ...state, target: { ...target, identity: null }, replacedNodeId: target.identity.nodeId, link: { ...link, conflicted: true } },
    [
      { type: 'delete_identity', url: target.url },
      { type: 'register', identity: null },
      { type: 'set_timer', timer: 'answer', delayMs: ANSWER_TIMEOUT_MS },
    ],
  ];
}

function onLoadRequest(state: SessionState, { node_id: nodeId }: LoadRequest, now: SessionInstant): SessionStep {
  const { link } = state;
  if (link.state !== 'registered' || link.nodeId !== nodeId) return [state, []];
  return heartbeatNow(state, link, now);
}

function onStatus(state: SessionState, message: NodeStatusMessage, now: SessionInstant): SessionStep {
  const { link, target } = state;
  if (message.node_id !== target?.identity?.nodeId) return [state, []];
  const updated: SessionState = { ...state, nodeStatus: { receivedAtWallMs: now.wallMs, message } };
  if (link.state === 'stopping') return message.status === 'offline' ? ended(updated) : [updated, []];
  if (link.state !== 'registered') return [state, []];
  const warmingUp = message.status === 'registering';
  const next: SessionState = { ...updated, link: { ...link, warmingUp } };
  const commands: SessionCommand[] = [];
  // An older scheduler lets an operator resume the node. Only the owner ends the pause.
  const isResumedElsewhere = message.reason_code === 'resumed' && message.periodic !== true;
  if (isResumedElsewhere && state.pause !== null) commands.push({ type: 'send', message: toDrain(link.nodeId, state.pause) });
  // The warm-up started again, but the timer is set for the longer interval.
  if (warmingUp && !link.warmingUp)
    commands.push({ type: 'set_timer', timer: 'heartbeat', delayMs: heartbeatDelayMs(link.heartbeatIntervalMs, true, now.random) });
  return [next, commands];
}
