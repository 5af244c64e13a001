// Probes this machine: inventory, load, running processes. It waits only for probe processes, which it can kill.
import { platform as osPlatform } from 'node:os';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { platformName } from '../../platform/platform-name';
import { composeAdapters } from '../decide/adapters';
import { type GpuSharesState, NO_SHARES, sharesOf, withShares } from '../decide/gpu-shares';
import { isPoolWorking, NO_OWNER_LOAD, ownerLoadOf, type OwnerLoadState, withObservation } from '../decide/owner-load';
import { keepLostAdapters, gpuLoadsOf, hasUnknownGpu, unusableLoad } from '../decide/load';
import { sizeOfMachine } from './machine-size';
import type { MachineIdentity } from '../parse/machine-facts';
import { absenceCode } from '../decide/nvidia-adapters';
import { NO_NVIDIA } from '../decide/nvidia-fault';
import type { SpawnProbeChild } from './probe-child-process';
import { type ProbeFailure, ProbeProcess } from './probe-process';
import type { ControllersSample, LoadSample, PoolQuery, ProbeSettings } from './probe-messages';
import { NO_POOL_USE, type PoolSample, type PoolUse } from '../parse/pool-sample';
import { runningNames } from '../parse/processes';
import { type SimulatedGpu, simulatedAdapters } from '../decide/simulated';
import type { GpuAdapter, GpuFault, GpuLoad, GpuShare, HardwareReport, LoadReport, ProbeTrace } from '../parse/types';

export interface ProberOptions {
  readonly spawnChild: SpawnProbeChild;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Used instead of real GPUs, which are then not probed. */
  readonly simulated?: readonly SimulatedGpu[];
  readonly settings?: Partial<Omit<ProbeSettings, 'probeGpus'>>;
  readonly timings?: Partial<ProbeTimings>;
}

export interface ProbeTimings {
  /** The child that measures the load is killed after this time. */
  readonly killMs: number;
  /** The child that lists controllers is killed after this time. On Windows the first call may take many seconds. */
  readonly controllersKillMs: number;
  /** `load()` returns the last figures and their age when new ones take longer. */
  readonly answerWithinMs: number;
}

const TIMINGS: ProbeTimings = { killMs: 5000, controllersKillMs: 20_000, answerWithinMs: 1000 };
/** nvidia-smi times out before the child that runs it, so a hung driver only loses its own figures. */
const SETTINGS: Omit<ProbeSettings, 'probeGpus'> = { sysfsRoot: '/sys', procRoot: '/proc', nvidiaTimeoutMs: 3500, diskPath: null };
const UNKNOWN_MACHINE: MachineIdentity = { cpuModel: null, osName: null };

/** The last successful measurement: the answer while the next one is late. */
interface Measured {
  readonly report: LoadReport;
  readonly atMonotonicMs: number;
}

export class HardwareProber {
  readonly #clock: Clock;
  readonly #timings: ProbeTimings;
  #settings: ProbeSettings;
  #simulated: readonly SimulatedGpu[];
  /** Measures the load. Its child keeps running. */
  readonly #fast: ProbeProcess;
  /** Lists controllers and names, which may block for seconds. Its child is stopped after each inventory. */
  readonly #slow: ProbeProcess;
  #adapters: readonly GpuAdapter[] = [];
  #measured: Measured | null = null;
  #owner: OwnerLoadState = NO_OWNER_LOAD;
  #shares: GpuSharesState = NO_SHARES;
  #inventoryInFlight: Promise<HardwareReport> | null = null;
  #loadInFlight: Promise<LoadReport> | null = null;
  #processesInFlight: Promise<readonly string[] | null> | null = null;

  constructor(options: ProberOptions) {
    const { spawnChild, clock, logger } = options;
    this.#clock = clock;
    this.#simulated = options.simulated ?? [];
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#settings = { ...SETTINGS, ...options.settings, probeGpus: this.#simulated.length === 0 };
    this.#fast = new ProbeProcess({ spawnChild, clock, logger, timeoutMs: this.#timings.killMs });
    this.#slow = new ProbeProcess({ spawnChild, clock, logger, timeoutMs: this.#timings.controllersKillMs });
  }

