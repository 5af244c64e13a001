// The data types of the hardware folder: adapters, live figures, faults and reports. Every reason is a code.
import type { Platform } from '../../../shared/protocol/node-messages';

export type GpuVendor = 'nvidia' | 'amd' | 'intel' | 'apple' | 'other';

/** A live figure, or the reason why there is none. Unknown is not zero. `detail`: the driver's token, such as `[N/A]`. */
export type Reading =
  | { readonly known: true; readonly value: number }
  | { readonly known: false; readonly reason: 'not_reported' | 'not_supported' | 'error'; readonly detail: string | null };

/** Memory in GiB (called GB, as card makers and nvidia-smi count), temperature in degrees Celsius, power in watts. */
export interface GpuLive {
  readonly utilizationPercent: Reading;
  readonly memoryUsedGb: Reading;
  readonly memoryTotalGb: Reading;
  readonly temperatureC: Reading;
  readonly powerW: Reading;
  readonly powerLimitW: Reading;
}

/**
 * Why an adapter is not offered to a pool.
 * - `virtual_adapter`: of a hypervisor, a remote desktop or a software renderer
 * - `display_only`: drives displays and is too slow for computing
 * - `integrated_small`: shares the machine's memory and has too little reserved for itself
 * - `no_memory_reported`: no reliable source reports its memory
 * - `no_driver`: the card is present, and no kernel driver is bound to it
 * - `no_nvidia_smi`: an NVIDIA card, and nvidia-smi is not installed
 * - `driver_not_working`: the card is present, but its driver does not answer
 */
export type AdapterRefusalCode =
  | 'virtual_adapter'
  | 'display_only'
  | 'integrated_small'
  | 'no_memory_reported'
  | 'no_driver'
  | 'no_nvidia_smi'
  | 'driver_not_working';

/**
 * Why an adapter cannot be used now.
 * - `gpu_lost`: the card fell off the bus or does not answer; other cards keep working
 * - `driver_mismatch`: the driver was updated while it was loaded; the machine must be restarted
 * - `driver_not_loaded`: the tools are installed, but the kernel driver is not loaded
 * - `probe_timeout`: the driver did not answer in time
 * - `unreadable_output`: the driver's output does not have the documented format
 * - `probe_failed`: any other fault; the detail has the driver's message
 */
export type GpuFaultCode = 'gpu_lost' | 'driver_mismatch' | 'driver_not_loaded' | 'probe_timeout' | 'unreadable_output' | 'probe_failed';

/** A fault of one card (`busAddress` known) or of the whole driver (null). */
export interface GpuFault {
  readonly code: GpuFaultCode;
  readonly busAddress: string | null;
  readonly detail: string | null;
}

export interface MigInstance {
  readonly uuid: string;
  /** e.g. `1g.10gb`. */
  readonly profile: string;
}

export type AdapterSource = 'nvidia-smi' | 'sysfs' | 'systeminformation' | 'simulated';

export type AdapterVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly code: AdapterRefusalCode; readonly detail: string | null };

/** One adapter, accepted or refused. */
export interface GpuAdapter {
  /** Stable for a card: its UUID, else its bus address, else its name and position. */
  readonly key: string;
  /** The index in the pool: nvidia-smi's for NVIDIA cards, the next free one for others. Null: refused. */
  readonly index: number | null;
  readonly uuid: string | null;
  readonly name: string;
  readonly vendor: GpuVendor;
  /** For example `0000:65:00.0`, in lower-case hex. */
  readonly busAddress: string | null;
  /** Memory that jobs can use, GiB. Null: unknown. */
  readonly memoryGb: number | null;
  readonly unifiedMemory: boolean;
  readonly driverVersion: string | null;
  readonly mig: boolean;
  readonly migInstances: readonly MigInstance[];
  readonly simulated: boolean;
  readonly verdict: AdapterVerdict;
  /** Usable now. Always false when refused. */
  readonly available: boolean;
  readonly unavailableCode: GpuFaultCode | null;
  readonly live: GpuLive;
  readonly source: AdapterSource;
}

/** The outcome of one source, for "Probed with: nvidia-smi (not installed), ...". */
export interface ProbeTrace {
  readonly source: AdapterSource;
  readonly outcome: 'found' | 'nothing' | 'not_installed' | 'failed' | 'timeout' | 'skipped';
  readonly detail: string | null;
  readonly durationMs: number;
}

/** This machine with all its adapters. */
export interface HardwareReport {
  readonly adapters: readonly GpuAdapter[];
  readonly faults: readonly GpuFault[];
  readonly trace: readonly ProbeTrace[];
  readonly cpuCores: number;
  readonly cpuModel: string | null;
  readonly memoryGb: number;
  readonly platform: Platform;
  readonly osName: string | null;
}

/** The present state of one accepted adapter. */
export interface GpuLoad {
  readonly key: string;
  readonly available: boolean;
  readonly unavailableCode: GpuFaultCode | null;
  readonly live: GpuLive;
}

/** A program that has memory of a GPU or computes on it. Names may be private: they stay on this computer (docs/security.md). */
export interface GpuProgram {
  readonly pid: number;
  readonly name: string | null;
  /** Of the card. Null: idle, or not reported. */
  readonly percent: number | null;
  readonly memoryGb: number | null;
  /** It works for the pool: Muster, its commands, or a model server. */
  readonly isPool: boolean;
}

/** How the pool and the owner share one accepted adapter (decide/gpu-shares.ts). Null: unknown. */
export interface GpuShare {
  readonly key: string;
  /** The owner's part of the use now, percent of the card. */
  readonly ownerPercent: number | null;
  /** Its mean over 30 s. */
  readonly ownerMeanPercent: number | null;
  /** The memory of the card that the pool's programs hold, loaded models included. */
  readonly poolMemoryGb: number | null;
  /** The programs that hold the most memory first, and the age of the list. */
  readonly programs: { readonly list: readonly GpuProgram[]; readonly ageMs: number } | null;
}

export interface LoadReport {
  readonly cpuPercent: number | null;
  /** The part of `cpuPercent` that is not the pool's, mean over 30 s (decide/owner-load.ts). Null: unknown. */
  readonly ownerCpuPercent: number | null;
  /** The same of the GPUs: the largest value of the usable ones, as `gpu_percent` of the heartbeat. */
  readonly ownerGpuPercent: number | null;
  readonly memPercent: number | null;
  readonly diskFreeGb: number | null;
  /** One per accepted adapter of the inventory, in the same order. */
  readonly gpus: readonly GpuLoad[];
  /** One per entry of `gpus`, in the same order. */
  readonly shares: readonly GpuShare[];
  readonly faults: readonly GpuFault[];
  /** The driver lists a card that is missing in the inventory: a new inventory is needed. */
  readonly unknownGpuSeen: boolean;
  /** The duration of the measurement. */
  readonly takenMs: number;
  /** The age of the figures: 0 when they were just measured. */
  readonly ageMs: number;
}

/** How the run of a tool ended: its output, or why there is none. The caller bounds the output. */
export type ToolOutcome =
  | { readonly kind: 'exited'; readonly code: number | null; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'not_installed' }
  | { readonly kind: 'failed'; readonly detail: string };
