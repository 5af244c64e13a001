// Which models of a node are in memory (ADR 0025), since when, and why an action on a model is refused before the node is asked.
import { isInMemory, type ModelAction, type ModelResidency } from '../../../shared/protocol/model-control';
import { inFlightJobs, type Instant, type NodeProfile, type NodeRecord } from './node-record';
import type { InstalledModel } from './node-report';

/** Null: unknown, which is not cold. A node that reports no residency may report `loaded`. */
export function residencyOf(profile: NodeProfile, modelId: string): ModelResidency | null {
  const residencies = profile.modelResidency ?? null;
  if (residencies !== null) return Object.hasOwn(residencies, modelId) ? (residencies[modelId] ?? null) : null;
  const isLoaded = installedModel(profile, modelId)?.isLoaded ?? null;
  return isLoaded === null ? null : isLoaded ? 'loaded' : 'cold';
}

/** Whether the model is in memory. False also when that is unknown. */
export const isModelInMemory = (profile: NodeProfile, { modelId, isLoaded }: InstalledModel): boolean =>
  profile.modelResidency == null ? isLoaded === true : isInMemory(residencyOf(profile, modelId));

export const installedModel = ({ installedModels }: NodeProfile, modelId: string): InstalledModel | undefined =>
  installedModels.find((model) => model.modelId === modelId);

/** Since when each of some models was reported in a state. Undefined: no model is in it. */
type ReportedSince = ReadonlyMap<string, Instant> | undefined;

/** When each model in memory was first reported there. */
export const loadedSinceOf = (previous: ReportedSince, profile: NodeProfile, now: Instant): ReportedSince =>
  reportedSince(previous, profile, now, isInMemory);

/** When each model that is being loaded was first reported so. */
export const loadingSinceOf = (previous: ReportedSince, profile: NodeProfile, now: Instant): ReportedSince =>
  reportedSince(previous, profile, now, (residency) => residency === 'loading');

function reportedSince(
  previous: ReportedSince,
  { modelResidency }: NodeProfile,
  now: Instant,
  isIn: (residency: ModelResidency) => boolean,
): ReportedSince {
  const found = Object.entries(modelResidency ?? {}).filter(([, residency]) => isIn(residency));
  if (found.length === 0) return undefined;
  return new Map(found.map(([modelId]) => [modelId, previous?.get(modelId) ?? now]));
}

/** An automatic action does not unload a model that was loaded less than this time ago. */
export const MINIMUM_RESIDENCE_MS = 60_000;

/** How long a model must still stay in memory. 0: the minimum residence has passed, or the model is not known to be in memory. */
export function residenceLeftMs({ loadedSince }: NodeRecord, modelId: string, nowMonotonicMs: number): number {
  const since = loadedSince?.get(modelId);
  return since === undefined ? 0 : Math.max(0, since.monotonicMs + MINIMUM_RESIDENCE_MS - nowMonotonicMs);
}

/** `old_node`: the agent has no model control. `no_action`: the server of the model cannot do this. */
export type ControlRefusal =
  | { readonly code: 'not_connected' | 'unknown_model' | 'not_allowed' | 'pinned' }
  | { readonly code: 'not_supported'; readonly cause: 'old_node' | 'no_action' }
  | { readonly code: 'has_work'; readonly jobs: number }
  | { readonly code: 'minimum_residence'; readonly leftMs: number };

export interface ControlQuestion {
  readonly modelId: string;
  readonly action: ModelAction;
  /** The scheduler acts by itself. */
  readonly isAutomatic: boolean;
  /** Jobs of this model that are assigned to the node. */
  readonly jobs: number;
}

/** Null: the node is asked. Only the node knows whether other work uses the model. */
export function controlRefusalOf(record: NodeRecord, question: ControlQuestion, nowMonotonicMs: number): ControlRefusal | null {
  const { modelId, action, isAutomatic, jobs } = question;
  const { profile } = record;
  if (!record.online) return { code: 'not_connected' };
  const model = installedModel(profile, modelId);
  if (model === undefined) return { code: 'unknown_model' };
  const allowed = profile.allowsModelControl ?? null;
  if (allowed === null) return { code: 'not_supported', cause: 'old_node' };
  if (!(model.actions ?? []).includes(action)) return { code: 'not_supported', cause: 'no_action' };
  if (!allowed) return { code: 'not_allowed' };
  if (action !== 'unload') return null;
  if (jobs > 0) return { code: 'has_work', jobs };
  if (residencyOf(profile, modelId) === 'pinned') return { code: 'pinned' };
  const leftMs = isAutomatic ? residenceLeftMs(record, modelId, nowMonotonicMs) : 0;
  return leftMs > 0 ? { code: 'minimum_residence', leftMs } : null;
}

export const isIdle = (record: NodeRecord): boolean => inFlightJobs(record) === 0;
