// Whether a model is in memory, by what its server reports, and whether an act on the model is possible (ADR 0025).
import { isInMemory, type ModelAction, type ModelResidency, type NodeControlCode } from '../../../shared/protocol/model-control';
import type { ServedModel } from './servers/server-type';

/** Null: the server does not report it. `loading` alone is no answer: an Ollama that loads any model reports it for all. */
export function residencyOfServed({ residency, reasonCode }: Pick<ServedModel, 'residency' | 'reasonCode'>): ModelResidency | null {
  if (residency !== undefined) return residency;
  switch (reasonCode) {
    case 'loaded':
      return 'loaded';
    case 'cold':
    case 'not_loaded':
    case 'load_failed':
      return 'cold';
    case 'loading':
    case 'listed':
    case 'downloading':
    case 'state_unknown':
    case 'readiness_unknown':
      return null;
  }
}

/** `loaded` of a model, for older schedulers. Null: unknown, or being loaded. */
export const loadedOf = (residency: ModelResidency | null): boolean | null =>
  residency === null || residency === 'loading' ? null : isInMemory(residency);

export interface ControlFacts {
  /** Null: this node does not have the model. */
  readonly model: { readonly residency: ModelResidency | null; readonly actions: readonly ModelAction[] } | null;
  /** Another act on the model has not ended. */
  readonly isActing: boolean;
  /** A task runs on the model. */
  readonly hasWork: boolean;
}

/** `done`: the model is in this state already. */
export type ControlDecision = 'act' | 'done' | Exclude<NodeControlCode, 'not_allowed' | 'failed'>;

export function decideControl({ model, isActing, hasWork }: ControlFacts, action: ModelAction): ControlDecision {
  if (model === null) return 'unknown_model';
  if (!model.actions.includes(action)) return 'not_supported';
  if (isActing) return 'in_progress';
  if (isReached(model.residency, action)) return 'done';
  if (action !== 'unload') return 'act';
  if (hasWork) return 'has_work';
  return model.residency === 'pinned' ? 'pinned' : 'act';
}

/** `act`: the model may be deleted from the disk. */
export type RemovalDecision = 'act' | 'unknown_model' | 'not_supported' | 'in_progress' | 'has_work';

export function decideRemoval({
  model,
  isActing,
  hasWork,
}: Omit<ControlFacts, 'model'> & { readonly model: { readonly isRemovable: boolean } | null }): RemovalDecision {
  if (model === null) return 'unknown_model';
  if (!model.isRemovable) return 'not_supported';
  if (isActing) return 'in_progress';
  return hasWork ? 'has_work' : 'act';
}

/** Whether the model is in the state that the action leads to. Unknown is not reached, but only a pinned model needs to be unpinned. */
export function isReached(residency: ModelResidency | null, action: ModelAction): boolean {
  switch (action) {
    case 'load':
      return isInMemory(residency);
    case 'unload':
      return residency === 'cold';
    case 'pin':
      return residency === 'pinned';
    case 'unpin':
      return residency !== 'pinned';
  }
}
