// The figures of a row in the node table.
import type { CapabilityState } from '../../../shared/protocol/node-messages';
import { slotsOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';

/** `1/4`. Null: the node is not connected, so its jobs are not known. */
export const jobsText = (node: NodeView): string | null =>
  node.online ? `${String(node.in_flight_jobs)}/${String(slotsOf(node).total)}` : null;

export interface ModelCount {
  readonly ready: number;
  readonly enabled: number;
}

type ModelFields = Pick<NodeView, 'models' | 'installed_models' | 'capability_state'>;

/** Enabled models, and the ready ones among them. Without a capability state every model counts as ready (protocol §2). */
export function modelCount({ models, installed_models = [], capability_state = null }: ModelFields): ModelCount {
  if (models !== undefined) return models;
  const enabled = installed_models.filter((model) => model.enabled);
  const ready = enabled.filter(({ model_id }) => capability_state === null || capability_state[model_id] === 'ready');
  return { ready: ready.length, enabled: enabled.length };
}

/** Models that have a state and are not installed, such as downloading ones. */
export function missingModels({ installed_models = [], capability_state }: ModelFields): readonly (readonly [string, CapabilityState])[] {
  const installed = new Set(installed_models.map(({ model_id }) => model_id));
  return Object.entries(capability_state ?? {}).filter(([modelId]) => !installed.has(modelId));
}

/**
 * A draining or drained node can be resumed, but only the owner ends a pause. Another node can be drained, unless it is offline: a connected
 * node is offline only when it is paused. A quarantined node can be released.
 */
export function possibleActions({
  status,
  online,
  drain,
  pause,
  quarantine,
}: Pick<NodeView, 'status' | 'online' | 'drain' | 'pause' | 'quarantine'>): {
  readonly drain: boolean;
  readonly resume: boolean;
  readonly release: boolean;
} {
  const isPaused = pause != null;
  const isDrained = drain !== null || (status === 'draining' && !isPaused);
  return {
    drain: !isDrained && quarantine == null && (status !== 'offline' || (isPaused && online)),
    resume: isDrained,
    release: quarantine != null,
  };
}
