// Applies a heartbeat to the profile of its node. When nothing differs, the profile stays the same object, so the dispatch indexes that are
// derived from it stay valid.
import type { CapabilityStates, InstalledModel, NodeHeartbeat } from '../../../shared/protocol/node-messages';
import type { NodeProfile } from './node-record';

/** A field that is null or absent keeps the registered value (protocol §2). */
export function updatedProfile(profile: NodeProfile, message: NodeHeartbeat): NodeProfile {
  const { installed_models: models, capability_state: states, accept_public_jobs: acceptPublic, max_concurrent_jobs: maxJobs } = message;
  const same =
    (models == null || sameModels(models, profile.installedModels)) &&
    (states == null || sameStates(states, profile.capabilityState)) &&
    (acceptPublic ?? profile.acceptPublicJobs) === profile.acceptPublicJobs &&
    (maxJobs ?? profile.maxConcurrentJobs) === profile.maxConcurrentJobs;
  if (same) return profile;
  return {
    ...profile,
    installedModels: models ?? profile.installedModels,
    capabilityState: states ?? profile.capabilityState,
    acceptPublicJobs: acceptPublic ?? profile.acceptPublicJobs,
    maxConcurrentJobs: maxJobs ?? profile.maxConcurrentJobs,
  };
}

function sameStates(a: CapabilityStates, b: CapabilityStates | null): boolean {
  if (b === null) return false;
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every((id) => Object.hasOwn(b, id) && a[id] === b[id]);
}

function sameModels(a: readonly InstalledModel[], b: readonly InstalledModel[]): boolean {
  return a.length === b.length && a.every((model, i) => sameModel(model, b[i]));
}

const sameModel = (a: InstalledModel, b: InstalledModel | undefined): boolean =>
  a.model_id === b?.model_id &&
  a.kind === b.kind &&
  a.src_lang === b.src_lang &&
  a.tgt_lang === b.tgt_lang &&
  a.dialect === b.dialect &&
  a.version === b.version &&
  a.enabled === b.enabled &&
  a.tokens_per_second === b.tokens_per_second &&
  sameTasks(a.tasks, b.tasks);

/** The schema sorts both lists, so they can be compared in order. */
const sameTasks = (a: InstalledModel['tasks'], b: InstalledModel['tasks']): boolean => a?.join() === b?.join();
