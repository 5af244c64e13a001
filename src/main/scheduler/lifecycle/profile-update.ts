// Applies a heartbeat to the profile of its node. When nothing differs, the profile stays the same object, so the dispatch indexes that are
// derived from it stay valid.
import { sameAbilities } from '../../../shared/protocol/model-abilities';
import type { CapabilityStates, ModelReasons, ModelResidencies } from '../../../shared/protocol/node-messages';
import type { NodeProfile } from './node-record';
import type { InstalledModel, NodeReport, OwnerLimits } from './node-report';

/** A field that is null keeps the registered value (protocol §2). */
export function updatedProfile(profile: NodeProfile, report: NodeReport): NodeProfile {
  const { installedModels: models, capabilityState: states, acceptPublicJobs: acceptPublic, maxConcurrentJobs: maxJobs, limits } = report;
  const residency = ofModels(report.modelResidency, () => (models ?? profile.installedModels).map(({ modelId }) => modelId));
  const reasons = ofModels(report.modelReasons, () => Object.keys(states ?? profile.capabilityState ?? {}));
  const allowsControl = report.allowsModelControl ?? null;
  const same =
    (models === null || sameModels(models, profile.installedModels)) &&
    (states === null || sameStates(states, profile.capabilityState)) &&
    (residency === null || sameStates(residency, profile.modelResidency ?? null)) &&
    (reasons === null || sameStates(reasons, profile.modelReasons ?? null)) &&
    (allowsControl ?? profile.allowsModelControl ?? null) === (profile.allowsModelControl ?? null) &&
    (acceptPublic ?? profile.acceptPublicJobs) === profile.acceptPublicJobs &&
    (maxJobs ?? profile.maxConcurrentJobs) === profile.maxConcurrentJobs &&
    (limits === null || sameLimits(limits, profile.limits));
  if (same) return profile;
  return {
    ...profile,
    installedModels: models ?? profile.installedModels,
    capabilityState: states ?? profile.capabilityState,
    ...(residency === null ? {} : { modelResidency: residency }),
    ...(reasons === null ? {} : { modelReasons: reasons }),
    ...(allowsControl === null ? {} : { allowsModelControl: allowsControl }),
    acceptPublicJobs: acceptPublic ?? profile.acceptPublicJobs,
    maxConcurrentJobs: maxJobs ?? profile.maxConcurrentJobs,
    limits: limits ?? profile.limits,
  };
}

/** A node can only have as many as it has models. */
function ofModels<Value>(
  reported: Readonly<Record<string, Value>> | null | undefined,
  modelIds: () => readonly string[],
): Record<string, Value> | null {
  if (reported == null) return null;
  const known = modelIds().flatMap((modelId) => {
    const value = Object.hasOwn(reported, modelId) ? reported[modelId] : undefined;
    return value === undefined ? [] : [[modelId, value] as const];
  });
  return Object.fromEntries(known);
}

function sameStates<States extends CapabilityStates | ModelResidencies | ModelReasons>(a: States, b: States | null): boolean {
  if (b === null) return false;
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every((id) => Object.hasOwn(b, id) && a[id] === b[id]);
}

function sameModels(a: readonly InstalledModel[], b: readonly InstalledModel[]): boolean {
  return a.length === b.length && a.every((model, i) => sameModel(model, b[i]) && sameLoad(model, b[i]));
}

/** Ignores what each connection reports again: which models are in memory, why others are not ready, and whether the owner permits control. */
export function sameExceptLoaded(a: NodeProfile, b: NodeProfile): boolean {
  if (a === b) return true;
  const {
    installedModels: modelsOfA,
    modelResidency: _residencyOfA,
    modelReasons: _reasonsOfA,
    allowsModelControl: _allowedByA,
    ...restOfA
  } = a;
  const {
    installedModels: modelsOfB,
    modelResidency: _residencyOfB,
    modelReasons: _reasonsOfB,
    allowsModelControl: _allowedByB,
    ...restOfB
  } = b;
  const names = Object.keys(restOfA) as (keyof typeof restOfA)[];
  return (
    names.every((name) => restOfA[name] === restOfB[name]) &&
    modelsOfA.length === modelsOfB.length &&
    modelsOfA.every((model, i) => sameModel(model, modelsOfB[i]))
  );
}

/** Some servers report the context of a model only while it is in memory. */
const sameLoad = (a: InstalledModel, b: InstalledModel | undefined): boolean =>
  a.isLoaded === b?.isLoaded && a.contextTokens === b.contextTokens;

/** Besides what follows from whether the model is in memory. */
const sameModel = (a: InstalledModel, b: InstalledModel | undefined): boolean =>
  a.modelId === b?.modelId &&
  a.kind === b.kind &&
  a.srcLang === b.srcLang &&
  a.tgtLang === b.tgtLang &&
  a.dialect === b.dialect &&
  a.version === b.version &&
  a.enabled === b.enabled &&
  a.tokensPerSecond === b.tokensPerSecond &&
  a.vramGb === b.vramGb &&
  a.actions?.join() === b.actions?.join() &&
  sameAbilities(a.abilities, b.abilities) &&
  sameTasks(a.tasks, b.tasks);

const sameLimits = (a: OwnerLimits, b: OwnerLimits | null): boolean =>
  b !== null && a.cpuPercent === b.cpuPercent && a.gpuPercent === b.gpuPercent && a.memoryPercent === b.memoryPercent;

/** The schema sorts both lists, so they can be compared in order. */
const sameTasks = (a: InstalledModel['tasks'], b: InstalledModel['tasks']): boolean => a?.join() === b?.join();
