// Draining and pausing a node (lifecycle §1, ADR 0026). The drain of an operator and the pause of the owner are separate intents: each is
// ended only by the side that made it, and the node gets jobs only when neither holds.
import type { Effect, NodeEvent, RequestedPause, Transition } from './events';
import { NO_CHECKS } from './health-history';
import type { DrainIntent, Instant, NodeRecord, OwnerPause } from './node-record';
import type { LifecyclePolicy } from './policy';
import { enter, finishDrainAtDeadline, refused, startDraining } from './status-change';

type DrainRequested = Extract<NodeEvent, { type: 'drain_requested' }>;
type ResumeRequested = Extract<NodeEvent, { type: 'resume_requested' }>;
type PauseRequested = Extract<NodeEvent, { type: 'pause_requested' }>;

export function onDrainRequested(record: NodeRecord, event: DrainRequested, now: Instant, policy: LifecyclePolicy): Transition {
  const { by, reason } = event;
  const request: DrainIntent = { by, reason, requestedAt: now, timeoutMs: event.timeoutMs ?? policy.drainTimeoutMs };
  if (record.status === 'offline' && record.drain !== null) return refused(record, 'already_drained');
  const drain = record.drain === null || record.status !== 'draining' ? request : combined(record.drain, request);
  return drain === record.drain ? [record, []] : started(record, { drain }, now);
}

/** A later request replaces an earlier one. But a request by the node only shortens the timeout of a drain by an operator. */
function combined(current: DrainIntent, request: DrainIntent): DrainIntent {
  if (request.by === 'operator' || current.by === 'node') return request;
  const timeoutMs = request.requestedAt.monotonicMs + request.timeoutMs - current.requestedAt.monotonicMs;
  return timeoutMs < current.timeoutMs ? { ...current, timeoutMs } : current;
}

export function onPauseRequested(record: NodeRecord, event: PauseRequested, now: Instant, policy: LifecyclePolicy): Transition {
  const pause = pauseOf(record.pause, event.pause, now, policy);
  return pause === record.pause ? [record, []] : started(record, { pause }, now);
}

/** The same object when the request changes nothing. A pause keeps its beginning while its reason stays. */
export function pauseOf(current: OwnerPause | null, request: RequestedPause, now: Instant, policy: LifecyclePolicy): OwnerPause {
  const { code, detail, untilWallMs } = request;
  const timeoutMs = request.timeoutMs ?? policy.drainTimeoutMs;
  if (current?.code !== code || current.detail !== detail)
    return { code, detail, untilWallMs, timeoutMs, since: now, startedAt: current?.startedAt ?? now };
  if (current.untilWallMs === untilWallMs && current.timeoutMs === timeoutMs) return current;
  return { ...current, untilWallMs, timeoutMs };
}

/** A node without jobs that is paused or drained stays offline when the other intent comes. */
function started(record: NodeRecord, intent: Partial<Pick<NodeRecord, 'drain' | 'pause'>>, now: Instant): Transition {
  const effects: Effect[] = [];
  const next: NodeRecord = { ...record, ...intent };
  switch (record.status) {
    case 'offline':
      // A connected node is offline only when it is drained or paused.
      return record.online ? [next, effects] : refused(record, 'node_offline');
    case 'draining':
      return [finishDrainAtDeadline(next, now, effects), effects];
    case 'registering':
    case 'ready':
    case 'degraded':
      return [startDraining(next, now, effects), effects];
  }
}

export function onResumeRequested(record: NodeRecord, { by }: ResumeRequested, now: Instant): Transition {
  const { drain, pause } = record;
  if (drain === null && pause === null) return refused(record, 'not_drained');
  if (by === 'operator' && drain === null) return refused(record, 'paused_by_owner');
  if (by === 'node' && pause === null && drain?.by === 'operator') return refused(record, 'drained_by_operator');
  if (!record.online) return refused(record, 'not_connected');
  const left = by === 'operator' ? { drain: null, pause } : { drain: drain?.by === 'operator' ? drain : null, pause: null };
  const next: NodeRecord = { ...record, ...left };
  if (next.drain !== null || next.pause !== null) return [next, []];
  // The node starts again as after a registration.
  const effects: Effect[] = [];
  return [enter({ ...next, registeredAt: now, health: NO_CHECKS }, 'registering', 'resumed', now, effects), effects];
}
