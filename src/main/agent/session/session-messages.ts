// What each message of the scheduler does to the link (protocol §3). The status it pushes is kept word for word.
import { assertNever } from '../../../shared/assert-never';
import type { NodeError, NodeRegisterAck, NodeStatusMessage, SchedulerMessage } from '../../../shared/protocol/scheduler-messages';
import { ANSWER_TIMEOUT_MS, drainOf, refuse, retryLater, stopped } from './link-moves';
import { heartbeatDelayMs } from './pace';
import type { Moment, SessionCommand, SessionState, Step } from './session-state';

export function onMessage(state: SessionState, message: SchedulerMessage, now: Moment): Step {
  switch (message.type) {
    case 'node_register_ack':
      return onAck(state, message, now);
    case 'node_error':
    case 'error':
      return onError(state, message, now);
    case 'node_status':
      return onStatus(state, message, now);
    // Jobs are the job runner's; they change nothing about the link.
    case 'job_assign':
    case 'job_cancel':
    case 'job_result_ack':
      return [state, []];
    default:
      return assertNever(message);
  }
}

function onAck(state: SessionState, ack: NodeRegisterAck, now: Moment): Step {
  const { link, target } = state;
  if ((link.state !== 'unregistered' && link.state !== 'registered') || target === null) return [state, []];
  const again = link.state === 'registered' ? link : null;
  const identity = { nodeId: ack.node_id, nodeToken: ack.node_token };
  const heartbeatIntervalMs = ack.heartbeat_interval_seconds * 1000;
  const next: SessionState = {
    ...state,
    target: { ...target, identity },
    replacedNodeId: null,
    link: {
      state: 'registered',
      since: again?.since ?? now.wallMs,
      sinceMonotonicMs: again?.sinceMonotonicMs ?? now.monotonicMs,
      nodeId: ack.node_id,
      heartbeatIntervalMs,
      warmingUp: true,
      pendingChange: again?.pendingChange ?? null,
    },
  };
  const commands: SessionCommand[] = [
    { type: 'clear_timer', timer: 'answer' },
    { type: 'save_identity', url: target.url, identity },
    { type: 'heartbeat', nodeId: ack.node_id },
    { type: 'set_timer', timer: 'heartbeat', delayMs: heartbeatDelayMs(heartbeatIntervalMs, true, now.random) },
  ];
  // A node's own wish to drain ends with a registration (lifecycle §1): the owner's still stands.
  if (state.finishWish !== null) commands.push({ type: 'send', message: drainOf(ack.node_id, state.finishWish.timeoutSeconds) });
  if (state.replacedNodeId !== null) {
    commands.push({
      type: 'notice',
      code: 'node_id_replaced',
      details: { old_node_id: state.replacedNodeId, new_node_id: ack.node_id, scheduler_url: target.url },
    });
  }
  return [next, commands];
}

const PROFILE_REFUSALS: readonly string[] = ['NO_GPU_AVAILABLE', 'INVALID_CAPABILITY_SCHEMA', 'INVALID_MESSAGE'];

/** The scheduler refused this machine's profile: the same profile would be refused again, a changed one may not be. */
export const isProfileRefusal = (code: string): boolean => PROFILE_REFUSALS.includes(code);

function onError(state: SessionState, error: NodeError, now: Moment): Step {
  switch (state.link.state) {
    case 'unregistered':
      if (error.code === 'NODE_ID_CONFLICT') return onConflict(state, now);
      if (isProfileRefusal(error.code))
        return refuse(state, { code: error.code, message: error.message, details: error.details ?? null }, now);
      return retryLater(state, error.code, now, null);
    case 'registered':
      // The scheduler does not know this connection any more: only a new one helps. Other errors concern one message.
      return error.code === 'NOT_REGISTERED' || error.code === 'NODE_ID_CONFLICT' ? retryLater(state, error.code, now, null) : [state, []];
    default:
      return [state, []];
  }
}

/** Another node has this id: ours is deleted and a new one asked for, once per connection (protocol §2, Node id). */
function onConflict(state: SessionState, now: Moment): Step {
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

function onStatus(state: SessionState, message: NodeStatusMessage, now: Moment): Step {
  const { link, target } = state;
  if (message.node_id !== target?.identity?.nodeId) return [state, []];
  const told: SessionState = { ...state, nodeStatus: { receivedAt: now.wallMs, message } };
  if (link.state === 'stopping') return message.status === 'offline' ? stopped(told) : [told, []];
  if (link.state !== 'registered') return [state, []];
  const warmingUp = message.status === 'registering';
  const resumedElsewhere = message.reason_code === 'resumed' && message.periodic !== true;
  const next: SessionState = { ...told, finishWish: resumedElsewhere ? null : state.finishWish, link: { ...link, warmingUp } };
  if (!warmingUp || link.warmingUp) return [next, []];
  // Warming up began again: the next beat was set for the slow pace.
  return [next, [{ type: 'set_timer', timer: 'heartbeat', delayMs: heartbeatDelayMs(link.heartbeatIntervalMs, true, now.random) }]];
}
