// What members of a pool may know of each other's nodes (ADR 0030): name, GPUs, models, availability and the jobs of the pool in numbers. The
// load, limits and identifiers belong to the owner of a node, and texts may name people. A field of `NodeView` that is not listed here stays
// with operators.
import type { Exclusion } from '../../../shared/api/dispatch';
import type { EventCause, NodeHistory } from '../../../shared/api/node-history';
import type { NodeView } from '../../../shared/api/node-view';
import type { PauseView } from '../../../shared/protocol/pauses';
import type { AvailabilityView } from '../../../shared/protocol/scheduler-messages';

type Shown = Readonly<NodeView>;

/** The view for a member: its own node in full, the others in part. `ownNodeId` null: the member has no node. */
export const nodeForMember = (node: NodeView, ownNodeId: string | null): NodeView =>
  node.node_id === ownNodeId ? node : limitedNodeOf(node);

export const limitedNodeOf = (node: Shown): NodeView => ({
  ...identityOf(node),
  ...modelsOf(node),
  ...statusOf(node),
  resource_usage: null,
  gpus: null,
  in_flight_jobs: node.in_flight_jobs,
  max_concurrent_jobs: node.max_concurrent_jobs,
  ...(node.usable_slots === undefined ? {} : { usable_slots: node.usable_slots }),
  drain: drainOf(node.drain),
  ...(node.pause === undefined ? {} : { pause: node.pause === null ? null : pauseOf(node.pause) }),
  quarantine: node.quarantine ? { by: node.quarantine.by, reason: null, since: node.quarantine.since } : null,
  ...(node.wake === undefined ? {} : { wake: wakeOf(node.wake) }),
  failing_models: [],
  missed_jobs: { window_seconds: node.missed_jobs.window_seconds, since: 0, total: 0, reasons: [] },
});

/** The history for a member: of its own node in full, of others the states and their codes. */
export function historyForMember(history: NodeHistory, isOwn: boolean): NodeHistory {
  if (isOwn) return history;
  const none = history.at.map(() => null);
  const events = history.events.map((event) => (event.kind === 'state' ? { ...event, cause: causeForMember(event.cause) } : event));
  return { ...history, gpu_pool_percent: none, gpu_owner_percent: none, vram_pool_gb: none, vram_owner_gb: none, events };
}

/** A pause has the same code for each rule of the owner, as in `pauseOf`. */
function causeForMember(cause: EventCause): EventCause {
  switch (cause.type) {
    case 'status':
      return { type: 'status', reason_code: cause.reason_code };
    case 'connection':
      return { type: 'connection' };
    case 'pause':
      return { type: 'pause', code: 'owner', until: cause.until, note: null };
    case 'drain':
      return { type: 'drain', by: cause.by, note: null };
    case 'quarantine':
      return { type: 'quarantine', note: null };
  }
}

const identityOf = ({ hardware, ...node }: Shown) => ({
  node_id: node.node_id,
  name: node.name,
  ...(node.name_conflict === undefined ? {} : { name_conflict: node.name_conflict }),
  platform: node.platform,
  version: node.version,
  hardware: {
    cpu_cores: hardware.cpu_cores,
    memory_gb: hardware.memory_gb,
    gpus: hardware.gpus.map(({ name, memory_gb, simulated }) => ({ name, memory_gb, ...(simulated === undefined ? {} : { simulated }) })),
  },
  simulated: node.simulated,
  features_supported: node.features_supported,
  advanced_features: node.advanced_features,
  accept_public_jobs: node.accept_public_jobs,
});

/** The models are offered to the pool. The answer about one node has them; lists and events do not. */
const modelsOf = ({ models, installed_models, capability_state, model_residency }: Shown) => ({
  ...(models === undefined ? {} : { models }),
  ...(installed_models === undefined ? {} : { installed_models }),
  ...(capability_state === undefined ? {} : { capability_state }),
  ...(model_residency === undefined ? {} : { model_residency }),
});

/** Codes without numbers and sentences. The time of a heartbeat counts only for a node that is not connected. */
const statusOf = ({ availability, health, ...node }: Shown) => ({
  status: node.status,
  reason_code: node.reason_code,
  reason: '',
  previous_status: node.previous_status,
  since: node.since,
  online: node.online,
  ...(availability === undefined ? {} : { availability: availabilityOf(availability) }),
  last_heartbeat_at: node.online ? null : node.last_heartbeat_at,
  health: healthOf(health),
});

/** Successful checks beyond the required number say nothing, and would be a change with each heartbeat. */
const healthOf = (health: Shown['health']): NodeView['health'] => ({
  ok: health.ok,
  failed_checks: health.failed_checks.map(({ check, code }) => ({ check, code, message: '' })),
  consecutive_successes: Math.min(health.consecutive_successes, health.required_successes),
  required_successes: health.required_successes,
  window: [],
  failures_in_window: health.failures_in_window,
  failure_threshold: health.failure_threshold,
  warmup_deadline: health.warmup_deadline,
});

const availabilityOf = ({ state, reasons, since }: AvailabilityView): AvailabilityView => ({
  state,
  reasons: reasons.map(withoutNumbers),
  since,
});

const wakeOf = (wake: NodeView['wake']): NodeView['wake'] =>
  wake == null ? null : { waking_since: wake.waking_since, ready_after_seconds: wake.ready_after_seconds };

const drainOf = (drain: Shown['drain']): NodeView['drain'] =>
  drain === null ? null : { by: drain.by, reason: null, requested_at: drain.requested_at, deadline_at: drain.deadline_at };

/** Which rule of the owner pauses the node would show when the owner plays or is away. */
const pauseOf = ({ since, until, running_jobs, deadline_at }: PauseView): PauseView => ({
  reason_code: 'owner',
  detail: null,
  since,
  until,
  running_jobs,
  deadline_at,
});

const withoutNumbers = ({ filter, code }: Exclusion): Exclusion => ({ filter, code, wanted: null, found: null });
