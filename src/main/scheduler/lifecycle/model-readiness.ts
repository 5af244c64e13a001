// The state of a model on a node. A state that the node did not report is `unknown`, which is not `ready`.
import type { CapabilityState } from '../../../shared/protocol/node-messages';
import type { NodeProfile } from './node-record';
import type { InstalledModel, ModelState } from './node-report';

/** The state of an installed and enabled model. Without a capability state every installed model is ready (protocol §2). */
export function reportedState(profile: NodeProfile, modelId: string): CapabilityState | 'unknown' {
  const states = profile.capabilityState;
  if (states === null) return 'ready';
  return Object.hasOwn(states, modelId) ? (states[modelId] ?? 'unknown') : 'unknown';
}

/** Installed, enabled and ready: the model can run jobs. */
export const isModelReady = (profile: NodeProfile, model: InstalledModel): boolean =>
  model.enabled && reportedState(profile, model.modelId) === 'ready';

/** The state of any model, including disabled models and models that are not installed or are being downloaded. */
export function modelState(profile: NodeProfile, modelId: string): ModelState {
  let installed = false;
  for (const model of profile.installedModels) {
    if (model.modelId !== modelId) continue;
    if (model.enabled) return reportedState(profile, modelId);
    installed = true;
  }
  if (installed) return 'disabled';
  // A model that is not installed is not ready, regardless of the reported state.
  const state = profile.capabilityState === null ? 'unknown' : reportedState(profile, modelId);
  return state === 'unknown' || state === 'ready' ? 'not_installed' : state;
}
