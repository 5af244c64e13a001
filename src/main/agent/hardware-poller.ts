// Polls the prober in the background and keeps the latest inventory and load, so that no heartbeat waits for the hardware.
// Reports when the offered GPUs or their availability change.
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { PoolUse } from '../hardware/parse/pool-sample';
import type { SimulatedGpu } from '../hardware/decide/simulated';
import type { HardwareReport, LoadReport } from '../hardware/parse/types';
import { toWireHardware } from '../hardware/decide/wire-hardware';
import { type GpuChoice, unknownGpus } from './core/gpu-choice';
import { trustedLoad } from './core/node-messages';
import { offeredLoad, offeredReport } from './core/offered-hardware';

/** The interface of the hardware prober, which enforces the time limits. */
export interface HardwarePort {
  /** Every adapter of this machine, accepted or refused. Expensive: called at start, on request and after a wake-up. Never rejects. */
  inventory(): Promise<HardwareReport>;
  /**
   * Live figures of the accepted adapters and the machine, and the owner's part of them: the load without the processes of `use`. A
   * hung driver makes GPUs unavailable and delays nothing. `isViewed`: the owner looks at the programs on the GPUs. Never rejects.
   */
  load(use: PoolUse, isViewed: boolean): Promise<LoadReport>;
  /** The names that have a running process. Null: the processes could not be listed. Never rejects. */
  processesAlive(names: readonly string[]): Promise<ReadonlySet<string> | null>;
  /** Simulates these GPUs in place of the real ones; with none, the real ones again. The next inventory and load have them. */
  simulate(gpus: readonly SimulatedGpu[]): Promise<void>;
}

export interface HardwarePollerOptions {
  readonly hardware: HardwarePort;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Which processes work for the pool now. */
  readonly poolUse: () => PoolUse;
  /** Which GPUs the owner offers. */
  readonly choice: GpuChoice;
  /** A rule of the owner needs the programs on the GPUs. Default: none does. */
  readonly needsPrograms?: () => boolean;
  /** There is a new reading of all accepted GPUs. */
  readonly onReading: (load: LoadReport) => void;
  /** `registration`: the offered hardware changed. Otherwise a GPU became usable or unusable. */
  readonly onChange: (registration: boolean) => void;
}

/** Shorter than the shortest heartbeat interval (3 s), so that every heartbeat carries a new reading. */
const LOAD_INTERVAL_MS = 2500;
/** An unknown card starts a new inventory at most this often. */
const INVENTORY_INTERVAL_MS = 60_000;
/** A page asks for the programs every few seconds while it is open. */
const VIEWED_FOR_MS = 15_000;

interface Reading {
  readonly load: LoadReport;
  readonly atWallMs: number;
  readonly atMonotonicMs: number;
}

export class HardwarePoller {
  readonly #options: HardwarePollerOptions;
  #current: HardwareReport | null = null;
  #reading: Reading | null = null;
  #inventoryAtMonotonicMs = 0;
  #timer: Timer | null = null;
  #running = false;
  #choice: GpuChoice;
  #viewedAtMonotonicMs: number | null = null;

  constructor(options: HardwarePollerOptions) {
    this.#options = options;
    this.#choice = options.choice;
  }

  /** Every adapter of this computer. Null before the first inventory. */
  report(): HardwareReport | null {
    return this.#current;
  }

  /** The hardware as the pool sees it. Null before the first inventory. */
  offered(): HardwareReport | null {
    return this.#current === null ? null : offeredReport(this.#current, this.#choice);
  }

  /** The latest figures as the pool sees them. Null before the first reading. */
  offeredLoad(): LoadReport | null {
    const load = this.load()?.load ?? null;
    return load === null || this.#current === null ? load : offeredLoad(load, this.#current, this.#choice);
  }

  choice(): GpuChoice {
    return this.#choice;
  }

