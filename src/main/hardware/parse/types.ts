// The words of this folder: what was seen of GPUs and load, with every "why not" as a code. No behaviour here.
import type { Platform } from '../../../shared/protocol/node-messages';

export type GpuVendor = 'nvidia' | 'amd' | 'intel' | 'apple' | 'other';

/** A live figure: a number, or why there is none. Unknown is not zero. `detail` is the driver's own token, such as `[N/A]`. */
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
 * Why an adapter isn't offered to a pool.
 * - `virtual_adapter`: made by a hypervisor, a remote desktop or a software renderer
 * - `display_only`: drives screens; computes too little to be worth offering
 * - `integrated_small`: shares the machine's memory and owns too little of it
 * - `no_memory_reported`: nobody trustworthy says how much memory it has
 * - `driver_not_working`: the card is there, its driver is not, or does not answer
 */
export type AdapterRefusalCode = 'virtual_adapter' | 'display_only' | 'integrated_small' | 'no_memory_reported' | 'driver_not_working';

/**
 * Why an adapter can't be used now.
 * - `gpu_lost`: the card fell off the bus or stopped answering; the others keep working
 * - `driver_mismatch`: the driver was updated under a running one; a restart of the machine cures it
 * - `driver_not_loaded`: tools are installed, the kernel driver is not loaded
 * - `probe_timeout`: the driver did not answer in time
 * - `unreadable_output`: the driver answered with something that is not its documented format
 * - `probe_failed`: anything else; the detail has the driver's words
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
  { readonly accepted: true } | { readonly accepted: false; readonly code: AdapterRefusalCode; readonly detail: string | null };

/** One adapter seen, accepted or refused. */
export interface GpuAdapter {
  /** Stays the same while the card does: its UUID, else its bus address, else its name and place. */
  readonly key: string;
  /** The number it goes by in a pool: nvidia-smi's for NVIDIA, the next free one for others; null when refused. */
  readonly index: number | null;
  readonly uuid: string | null;
  readonly name: string;
  readonly vendor: GpuVendor;
  /** `0000:65:00.0`, lower-case hex, or null. */
  readonly busAddress: string | null;
  /** What jobs can count on; null: nobody knows. */
  readonly memoryGb: number | null;
  readonly unifiedMemory: boolean;
  readonly driverVersion: string | null;
  readonly mig: boolean;
  readonly migInstances: readonly MigInstance[];
  readonly simulated: boolean;
  readonly verdict: AdapterVerdict;
  /** Usable now. Never true when refused. */
  readonly available: boolean;
  readonly unavailableCode: GpuFaultCode | null;
  readonly live: GpuLive;
  readonly source: AdapterSource;
}

/** What was looked at and what it said, for "We looked with: nvidia-smi (not installed), ...". */
export interface ProbeTrace {
  readonly source: AdapterSource;
  readonly outcome: 'found' | 'nothing' | 'not_installed' | 'failed' | 'timeout' | 'skipped';
  readonly detail: string | null;
  readonly durationMs: number;
}

/** This machine, and every adapter in it. */
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

/** One accepted adapter now. */
export interface GpuLoad {
  readonly key: string;
  readonly available: boolean;
  readonly unavailableCode: GpuFaultCode | null;
  readonly live: GpuLive;
}

export interface LoadReport {
  readonly cpuPercent: number | null;
  readonly memPercent: number | null;
  readonly diskFreeGb: number | null;
  /** One per accepted adapter of the inventory, in its order. */
  readonly gpus: readonly GpuLoad[];
  readonly faults: readonly GpuFault[];
  /** The driver shows a card that the inventory lacks: take the inventory again. */
  readonly unknownGpuSeen: boolean;
  /** How long the measurement took. */
  readonly takenMs: number;
  /** How old the figures are: 0 when just measured. */
  readonly ageMs: number;
}