  /** Probes every source now. Cards that were offered before and are missing stay listed as lost. Never rejects. */
  inventory(): Promise<HardwareReport> {
    this.#inventoryInFlight ??= this.#takeInventory().finally(() => {
      this.#inventoryInFlight = null;
    });
    return this.#inventoryInFlight;
  }

  /**
   * Current figures. If the probe is slow, the last figures with their age. If the probe fails, every GPU is unavailable with
   * `probe_timeout` or `probe_failed`. An inventory must have been taken before. Never rejects. The owner's load is a comparison of two
   * calls, so it needs them regularly, each with the present `use`. `isViewed`: the owner looks at the programs of the GPUs.
   */
  async load(use: PoolUse = NO_POOL_USE, isViewed = false): Promise<LoadReport> {
    this.#loadInFlight ??= this.#measure(use, isViewed).finally(() => {
      this.#loadInFlight = null;
    });
    const fresh = this.#loadInFlight;
    if (this.#measured === null) return fresh;
    return Promise.race([fresh, this.#lastLoadAfter(this.#timings.answerWithinMs, this.#measured, fresh)]);
  }

  /** The names that have a running process (compared without path and `.exe`). Null: the processes could not be listed. */
  async processesAlive(names: readonly string[]): Promise<ReadonlySet<string> | null> {
    this.#processesInFlight ??= this.#fast
      .send({ kind: 'processes' })
      .then((answer) => (answer.ok ? answer.value : null))
      .finally(() => {
        this.#processesInFlight = null;
      });
    const alive = await this.#processesInFlight;
    return alive === null ? null : runningNames(names, alive);
  }

  /** Simulates these GPUs from now on; with none, probes the real ones. The next inventory and load have them. */
  async simulate(gpus: readonly SimulatedGpu[]): Promise<void> {
    // What was asked before must not end after the change.
    await Promise.all([this.#inventoryInFlight, this.#loadInFlight]);
    this.#simulated = gpus;
    this.#settings = { ...this.#settings, probeGpus: gpus.length === 0 };
    this.#adapters = [];
    this.#measured = null;
    this.#owner = NO_OWNER_LOAD;
    this.#shares = NO_SHARES;
  }

  /** Kills the children. A later call would start them again. */
  close(): void {
    this.#fast.stop();
    this.#slow.stop();
  }

  async #takeInventory(): Promise<HardwareReport> {
    const size = sizeOfMachine();
    const startedAtMonotonicMs = this.#clock.monotonicMs();
    const sampled = await this.#fast.send(
      { kind: 'load', settings: this.#settings, ignoreBackoff: true, pool: null },
      { ignoreBackoff: true },
    );
    const sample = sampled.ok ? sampled.value : null;
    const failure = sampled.ok ? null : sampled.error;
    const identified = await this.#slow.send({ kind: 'identity' }, { ignoreBackoff: true });
    const listing = await this.#listControllers(sample);
    this.#slow.stop();

    const nvidia = sample?.nvidia ?? { ...NO_NVIDIA, outcome: 'failed', faults: failure === null ? [] : [driverFault(failure)] };
    const found = this.#settings.probeGpus
      ? composeAdapters({
          nvidia,
          pci: sample?.pci ?? [],
          controllers: listing.controllers,
          onLinux: osPlatform() === 'linux',
          system: { totalGb: size.memoryGb, usedGb: sample?.machine.memoryUsedGb ?? null },
          appleWiredLimitMib: listing.appleWiredLimitMib,
        })
      : simulatedAdapters(this.#simulated);
    this.#adapters = keepLostAdapters(this.#adapters, found, (adapter) =>
      adapter.source === 'systeminformation' && !listing.complete ? null : absenceCode(nvidia.faults, adapter.busAddress),
    );
    if (sample !== null) this.#remember(sample, this.#gpuLoads(sample), startedAtMonotonicMs);
    return {
      ...size,
      ...(identified.ok ? identified.value : UNKNOWN_MACHINE),
      adapters: this.#adapters,
      faults: nvidia.faults,
      trace: [
        ...(sample?.trace ?? failedTrace(failure, this.#clock.monotonicMs() - startedAtMonotonicMs)),
        ...listing.trace,
        ...this.#simulationTrace(),
      ],
      platform: platformName(osPlatform()),
    };
  }

  /** The library runs nvidia-smi itself, blocking and without a timeout. So it is not called while nvidia-smi hangs. */
  async #listControllers(sample: LoadSample | null): Promise<ControllersSample & { readonly complete: boolean }> {
    const nothing = { controllers: [], appleWiredLimitMib: null, complete: false } as const;
    if (!this.#settings.probeGpus) return { ...nothing, trace: [] };
    const trace = (outcome: ProbeTrace['outcome'], detail: string | null, durationMs: number): readonly ProbeTrace[] => [
      { source: 'systeminformation', outcome, detail, durationMs },
    ];
    if (sample === null || sample.nvidia.outcome === 'timeout')
      return { ...nothing, trace: trace('skipped', 'not called while nvidia-smi hangs', 0) };
    const startedAtMonotonicMs = this.#clock.monotonicMs();
    const listed = await this.#slow.send({ kind: 'controllers' }, { ignoreBackoff: true });
    if (listed.ok) return { ...listed.value, complete: true };
    const { code, detail } = listed.error;
    return {
      ...nothing,
      trace: trace(code === 'probe_timeout' ? 'timeout' : 'failed', detail, Math.round(this.#clock.monotonicMs() - startedAtMonotonicMs)),
    };
  }

  #simulationTrace(): readonly ProbeTrace[] {
    if (this.#simulated.length === 0) return [];
    return [{ source: 'simulated', outcome: 'found', detail: this.#simulated.map((gpu) => gpu.name).join(', '), durationMs: 0 }];
  }

  async #measure(use: PoolUse, isViewed: boolean): Promise<LoadReport> {
    const startedAtMonotonicMs = this.#clock.monotonicMs();
    const pool = this.#poolQuery(use, isViewed, startedAtMonotonicMs);
    const sampled = await this.#fast.send({ kind: 'load', settings: this.#settings, ignoreBackoff: false, pool });
    if (!sampled.ok) return this.#failedLoad(sampled.error, startedAtMonotonicMs);
    const gpus = this.#gpuLoads(sampled.value);
    this.#observe(sampled.value.pool, use, gpus);
    return this.#remember(sampled.value, gpus, startedAtMonotonicMs);
  }

  #poolQuery(use: PoolUse, isViewed: boolean, nowMonotonicMs: number): PoolQuery {
    return {
      pids: use.pids,
      ports: use.ports,
      servers: use.servers.map(({ id, port, processNames }) => ({ id, port, processNames })),
      isWorking: isPoolWorking(use, this.#owner.previous?.atMonotonicMs ?? nowMonotonicMs),
      isViewed,
      readsClients: this.#adapters.some(({ source, verdict }) => source === 'sysfs' && verdict.accepted),
    };
  }

  #gpuLoads(sample: LoadSample): readonly GpuLoad[] {
    return gpuLoadsOf(this.#adapters, sample, sizeOfMachine().memoryGb);
  }

  /** `sample` null: the sample of the processes failed, so the load of the owner is unknown. */
  #observe(sample: PoolSample | null, use: PoolUse, gpus: readonly GpuLoad[]): void {
    const atMonotonicMs = this.#clock.monotonicMs();
    const adapters = this.#adapters;
    this.#owner = sample === null ? NO_OWNER_LOAD : withObservation(this.#owner, { sample, use, adapters, gpus, atMonotonicMs });
    if (sample !== null) this.#shares = withShares(this.#shares, { sample, use, adapters, atMonotonicMs });
  }

  #remember(sample: LoadSample, gpus: readonly GpuLoad[], startedAtMonotonicMs: number): LoadReport {
    const { cpuPercent, memPercent, diskFreeGb } = sample.machine;
    const atMonotonicMs = this.#clock.monotonicMs();
    const report: LoadReport = {
      cpuPercent,
      ...ownerLoadOf(this.#owner, gpus),
      memPercent,
      diskFreeGb,
      gpus,
      shares: this.#sharesOf(gpus),
      faults: sample.nvidia.faults,
      unknownGpuSeen: hasUnknownGpu(this.#adapters, sample),
      takenMs: Math.round(atMonotonicMs - startedAtMonotonicMs),
      ageMs: 0,
    };
    this.#measured = { report, atMonotonicMs: atMonotonicMs };
    return report;
  }

  /** The load after a failed probe: the last figures with their age, and no usable GPU. Simulated GPUs stay usable. */
  #failedLoad(failure: ProbeFailure, startedAtMonotonicMs: number): LoadReport {
    this.#owner = NO_OWNER_LOAD;
    const nowMonotonicMs = this.#clock.monotonicMs();
    const measured = this.#measured;
    const offered = this.#adapters.filter((adapter) => adapter.verdict.accepted);
    const gpus = offered.map((adapter) =>
      adapter.simulated
        ? { key: adapter.key, available: true, unavailableCode: null, live: adapter.live }
        : unusableLoad(adapter.key, failure.code),
    );
    return {
      cpuPercent: measured?.report.cpuPercent ?? null,
      ownerCpuPercent: null,
      ownerGpuPercent: null,
      memPercent: measured?.report.memPercent ?? null,
      diskFreeGb: measured?.report.diskFreeGb ?? null,
      gpus,
      shares: this.#sharesOf(gpus),
      faults: [driverFault(failure)],
      unknownGpuSeen: false,
      takenMs: Math.round(nowMonotonicMs - startedAtMonotonicMs),
      ageMs: measured === null ? 0 : Math.round(nowMonotonicMs - measured.atMonotonicMs),
    };
  }

  #sharesOf(gpus: readonly GpuLoad[]): readonly GpuShare[] {
    return sharesOf(this.#shares, this.#owner, { adapters: this.#adapters, gpus }, this.#clock.monotonicMs());
  }

  /** Resolves to the last figures with their age after `delayMs`, unless the fresh ones came first. */
  #lastLoadAfter(delayMs: number, last: Measured, fresh: Promise<LoadReport>): Promise<LoadReport> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(delayMs, () => {
        resolve({ ...last.report, ageMs: Math.round(this.#clock.monotonicMs() - last.atMonotonicMs) });
      });
      void fresh.finally(() => {
        timer.cancel();
      });
    });
  }
}

const driverFault = ({ code, detail }: ProbeFailure): GpuFault => ({ code, busAddress: null, detail });

function failedTrace(failure: ProbeFailure | null, durationMs: number): readonly ProbeTrace[] {
  const outcome = failure?.code === 'probe_timeout' ? 'timeout' : 'failed';
  return [{ source: 'nvidia-smi', outcome, detail: failure?.detail ?? null, durationMs: Math.round(durationMs) }];
}
