// The data that tells the pool's load from the owner's: which processes work for the pool (from the agent), and what they used
// (from the probe process).

/** A model server of this machine. Its processes work for the pool only while it runs pool jobs. */
export interface PoolServer {
  readonly id: string;
  readonly port: number;
  /** Names of its programs, when the process that listens on the port cannot be found. Lower case. */
  readonly processNames: readonly string[];
}

/** What works for the pool. Instants: of the agent's monotonic clock; now, while a job runs. Null: no job has run yet. */
export interface PoolUse {
  /** Muster's own processes. They and all their children work for the pool, except those of `servers`. */
  readonly pids: readonly number[];
  /** Ports of this machine on which other programs of Muster listen: the scheduler of the pool, if it runs here. */
  readonly ports: readonly number[];
  readonly servers: readonly (PoolServer & { readonly usedAtMonotonicMs: number | null })[];
  /** When the last job ran on this machine: on a server or as a command. */
  readonly jobAtMonotonicMs: number | null;
}

export const NO_POOL_USE: PoolUse = { pids: [], ports: [], servers: [], jobAtMonotonicMs: null };

/** The group of Muster's own processes and commands. Other groups have the id of their server. */
export const MUSTER_GROUP = 'muster';

/** Since the start of the machine, over all cores. The unit is that of `ProcessTimes`. */
export interface CpuTicks {
  readonly busy: number;
  readonly total: number;
}

/** Pid and start identify a process: pids are used again. */
export interface ProcessTimes {
  readonly pid: number;
  readonly startTicks: number;
  readonly parentPid: number;
  readonly ownTicks: number;
  /** Of the children that have ended and were waited for, with their own ended children. */
  readonly endedTicks: number;
}

export interface ProcessGroup {
  readonly id: string;
  readonly processes: readonly ProcessTimes[];
}

/** One process on a GPU. `share`: percent of the card. Null: not reported. */
export interface GpuProcess {
  /** The group of the process. Null: another program. */
  readonly group: string | null;
  /** False: this machine has no such process. It has ended, or the driver counts processes in another container. */
  readonly exists: boolean;
  readonly share: number | null;
}

/** The same with the facts that its owner sees. */
export interface ListedGpuProcess extends GpuProcess {
  readonly pid: number;
  /** Null: not reported. */
  readonly name: string | null;
  /** Memory of the card, GiB. Null: not reported. */
  readonly memoryGb: number | null;
}

/** The processes on one NVIDIA card, and its use at that time. */
export interface GpuProcesses {
  readonly index: number;
  readonly totalPercent: number | null;
  readonly processes: readonly ListedGpuProcess[];
}

/** One open device file of a group (fdinfo of Linux): its GPU time since it was opened, and its memory. */
export interface GpuClient {
  readonly group: string;
  readonly busAddress: string;
  readonly clientId: string;
  readonly busyNs: number;
  /** Memory of the card, GiB. Null: not reported. */
  readonly memoryGb: number | null;
}

/** One open device file of any process. */
export interface ProgramClient extends Omit<GpuClient, 'group'> {
  /** Null: the process does not work for the pool. */
  readonly group: string | null;
  readonly pid: number;
  readonly name: string;
}

export interface PoolSample {
  /** Null: unreadable. */
  readonly cpu: CpuTicks | null;
  /** A server whose process was not found is absent. Null: this system does not tell the times of processes inexpensively. */
  readonly groups: readonly ProcessGroup[] | null;
  /** Sent once per reading of the driver. Null: there is no new reading. */
  readonly nvidia: readonly GpuProcesses[] | null;
  /** Null: not read, or the driver does not count the use of a process. */
  readonly clients: readonly GpuClient[] | null;
  /** The device files of all processes that may be read. Null: not read. */
  readonly programs: readonly ProgramClient[] | null;
}
