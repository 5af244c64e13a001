// What the rest of the program asks about this machine: inventory, load, living processes. It only waits for children that it can kill.
import { platform as osPlatform } from 'node:os';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { platformName } from '../../platform/platform-name';
import { composeAdapters } from '../decide/adapters';
import { keepLostAdapters, mapGpuLoads, seesUnknownGpu, unusable } from '../decide/load';
import { sizeOfMachine } from './machine';
import type { MachineIdentity } from '../parse/machine-facts';
import { absenceCode } from '../decide/nvidia-adapters';
import { NO_NVIDIA } from '../decide/nvidia-fault';
import type { SpawnProbeChild } from './probe-child-process';
import { type LaneFailure, ProbeLane } from './probe-lane';
import type { ControllersSample, LoadSample, ProbeSettings } from './probe-messages';
import { namesAlive } from '../parse/processes';
import { type SimulatedGpu, simulatedAdapters } from '../decide/simulated';
import type { GpuAdapter, GpuFault, HardwareReport, LoadReport, ProbeTrace } from '../parse/types';

export interface ProberOptions {
  readonly spawnChild: SpawnProbeChild;
  readonly clock: Clock;
  readonly logger: Logger;
  /** These instead of real GPUs, which are then not looked for. */
  readonly simulated?: readonly SimulatedGpu[];
  readonly settings?: Partial<Omit<ProbeSettings, 'lookForGpus'>>;
  readonly timings?: Partial<ProbeTimings>;
}

export interface ProbeTimings {
  /** The child that measures is killed after this. */
  readonly killMs: number;
  /** The child that lists controllers is killed after this: on Windows the first call may take many seconds, and nobody's heartbeat waits for it. */
  readonly controllersKillMs: number;
  /** `load()` answers with its last figures and their age when new ones take longer. */
  readonly answerWithinMs: number;
}

const TIMINGS: ProbeTimings = { killMs: 5000, controllersKillMs: 20_000, answerWithinMs: 1000 };
/** nvidia-smi is given up before the child that runs it: a hung driver then costs its own figures only. */
const SETTINGS: Omit<ProbeSettings, 'lookForGpus'> = { sysfsRoot: '/sys', procRoot: '/proc', nvidiaTimeoutMs: 3500, diskPath: null };
const NOBODY: MachineIdentity = { cpuModel: null, osName: null };

/** The last measurement that succeeded: what is answered while the next is late. */
interface Measured {
  readonly report: LoadReport;
  readonly atMs: number;
}

export class HardwareProber {
  private readonly clock: Clock;
  private readonly timings: ProbeTimings;
  private readonly settings: ProbeSettings;
  private readonly simulated: readonly SimulatedGpu[];
  /** Measures, and lives on. */
  private readonly fast: ProbeLane;
  /** Lists controllers and names, which may block for seconds; stopped after each inventory. */
  private readonly slow: ProbeLane;
  private adapters: readonly GpuAdapter[] = [];
  private measured: Measured | null = null;
  private inventoryInFlight: Promise<HardwareReport> | null = null;
  private loadInFlight: Promise<LoadReport> | null = null;
  private processesInFlight: Promise<readonly string[] | null> | null = null;

  constructor(options: ProberOptions) {
    const { spawnChild, clock, logger } = options;
    this.clock = clock;
    this.simulated = options.simulated ?? [];
    this.timings = { ...TIMINGS, ...options.timings };
    this.settings = { ...SETTINGS, ...options.settings, lookForGpus: this.simulated.length === 0 };
    this.fast = new ProbeLane({ spawnChild, clock, logger, timeoutMs: this.timings.killMs });
    this.slow = new ProbeLane({ spawnChild, clock, logger, timeoutMs: this.timings.controllersKillMs });
  }

  /** Looks everywhere, now. Cards that were offered before and are missing stay listed as lost. Never rejects. */
  inventory(): Promise<HardwareReport> {
    this.inventoryInFlight ??= this.takeInventory().finally(() => {
      this.inventoryInFlight = null;
    });
    return this.inventoryInFlight;
  }

  /**
   * The figures of now; of a moment ago, with their age, when the machine is slow to tell; and every GPU unavailable with
   * `probe_timeout` or `probe_failed` when it does not tell. Needs an inventory to know which GPUs are meant. Never rejects.
   */
  async load(): Promise<LoadReport> {
    this.loadInFlight ??= this.measure().finally(() => {
      this.loadInFlight = null;
    });
    const fresh = this.loadInFlight;
    if (this.measured === null) return fresh;
    return Promise.race([fresh, this.lastLoadAfter(this.timings.answerWithinMs, this.measured, fresh)]);
  }

  /** Those of `names` with a living process (by name, without path and `.exe`); null when nobody can tell. */
  async processesAlive(names: readonly string[]): Promise<ReadonlySet<string> | null> {
    this.processesInFlight ??= this.fast
      .ask({ kind: 'processes' })
      .then((answer) => (answer.ok ? answer.value : null))
      .finally(() => {
        this.processesInFlight = null;
      });
    const alive = await this.processesInFlight;
    return alive === null ? null : namesAlive(names, alive);
  }

  /** Ends the children. A later question would start them again. */
  close(): void {
    this.fast.stop();
    this.slow.stop();
  }