  /** The owner offers other GPUs, or other parts of their memory: they are registered again. */
  choose(choice: GpuChoice): void {
    const before = this.#wire();
    const isChanged = JSON.stringify(choice) !== JSON.stringify(this.#choice);
    this.#choice = choice;
    if (isChanged && this.#current !== null) this.#logUnknown(this.#current);
    if (before !== this.#wire()) this.#options.onChange(true);
  }

  /** The owner looks at the programs on the GPUs now. */
  viewed(): void {
    this.#viewedAtMonotonicMs = this.#options.clock.monotonicMs();
  }

  /** The latest figures of all accepted GPUs. When they are too old, real GPUs in them are unavailable. Null before the first reading. */
  load(): { readonly load: LoadReport; readonly readAtWallMs: number } | null {
    if (this.#reading === null) return null;
    const load = trustedLoad(this.#reading.load, this.#current, this.#reading.atMonotonicMs, this.#options.clock.monotonicMs());
    return { load, readAtWallMs: this.#reading.atWallMs - this.#reading.load.ageMs };
  }

  /** Memory of the largest offered GPU, GB. 0: no GPU is offered. */
  largestGpuGb(): number {
    const offered = this.offered();
    return Math.max(0, ...(offered === null ? [] : toWireHardware(offered).gpus.map((gpu) => gpu.memory_gb)));
  }

  /** Takes an inventory and a reading now, then polls the load. */
  async start(): Promise<void> {
    this.#running = true;
    await this.refresh();
    this.#schedule();
  }

  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
  }

  async refresh(): Promise<void> {
    await this.#takeInventory();
    await this.#read();
  }

  #schedule(): void {
    if (!this.#running) return;
    this.#timer = this.#options.clock.setTimer(LOAD_INTERVAL_MS, () => {
      void this.#read().finally(() => {
        this.#schedule();
      });
    });
  }

  async #takeInventory(): Promise<void> {
    const { hardware, clock, logger, onChange } = this.#options;
    this.#inventoryAtMonotonicMs = clock.monotonicMs();
    const before = this.#wire();
    this.#current = await hardware.inventory();
    const changed = before !== this.#wire();
    if (changed) {
      const offered = toWireHardware(offeredReport(this.#current, this.#choice)).gpus;
      this.#logUnknown(this.#current);
      logger.log('info', 'hardware_found', {
        gpu_count: offered.length,
        gpus: offered.map((gpu) => gpu.name),
        cpu_cores: this.#current.cpuCores,
        memory_gb: this.#current.memoryGb,
      });
    }
    if (before !== null && changed) onChange(true);
  }

  #logUnknown({ adapters }: HardwareReport): void {
    const unknown = unknownGpus(
      this.#choice,
      adapters.filter(({ verdict }) => verdict.accepted),
    );
    if (unknown.length > 0) this.#options.logger.log('warn', 'chosen_gpus_not_found', { gpus: unknown.slice(0, 16) });
  }

  async #read(): Promise<void> {
    const { hardware, clock, logger, poolUse, needsPrograms = () => false, onChange, onReading } = this.#options;
    const load = await hardware.load(poolUse(), this.#isViewed() || needsPrograms());
    const before = this.#reading?.load ?? null;
    this.#reading = { load, atWallMs: clock.wallMs(), atMonotonicMs: clock.monotonicMs() };
    onReading(load);
    for (const gpu of load.gpus) {
      const previous = before?.gpus.find((candidate) => candidate.key === gpu.key);
      if (previous === undefined || previous.available === gpu.available) continue;
      logger.log(gpu.available ? 'info' : 'warn', 'gpu_availability_changed', {
        gpu: gpu.key,
        available: gpu.available,
        code: gpu.unavailableCode,
      });
      onChange(false);
    }
    if (load.unknownGpuSeen && clock.monotonicMs() - this.#inventoryAtMonotonicMs > INVENTORY_INTERVAL_MS) await this.#takeInventory();
  }

  #isViewed(): boolean {
    const viewedAtMonotonicMs = this.#viewedAtMonotonicMs;
    return viewedAtMonotonicMs !== null && this.#options.clock.monotonicMs() - viewedAtMonotonicMs < VIEWED_FOR_MS;
  }

  /** Equal texts: the registration would be the same. Null before the first inventory. */
  #wire(): string | null {
    const offered = this.offered();
    return offered === null ? null : JSON.stringify(toWireHardware(offered));
  }
}
