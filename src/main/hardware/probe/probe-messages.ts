// The messages between the main process and the probe process. Both are this program, so only the envelope is validated.
import type { NvidiaProbe } from '../decide/nvidia-fault';
import type { Controller } from '../parse/controllers';
import type { MachineIdentity, MachineLoad } from '../parse/machine-facts';
import type { PoolSample, PoolServer } from '../parse/pool-sample';
import type { PciDisplay } from '../parse/sysfs-adapters';
import type { ProbeTrace } from '../parse/types';

export interface ProbeSettings {
  /** False: the GPUs are simulated, and only the machine is measured. */
  readonly probeGpus: boolean;
  /** The mount points of sysfs and procfs on Linux. Tests use their own folders. */
  readonly sysfsRoot: string;
  readonly procRoot: string;
  /** nvidia-smi is killed after this time. It is shorter than the child's own timeout, so a hung driver only loses its own figures. */
  readonly nvidiaTimeoutMs: number;
  /** The folder whose disk is measured. Null: none. */
  readonly diskPath: string | null;
}

/** The processes that work for the pool, and how to measure them. */
export interface PoolQuery {
  readonly pids: readonly number[];
  readonly ports: readonly number[];
  readonly servers: readonly PoolServer[];
  /** A pool job runs or ran a moment ago: only then the use of the GPUs is split. */
  readonly isWorking: boolean;
  /** The owner looks at the processes of the GPUs. */
  readonly isViewed: boolean;
  /** There is a GPU whose use is split by the fdinfo of Linux. */
  readonly readsClients: boolean;
}

/** What the probe process can measure: live figures, the controllers of systeminformation, the machine's names, the running processes. */
export type ProbeCommand =
  | { readonly kind: 'load'; readonly settings: ProbeSettings; readonly ignoreBackoff: boolean; readonly pool: PoolQuery | null }
  | { readonly kind: 'controllers' }
  | { readonly kind: 'identity' }
  | { readonly kind: 'processes' };

export type ProbeRequest = ProbeCommand & { readonly id: number };

/** Inexpensive: requested every few seconds. */
export interface LoadSample {
  readonly nvidia: NvidiaProbe;
  readonly pci: readonly PciDisplay[];
  readonly machine: MachineLoad;
  /** Null: not requested, or it failed. */
  readonly pool: PoolSample | null;
  readonly trace: readonly ProbeTrace[];
}

/** Expensive: requested at start and on request. */
export interface ControllersSample {
  readonly controllers: readonly Controller[];
  readonly appleWiredLimitMib: number | null;
  readonly trace: readonly ProbeTrace[];
}

export interface ProbeAnswers {
  readonly load: LoadSample;
  readonly controllers: ControllersSample;
  readonly identity: MachineIdentity;
  /** Names of running processes. Null: the processes could not be listed. */
  readonly processes: readonly string[] | null;
}

export type ProbeReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly detail: string };

export function isProbeReply(value: unknown): value is ProbeReply {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'number' &&
    'ok' in value &&
    typeof value.ok === 'boolean'
  );
}
