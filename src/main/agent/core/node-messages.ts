// Encodes hardware, models and jobs of this machine as node_register and node_heartbeat (protocol §2).
import {
  CAPABILITY_SCHEMA_VERSION,
  MAX_ACTIVE_JOBS,
  MAX_MODELS,
  MAX_NAME_LENGTH,
  MAX_UNREGISTERED_MESSAGE_BYTES,
} from '../../../shared/protocol/limits';
import type {
  CapabilityStates,
  InstalledModel,
  ModelReasons,
  ModelResidencies,
  NodeMessageInput,
  OwnerLimits,
} from '../../../shared/protocol/node-messages';
import type { ReportedPause } from '../../../shared/protocol/pauses';
import { toPlainName } from '../../../shared/protocol/names';
import { toWireHardware, toWireLoad } from '../../hardware/decide/wire-hardware';
import type { HardwareReport, LoadReport } from '../../hardware/parse/types';
import { FOLDERS_RUNTIME_ID } from '../../runtimes/core/command/folder-snapshot';
import type { RuntimesSnapshot } from '../../runtimes/core/merge-snapshots';
import type { RuntimeModel } from '../../runtimes/core/runtime-snapshot';
import type { JobKey } from './assignment';
import type { ShownIdentity } from '../session/session-state';

type Register = Extract<NodeMessageInput, { type: 'node_register' }>;
type Heartbeat = Extract<NodeMessageInput, { type: 'node_heartbeat' }>;

export interface NodeSelf {
  readonly version: string;
  readonly name: string;
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
  /** The limits that the owner set for the own load, in percent. Default: none are set. */
  readonly limits?: OwnerLimits | null;
}

/** Frames before the registration are limited (protocol §1). Models that do not fit go into the heartbeat that follows the ack. */
export function toRegister(
  self: NodeSelf,
  hardware: HardwareReport,
  models: AdvertisedModels,
  activeJobs: readonly JobKey[],
  identity: ShownIdentity | null,
  pause: ReportedPause | null = null,
  wakeMac: string | null = null,
): Register {
  // A registration restarts the warm-up, regardless of the previous status.
  const others = { ...pauseOf(pause), ...(wakeMac === null ? {} : { wake_mac: wakeMac }) };
  const whole = { ...registerWith(self, hardware, { ...models, warmingUp: true }, activeJobs, identity), ...others };
  const fits = utf8Length(JSON.stringify(whole)) <= MAX_UNREGISTERED_MESSAGE_BYTES;
  return fits ? whole : { ...registerWith(self, hardware, NO_MODELS, activeJobs, identity), ...others };
}

const pauseOf = (pause: ReportedPause | null): Pick<Register, 'pause'> => (pause === null ? {} : { pause });

function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function registerWith(
  self: NodeSelf,
  hardware: HardwareReport,
  models: AdvertisedModels,
  activeJobs: readonly JobKey[],
  identity: ShownIdentity | null,
): Register {
  const name = toPlainName(self.name, MAX_NAME_LENGTH);
  return {
    type: 'node_register',
    node_id: identity?.nodeId ?? null,
    ...(identity?.nodeToken == null ? {} : { node_token: identity.nodeToken }),
    ...(name === '' ? {} : { name }),
    version: self.version,
    capability_schema_version: CAPABILITY_SCHEMA_VERSION,
    platform: hardware.platform,
    hardware: toWireHardware(hardware),
    ...toWireModels(models),
    features_supported: {},
    accept_public_jobs: self.acceptPublicJobs,
    max_concurrent_jobs: self.maxConcurrentJobs,
    ...limitsOf(self),
    ...(activeJobs.length === 0
      ? {}
      : { active_jobs: activeJobs.slice(0, MAX_ACTIVE_JOBS).map(({ jobId, attempt }) => ({ job_id: jobId, attempt })) }),
  };
}

/** `load` null: there is no reading yet, so the GPU figures of the inventory are sent. */
export function toHeartbeat(
  self: NodeSelf,
  hardware: HardwareReport,
  load: LoadReport | null,
  models: AdvertisedModels,
  runningJobs: number,
  nodeId: string,
  nowWallMs: number,
): Heartbeat {
  const known = load ?? loadOfInventory(hardware);
  const live = toWireLoad(hardware, known);
  return {
    type: 'node_heartbeat',
    node_id: nodeId,
    timestamp: Math.round(nowWallMs),
    resource_usage: {
      ...live.resource_usage,
      owner_cpu_percent: known.ownerCpuPercent,
      owner_gpu_percent: known.ownerGpuPercent,
      running_jobs: runningJobs,
    },
    gpus: live.gpus,
    ...toWireModels(models),
    ...toWireControl(models),
    ...toWireReasons(models),
    accept_public_jobs: self.acceptPublicJobs,
    max_concurrent_jobs: self.maxConcurrentJobs,
    ...limitsOf(self),
  };
}

/** For a scheduler that requires a number: there an unknown use of memory counts as full, so that a machine that swaps gets no jobs. */
export const withKnownMemory = (heartbeat: Heartbeat): Heartbeat => ({
  ...heartbeat,
  resource_usage: { ...heartbeat.resource_usage, mem_percent: heartbeat.resource_usage.mem_percent ?? 100 },
});

