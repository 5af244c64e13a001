// Whether a model is in memory, as shape and label; and the actions that make sense in this state (ADR 0025).
import type { ModelAction, ModelResidency } from '../../shared/protocol/model-control';
import type { Labels } from '../i18n/use-labels';
import type { Shape } from './shape';

const SHAPES: Readonly<Record<ModelResidency, Shape>> = { cold: 'unloaded', loading: 'registering', loaded: 'ready', pinned: 'pinned' };

export const residencyLabel = (residency: ModelResidency, labels: Labels): { readonly shape: Shape; readonly label: string } => ({
  shape: SHAPES[residency],
  label: labels.code('residency', residency),
});

/** Of the actions of the model's server. An unknown residency excludes no load and no unload. */
export const usefulActions = (residency: ModelResidency | null, actions: readonly ModelAction[]): readonly ModelAction[] =>
  actions.filter((action) => {
    switch (action) {
      case 'load':
        return residency === 'cold' || residency === null;
      case 'unload':
        return residency === 'loaded' || residency === null;
      case 'pin':
        return residency === 'cold' || residency === 'loaded';
      case 'unpin':
        return residency === 'pinned';
    }
  });
