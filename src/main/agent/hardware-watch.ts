// What this machine is and how busy, always at hand: asks the prober in the background, so that no heartbeat waits for it.
// Tells when the GPUs offered or their availability change.
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { HardwareReport, LoadReport } from '../hardware/parse/types';
import { toWireHardware } from '../hardware/decide/wire-hardware';
import type { HardwarePort } from './hardware-port';
import { trustedLoad } from './core/node-messages';

export interface HardwareWatchOptions {
  readonly hardware: HardwarePort;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something to show is new. */
  readonly onReading: () => void;
  /** The offered hardware differs (`registration`), or a GPU became usable or unusable. */
  readonly onChange: (registration: boolean) => void;
}

/** Just under the fastest pace of heartbeats, so that each tells news. */
const LOAD_INTERVAL_MS = 2500;
/** A new card, or one that came back, is looked for at most this often. */
const INVENTORY_INTERVAL_MS = 60_000;

interface Reading {
  readonly load: LoadReport;
  readonly atWallMs: number;
  readonly atMonotonicMs: number;
}

export class HardwareWatch {
  private readonly options: HardwareWatchOptions;
  private current: HardwareReport | null = null;
  private reading: Reading | null = null;
  private inventoryAtMs = 0;
  private timer: Timer | null = null;
  private running = false;

  constructor(options: HardwareWatchOptions) {
    this.options = options;
  }

  /** Null before the first inventory. */
  report(): HardwareReport | null {
    return this.current;
  }

  /** The latest figures; when the machine stopped telling, its GPUs are unavailable in them. */
  load(): { readonly load: LoadReport; readonly readAt: number } | null {
    if (this.reading === null) return null;
    const load = trustedLoad(this.reading.load, this.reading.atMonotonicMs, this.options.clock.monotonicMs());
    return { load, readAt: this.reading.atWallMs - this.reading.load.ageMs };
  }

  /** Memory of the largest GPU offered, GB; 0: none is. */
  largestGpuGb(): number {
    return Math.max(0, ...(this.current === null ? [] : toWireHardware(this.current).gpus.map((gpu) => gpu.memory_gb)));
  }

  /** Looks at everything now, and from then on reads the load every few seconds. */
  async start(): Promise<void> {
    this.running = true;
    await this.recheck();
    this.schedule();
  }

  stop(): void {
    this.running = false;
    this.timer?.cancel();
  }

  async recheck(): Promise<void> {
    await this.takeInventory();
    await this.read();
  }

  private schedule(): void {
    if (!this.running) return;
    this.timer = this.options.clock.setTimer(LOAD_INTERVAL_MS, () => {
      void this.read().finally(() => {
        this.schedule();
      });
    });
  }

  private async takeInventory(): Promise<void> {
    const { hardware, clock, logger, onChange } = this.options;
    this.inventoryAtMs = clock.monotonicMs();
    const before = this.current;
    this.current = await hardware.inventory();
    const changed = before === null || wireOf(before) !== wireOf(this.current);
    if (changed) {
      const offered = toWireHardware(this.current).gpus;
      logger.log('info', 'hardware_found', {
        gpu_count: offered.length,
        gpus: offered.map((gpu) => gpu.name),
        cpu_cores: this.current.cpuCores,
        memory_gb: this.current.memoryGb,
      });
    }
    if (before !== null && changed) onChange(true);
  }

  private async read(): Promise<void> {
    const { hardware, clock, logger, onChange, onReading } = this.options;
    const load = await hardware.load();
    const before = this.reading?.load ?? null;
    this.reading = { load, atWallMs: clock.wallMs(), atMonotonicMs: clock.monotonicMs() };
    onReading();
    for (const gpu of load.gpus) {
      const was = before?.gpus.find((candidate) => candidate.key === gpu.key);
      if (was === undefined || was.available === gpu.available) continue;
      logger.log(gpu.available ? 'info' : 'warn', 'gpu_availability_changed', {
        gpu: gpu.key,
        available: gpu.available,
        code: gpu.unavailableCode,
      });
      onChange(false);
    }
    if (load.unknownGpuSeen && clock.monotonicMs() - this.inventoryAtMs > INVENTORY_INTERVAL_MS) await this.takeInventory();
  }
}

const wireOf = (report: HardwareReport): string => JSON.stringify(toWireHardware(report));
