// What the parent and the probing child say to each other. Both are this program; only the envelope is checked.
import type { NvidiaProbe } from '../decide/nvidia-fault';
import type { Controller } from '../parse/controllers';
import type { MachineIdentity, MachineLoad } from '../parse/machine-facts';
import type { PciDisplay } from '../parse/sysfs-adapters';
import type { ProbeTrace } from '../parse/types';

export interface ProbeSettings {
  /** False: only the machine is measured, since its GPUs are simulated. */
  readonly lookForGpus: boolean;
  /** Where Linux's sysfs and procfs are mounted; tests put their own trees there. */
  readonly sysfsRoot: string;
  readonly procRoot: string;
  /** nvidia-smi is killed after this; shorter than the child's own limit, so that a hung driver costs only its figures. */
  readonly nvidiaTimeoutMs: number;
  /** The folder whose disk is measured; null: none. */
  readonly diskPath: string | null;
}

/** What can be asked: the live figures, what graphics() lists, the machine's names, the living processes. */
export type ProbeQuestion =
  | { readonly kind: 'load'; readonly settings: ProbeSettings; readonly ignoreBackoff: boolean }
  | { readonly kind: 'controllers' }
  | { readonly kind: 'identity' }
  | { readonly kind: 'processes' };

export type ProbeRequest = ProbeQuestion & { readonly id: number };

/** Cheap, asked for with every heartbeat. */
export interface LoadSample {
  readonly nvidia: NvidiaProbe;
  readonly pci: readonly PciDisplay[];
  readonly machine: MachineLoad;
  readonly trace: readonly ProbeTrace[];
}

/** Costly, asked for at start and on demand. */
export interface ControllersSample {
  readonly controllers: readonly Controller[];
  readonly appleWiredLimitMib: number | null;
  readonly trace: readonly ProbeTrace[];
}

export interface ProbeAnswers {
  readonly load: LoadSample;
  readonly controllers: ControllersSample;
  readonly identity: MachineIdentity;
  /** Names of living processes; null: they could not be listed. */
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
