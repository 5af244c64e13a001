// An estimate of the memory that the profile of a node takes in the scheduler, with the indexes of its models. Measured with models that no
// other node has: 0.5-0.9 KB for each.
import type { CapabilityStates, ModelReasons, ModelResidencies } from '../../../../shared/protocol/node-messages';
import type { NodeProfile } from '../../lifecycle/node-record';
import type { InstalledModel } from '../../lifecycle/node-report';

const PROFILE_BYTES = 4096;
const MODEL_BYTES = 600;
const GPU_BYTES = 600;
/** With the longest code of a reason. */
const STATE_BYTES = 100;
/** Strings outside Latin-1 take two bytes for a character. */
const CHARACTER_BYTES = 2;

const known = new WeakMap<NodeProfile, number>();

/** Counted once per profile. */
export function profileBytes(profile: NodeProfile): number {
  let bytes = known.get(profile);
  if (bytes !== undefined) return bytes;
  bytes =
    PROFILE_BYTES +
    modelBytes(profile.installedModels) +
    stateBytes(profile.capabilityState) +
    stateBytes(profile.modelResidency ?? null) +
    stateBytes(profile.modelReasons ?? null);
  for (const { name } of profile.hardware.gpus) bytes += GPU_BYTES + name.length * CHARACTER_BYTES;
  for (const feature of profile.advancedFeatures) bytes += STATE_BYTES + feature.length * CHARACTER_BYTES;
  known.set(profile, bytes);
  return bytes;
}

function modelBytes(models: readonly InstalledModel[]): number {
  let bytes = 0;
  for (const { modelId, version, srcLang, tgtLang, dialect } of models) {
    const characters = modelId.length + version.length + (srcLang?.length ?? 0) + (tgtLang?.length ?? 0) + (dialect?.length ?? 0);
    bytes += MODEL_BYTES + characters * CHARACTER_BYTES;
  }
  return bytes;
}

function stateBytes(states: CapabilityStates | ModelResidencies | ModelReasons | null): number {
  let bytes = 0;
  for (const modelId of Object.keys(states ?? {})) bytes += STATE_BYTES + modelId.length * CHARACTER_BYTES;
  return bytes;
}