  private async takeInventory(): Promise<HardwareReport> {
    const size = sizeOfMachine();
    const startMs = this.clock.monotonicMs();
    const sampled = await this.fast.ask({ kind: 'load', settings: this.settings, ignoreBackoff: true }, { ignoreBackoff: true });
    const sample = sampled.ok ? sampled.value : null;
    const failure = sampled.ok ? null : sampled.error;
    const identified = await this.slow.ask({ kind: 'identity' }, { ignoreBackoff: true });
    const listing = await this.listControllers(sample);
    this.slow.stop();

    const nvidia = sample?.nvidia ?? { ...NO_NVIDIA, outcome: 'failed', faults: failure === null ? [] : [wholeFault(failure)] };
    const seen = this.settings.lookForGpus
      ? composeAdapters({
          nvidia,
          pci: sample?.pci ?? [],
          controllers: listing.controllers,
          onLinux: osPlatform() === 'linux',
          system: { totalGb: size.memoryGb, usedGb: sample?.machine.memoryUsedGb ?? null },
          appleWiredLimitMib: listing.appleWiredLimitMib,
        })
      : simulatedAdapters(this.simulated);
    this.adapters = keepLostAdapters(this.adapters, seen, (adapter) =>
      adapter.source === 'systeminformation' && !listing.complete ? null : absenceCode(nvidia.faults, adapter.busAddress),
    );
    if (sample !== null) this.remember(sample, startMs);
    return {
      ...size,
      ...(identified.ok ? identified.value : NOBODY),
      adapters: this.adapters,
      faults: nvidia.faults,
      trace: [...(sample?.trace ?? failedTrace(failure, this.clock.monotonicMs() - startMs)), ...listing.trace, ...this.simulationTrace()],
      platform: platformName(osPlatform()),
    };
  }

  /** The library asks nvidia-smi itself, blocking and without a limit: where nvidia-smi hangs it is not asked. */
  private async listControllers(sample: LoadSample | null): Promise<ControllersSample & { readonly complete: boolean }> {
    const nothing = { controllers: [], appleWiredLimitMib: null, complete: false } as const;
    if (!this.settings.lookForGpus) return { ...nothing, trace: [] };
    const trace = (outcome: ProbeTrace['outcome'], detail: string | null, durationMs: number): readonly ProbeTrace[] => [
      { source: 'systeminformation', outcome, detail, durationMs },
    ];
    if (sample === null || sample.nvidia.outcome === 'timeout')
      return { ...nothing, trace: trace('skipped', 'it would wait for the probe that hangs', 0) };
    const startMs = this.clock.monotonicMs();
    const listed = await this.slow.ask({ kind: 'controllers' }, { ignoreBackoff: true });
    if (listed.ok) return { ...listed.value, complete: true };
    const { code, detail } = listed.error;
    return {
      ...nothing,
      trace: trace(code === 'probe_timeout' ? 'timeout' : 'failed', detail, Math.round(this.clock.monotonicMs() - startMs)),
    };
  }

  private simulationTrace(): readonly ProbeTrace[] {
    if (this.simulated.length === 0) return [];
    return [{ source: 'simulated', outcome: 'found', detail: this.simulated.map((gpu) => gpu.name).join(', '), durationMs: 0 }];
  }

  private async measure(): Promise<LoadReport> {
    const startMs = this.clock.monotonicMs();
    const sampled = await this.fast.ask({ kind: 'load', settings: this.settings, ignoreBackoff: false });
    return sampled.ok ? this.remember(sampled.value, startMs) : this.unmeasured(sampled.error, startMs);
  }

  private remember(sample: LoadSample, startMs: number): LoadReport {
    const { cpuPercent, memPercent, diskFreeGb } = sample.machine;
    const atMs = this.clock.monotonicMs();
    const report: LoadReport = {
      cpuPercent,
      memPercent,
      diskFreeGb,
      gpus: mapGpuLoads(this.adapters, sample, sizeOfMachine().memoryGb),
      faults: sample.nvidia.faults,
      unknownGpuSeen: seesUnknownGpu(this.adapters, sample),
      takenMs: Math.round(atMs - startMs),
      ageMs: 0,
    };
    this.measured = { report, atMs };
    return report;
  }

  /** Nobody answered: the machine's last figures with their age, and no GPU usable (simulated ones need no answer). */
  private unmeasured(failure: LaneFailure, startMs: number): LoadReport {
    const nowMs = this.clock.monotonicMs();
    const { measured } = this;
    const offered = this.adapters.filter((adapter) => adapter.verdict.accepted);
    return {
      cpuPercent: measured?.report.cpuPercent ?? null,
      memPercent: measured?.report.memPercent ?? null,
      diskFreeGb: measured?.report.diskFreeGb ?? null,
      gpus: offered.map((adapter) =>
        adapter.simulated
          ? { key: adapter.key, available: true, unavailableCode: null, live: adapter.live }
          : unusable(adapter.key, failure.code),
      ),
      faults: [wholeFault(failure)],
      unknownGpuSeen: false,
      takenMs: Math.round(nowMs - startMs),
      ageMs: measured === null ? 0 : Math.round(nowMs - measured.atMs),
    };
  }

  /** After `delayMs` the last figures with their age; never, when the fresh ones came first. */
  private lastLoadAfter(delayMs: number, last: Measured, fresh: Promise<LoadReport>): Promise<LoadReport> {
    return new Promise((resolve) => {
      const timer = this.clock.setTimer(delayMs, () => {
        resolve({ ...last.report, ageMs: Math.round(this.clock.monotonicMs() - last.atMs) });
      });
      void fresh.finally(() => {
        timer.cancel();
      });
    });
  }
}

const wholeFault = ({ code, detail }: LaneFailure): GpuFault => ({ code, busAddress: null, detail });

function failedTrace(failure: LaneFailure | null, durationMs: number): readonly ProbeTrace[] {
  const outcome = failure?.code === 'probe_timeout' ? 'timeout' : 'failed';
  return [{ source: 'nvidia-smi', outcome, detail: failure?.detail ?? null, durationMs: Math.round(durationMs) }];
}