const limitsOf = ({ limits = null }: NodeSelf): Pick<Register, 'limits'> => (limits === null ? {} : { limits });

/** The models of this node and those that are being downloaded. */
export type AdvertisedModels = Pick<RuntimesSnapshot, 'models' | 'pulls'> & {
  /** The scheduler has not yet reported a status other than `registering` since the last registration. */
  readonly warmingUp: boolean;
  /** The owner lets the scheduler control which models are in memory. Default: false. */
  readonly allowsControl?: boolean;
  /** Models that the owner does not share. Default: none. */
  readonly unshared?: readonly string[];
};
export const NO_MODELS: AdvertisedModels = { models: [], pulls: [], warmingUp: true };

/**
 * Installed models and states. Every installed model has a state, because the scheduler counts an absent state as ready. Models that
 * would block the node's warm-up (lifecycle §2) get a state and are not listed as installed: models that are being downloaded, and
 * during the warm-up also models that are not ready in their runtime.
 */
export function toWireModels(advertised: AdvertisedModels): Pick<Register, 'installed_models'> & { capability_state: CapabilityStates } {
  return {
    installed_models: installedModels(advertised).map(({ model }) => offered(model, advertised)),
    capability_state: Object.fromEntries(statesOf(advertised).map(({ model, state }) => [model.model_id, state])),
  };
}

/** Which of the installed models are in memory, where it is known, and whether the scheduler may change it. */
export const toWireControl = (advertised: AdvertisedModels): { model_residency: ModelResidencies; model_control: boolean } => ({
  model_residency: Object.fromEntries(
    installedModels(advertised).flatMap(({ model, residency }) => (residency === undefined ? [] : [[model.model_id, residency]])),
  ),
  model_control: advertised.allowsControl ?? false,
});

/** Why models are not ready. Empty: each is. */
export const toWireReasons = (advertised: AdvertisedModels): { model_reasons: ModelReasons } => ({
  model_reasons: Object.fromEntries(statesOf(advertised).flatMap((one) => (isReady(one) ? [] : [[one.model.model_id, one.reasonCode]]))),
});

/** Equal texts: the scheduler would receive the same. */
export const wireTextOf = (models: AdvertisedModels): string =>
  JSON.stringify([toWireModels(models), toWireControl(models), toWireReasons(models)]);

/** A model that is not shared gets no jobs and no actions of the scheduler. */
function offered({ actions, ...model }: InstalledModel, { unshared = [] }: AdvertisedModels): InstalledModel {
  if (unshared.includes(model.model_id)) return { ...model, enabled: false };
  return actions === undefined ? model : { ...model, actions };
}

/** Of the models, and of those that are being downloaded. */
const statesOf = (advertised: AdvertisedModels): readonly RuntimeModel[] =>
  [...sentModels(advertised), ...advertised.pulls].slice(0, MAX_MODELS);

const sentModels = ({ models }: AdvertisedModels): readonly RuntimeModel[] => models.slice(0, MAX_MODELS);

function installedModels(advertised: AdvertisedModels): readonly RuntimeModel[] {
  const sent = sentModels(advertised);
  return advertised.warmingUp && sent.some(isReady) ? sent.filter((model) => isReady(model) || isInFolder(model)) : sent;
}

const isReady = ({ state }: RuntimeModel): boolean => state === 'ready';
/** The owner put this model into a model folder for the node. A model server may list models that were not installed for Muster. */
const isInFolder = ({ runtimeId }: RuntimeModel): boolean => runtimeId === FOLDERS_RUNTIME_ID;

/** Beyond this age a reading is not valid any more, and real GPUs count as unusable. */
export const MAX_LOAD_AGE_MS = 30_000;

/**
 * The load to send now. In a reading that is too old, GPUs are unavailable and the owner's load is unknown. Simulated GPUs stay available: their
 * figures are not measured.
 */
export function trustedLoad(
  load: LoadReport,
  hardware: Pick<HardwareReport, 'adapters'> | null,
  measuredAtMonotonicMs: number,
  nowMonotonicMs: number,
): LoadReport {
  const ageMs = nowMonotonicMs - measuredAtMonotonicMs + load.ageMs;
  if (ageMs <= MAX_LOAD_AGE_MS) return load;
  const simulated = new Set(hardware?.adapters.flatMap((adapter) => (adapter.simulated ? [adapter.key] : [])));
  const gpus = load.gpus.map((gpu) =>
    simulated.has(gpu.key) ? gpu : { ...gpu, available: false, unavailableCode: gpu.unavailableCode ?? 'probe_timeout' },
  );
  return { ...load, ownerCpuPercent: null, ownerGpuPercent: null, gpus };
}

function loadOfInventory(hardware: HardwareReport): LoadReport {
  const accepted = hardware.adapters.filter((adapter) => adapter.verdict.accepted);
  return {
    cpuPercent: null,
    ownerCpuPercent: null,
    ownerGpuPercent: null,
    memPercent: null,
    diskFreeGb: null,
    gpus: accepted.map(({ key, available, unavailableCode, live }) => ({ key, available, unavailableCode, live })),
    shares: [],
    faults: hardware.faults,
    unknownGpuSeen: false,
    takenMs: 0,
    ageMs: 0,
  };
}
