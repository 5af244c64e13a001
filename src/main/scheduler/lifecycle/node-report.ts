// The data that a node reports at its registration and in its heartbeats, inside the scheduler. `nodes/core/node-report-views.ts` decodes
// the messages to these types, and encodes the types for the API and the database.
import type { Abilities } from '../../../shared/protocol/model-abilities';
import type { ModelAction } from '../../../shared/protocol/model-control';
import type { CapabilityState, CapabilityStates, ModelKind, ModelReasons, ModelResidencies } from '../../../shared/protocol/node-messages';
import type { TakenTasks } from '../../../shared/protocol/task-kinds';

export interface NodeGpu {
  readonly name: string;
  readonly memoryGb: number;
  readonly index: number | null;
  readonly uuid: string | null;
  readonly vendor: string | null;
  readonly driverVersion: string | null;
  readonly simulated: boolean;
}

export interface NodeHardware {
  readonly cpuCores: number;
  readonly memoryGb: number;
  readonly gpus: readonly NodeGpu[];
}

export interface InstalledModel {
  readonly modelId: string;
  readonly kind: ModelKind;
  readonly srcLang: string | null;
  readonly tgtLang: string | null;
  readonly dialect: string | null;
  readonly version: string;
  readonly enabled: boolean;
  readonly tasks: TakenTasks;
  /** Null: not measured. */
  readonly tokensPerSecond: number | null;
  /** GPU memory that the model needs, GiB. Null: unknown. */
  readonly vramGb: number | null;
  /** Whether the model is in memory now. Null: unknown. */
  readonly isLoaded: boolean | null;
  /** What the server of the model can do with it. Absent: nothing. */
  readonly actions?: readonly ModelAction[];
  /** Absent: unknown. */
  readonly abilities?: Abilities;
  /** The longest prompt with its answer, tokens. Absent: unknown. */
  readonly contextTokens?: number;
}

/** Limits that the owner set, percent. Null: no limit. Undefined: not set. */
export interface OwnerLimits {
  readonly cpuPercent: number | null | undefined;
  readonly gpuPercent: number | null | undefined;
  readonly memoryPercent: number | null | undefined;
}

export type ModelState = CapabilityState | 'disabled' | 'unknown';

export interface NodeUsage {
  readonly cpuPercent: number;
  /** Null: unknown. */
  readonly memoryPercent: number | null;
  /** Undefined: not measured. Null or outside 0-100: the GPU is not usable now. */
  readonly gpuPercent: number | null | undefined;
  readonly gpuMemoryPercent: number | null;
  /** The load of everything but the pool. Null: not measured yet. Undefined: the node does not measure it. */
  readonly ownerCpuPercent: number | null | undefined;
  readonly ownerGpuPercent: number | null | undefined;
  readonly runningJobs: number;
}

/** The live figures of one GPU. Null: not measured. */
export interface GpuReading {
  readonly index: number;
  readonly utilizationPercent: number | null;
  readonly memoryUsedGb: number | null;
  readonly memoryTotalGb: number | null;
  readonly temperatureC: number | null;
  readonly powerW: number | null;
  readonly available: boolean;
}

/** The content of a heartbeat. A field of the profile that is null keeps the registered value (protocol §2). */
export interface NodeReport {
  readonly usage: NodeUsage;
  /** Null: the node sent no live figures. */
  readonly gpus: readonly GpuReading[] | null;
  readonly installedModels: readonly InstalledModel[] | null;
  readonly capabilityState: CapabilityStates | null;
  /** Which models are in memory. Null or absent: not reported. */
  readonly modelResidency?: ModelResidencies | null;
  /** Why models are not ready. Null or absent: not reported. */
  readonly modelReasons?: ModelReasons | null;
  /** Null or absent: an older node. */
  readonly allowsModelControl?: boolean | null;
  readonly acceptPublicJobs: boolean | null;
  readonly maxConcurrentJobs: number | null;
  readonly limits: OwnerLimits | null;
}
