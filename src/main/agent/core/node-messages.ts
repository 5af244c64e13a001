// What this machine is and does now -> node_register and node_heartbeat (protocol §2). Pure.
import {
  CAPABILITY_SCHEMA_VERSION,
  MAX_ACTIVE_JOBS,
  MAX_MODELS,
  MAX_NAME_LENGTH,
  MAX_UNREGISTERED_MESSAGE_BYTES,
} from '../../../shared/protocol/limits';
import type { CapabilityStates, NodeMessageInput } from '../../../shared/protocol/node-messages';
import { toWireHardware, toWireLoad } from '../../hardware/decide/wire-hardware';
import type { HardwareReport, LoadReport } from '../../hardware/parse/types';
import { FOLDERS_RUNTIME_ID } from '../../runtimes/core/command/folder-snapshot';
import type { RuntimesSeen } from '../../runtimes/core/merge-snapshots';
import type { RuntimeModel } from '../../runtimes/core/runtime-snapshot';
import type { JobKey } from './assignment';
import type { Identity } from '../session/session-state';

type Register = Extract<NodeMessageInput, { type: 'node_register' }>;
type Heartbeat = Extract<NodeMessageInput, { type: 'node_heartbeat' }>;

export interface NodeSelf {
  readonly version: string;
  readonly name: string;
  readonly acceptPublicJobs: boolean;
  readonly maxConcurrentJobs: number;
}

/** A newcomer's frame is small (protocol §1): models that do not fit are left to the heartbeat that follows the ack. */
export function toRegister(
  self: NodeSelf,
  hardware: HardwareReport,
  models: ModelsHere,
  activeJobs: readonly JobKey[],
  identity: Identity | null,
): Register {
  // With it the node warms up anew, whatever it was before.
  const whole = registerWith(self, hardware, { ...models, warmingUp: true }, activeJobs, identity);
  const fits = utf8Length(JSON.stringify(whole)) <= MAX_UNREGISTERED_MESSAGE_BYTES;
  return fits ? whole : registerWith(self, hardware, NO_MODELS, activeJobs, identity);
}

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
  models: ModelsHere,
  activeJobs: readonly JobKey[],
  identity: Identity | null,
): Register {
  return {
    type: 'node_register',
    node_id: identity?.nodeId ?? null,
    ...(identity === null ? {} : { node_token: identity.nodeToken }),
    ...(self.name.trim() === '' ? {} : { name: self.name.trim().slice(0, MAX_NAME_LENGTH) }),
    version: self.version,
    capability_schema_version: CAPABILITY_SCHEMA_VERSION,
    platform: hardware.platform,
    hardware: toWireHardware(hardware),
    ...toWireModels(models),
    features_supported: {},
    accept_public_jobs: self.acceptPublicJobs,
    max_concurrent_jobs: self.maxConcurrentJobs,
    ...(activeJobs.length === 0
      ? {}
      : { active_jobs: activeJobs.slice(0, MAX_ACTIVE_JOBS).map(({ jobId, attempt }) => ({ job_id: jobId, attempt })) }),
  };
}

/** `load` null: nothing measured yet, so the inventory speaks for the GPUs. */
export function toHeartbeat(
  self: NodeSelf,
  hardware: HardwareReport,
  load: LoadReport | null,
  models: ModelsHere,
  runningJobs: number,
  nodeId: string,
  timestampMs: number,
): Heartbeat {
  const live = toWireLoad(hardware, load ?? loadOfInventory(hardware));
  return {
    type: 'node_heartbeat',
    node_id: nodeId,
    timestamp: Math.round(timestampMs),
    resource_usage: { ...live.resource_usage, running_jobs: runningJobs },
    gpus: live.gpus,
    ...toWireModels(models),
    accept_public_jobs: self.acceptPublicJobs,
    max_concurrent_jobs: self.maxConcurrentJobs,
  };
}

/** What is here, and what is on its way. */
export type ModelsHere = Pick<RuntimesSeen, 'models' | 'pulls'> & {
  /** The scheduler has not said yet, or has not said again, that this node is anything but `registering`. */
  readonly warmingUp: boolean;
};
export const NO_MODELS: ModelsHere = { models: [], pulls: [], warmingUp: true };

/**
 * Installed models with their states, always both: an absent state would count as ready. What would keep this node from becoming
 * ready for as long as it takes (lifecycle §2) has a state alone: a model that is not here yet, and while the node warms up one that
 * its runtime does not have ready.
 */
export function toWireModels({
  models,
  pulls,
  warmingUp,
}: ModelsHere): Pick<Register, 'installed_models'> & { capability_state: CapabilityStates } {
  const told = models.slice(0, MAX_MODELS);
  const states = [...told, ...pulls].slice(0, MAX_MODELS);
  const installed = warmingUp && told.some(isReady) ? told.filter((model) => isReady(model) || isInFolder(model)) : told;
  return {
    installed_models: installed.map(({ model }) => model),
    capability_state: Object.fromEntries(states.map(({ model, state }) => [model.model_id, state])),
  };
}

const isReady = ({ state }: RuntimeModel): boolean => state === 'ready';
/** Its owner put it there for this node to serve; what a program happens to list, nobody did. */
const isInFolder = ({ runtimeId }: RuntimeModel): boolean => runtimeId === FOLDERS_RUNTIME_ID;

/** The machine's figures are older than anything a pool may go by: its GPUs count as unusable until it answers. */
export const OLDEST_LOAD_MS = 30_000;

/** The load as it may be told now: figures too old to trust say so instead. */
export function trustedLoad(load: LoadReport, measuredAtMs: number, nowMs: number): LoadReport {
  const ageMs = nowMs - measuredAtMs + load.ageMs;
  if (ageMs <= OLDEST_LOAD_MS) return load;
  return { ...load, gpus: load.gpus.map((gpu) => ({ ...gpu, available: false, unavailableCode: gpu.unavailableCode ?? 'probe_timeout' })) };
}

function loadOfInventory(hardware: HardwareReport): LoadReport {
  const accepted = hardware.adapters.filter((adapter) => adapter.verdict.accepted);
  return {
    cpuPercent: null,
    memPercent: null,
    diskFreeGb: null,
    gpus: accepted.map(({ key, available, unavailableCode, live }) => ({ key, available, unavailableCode, live })),
    faults: hardware.faults,
    unknownGpuSeen: false,
    takenMs: 0,
    ageMs: 0,
  };
}
