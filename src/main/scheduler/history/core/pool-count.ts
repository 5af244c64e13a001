// Counts the nodes of the pool for one sample. Each node is added once, in several turns of the event loop.
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../../shared/protocol/status';
import { inFlightJobs, type NodeRecord, usableSlots } from '../../lifecycle/node-record';
import { countedGpus, gpuUseOf, type Shared, vramUseOf } from '../../nodes/core/node-use';

/** The figures of one instant. GB and percent of all GPUs. Null: no node reports it. */
export interface PoolCount {
  readonly nodes: Readonly<Record<AvailabilityState, number>>;
  readonly gpus: number;
  readonly offeredGpus: number;
  readonly vramGb: number;
  readonly poolVramGb: number | null;
  readonly ownersVramGb: number | null;
  readonly poolGpuPercent: number | null;
  readonly ownersGpuPercent: number | null;
  readonly slots: number;
  readonly usedSlots: number;
}

/**
 * In these states a node gets jobs, or would get one if it had a free slot. Only their GPUs and slots count: a free slot of another node
 * takes no job.
 */
const OFFERED: ReadonlySet<AvailabilityState> = new Set(['available', 'full']);

/** Null: no node reports it. */
const joined = (sum: Shared | null, one: Shared | null): Shared | null =>
  sum === null || one === null ? (sum ?? one) : { pool: sum.pool + one.pool, owner: sum.owner + one.owner };

/** Ten thousand nodes are counted in a few milliseconds. */
export class PoolCounter {
  readonly #nodes = Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, 0])) as Record<AvailabilityState, number>;
  #gpus = 0;
  #offeredGpus = 0;
  #vramGb = 0;
  #vram: Shared | null = null;
  /** Percent, summed over GPUs. */
  #load: Shared | null = null;
  #slots = 0;
  #usedSlots = 0;

  add(record: NodeRecord, state: AvailabilityState): void {
    const registered = countedGpus(record.profile);
    for (const { memoryGb } of record.profile.hardware.gpus) this.#vramGb += Math.max(0, memoryGb);
    this.#nodes[state]++;
    this.#gpus += registered;
    if (OFFERED.has(state)) {
      const used = inFlightJobs(record);
      this.#offeredGpus += usableGpus(record, registered);
      // A limit that was lowered leaves more jobs than slots: they take no free slot of another node.
      this.#slots += Math.max(used, usableSlots(record));
      this.#usedSlots += used;
    }
    if (!record.online) return;
    this.#vram = joined(this.#vram, vramUseOf(record));
    this.#load = joined(this.#load, gpuUseOf(record));
  }

  count(): PoolCount {
    const [vram, load] = [this.#vram, this.#load];
    return {
      nodes: this.#nodes,
      gpus: this.#gpus,
      offeredGpus: this.#offeredGpus,
      vramGb: this.#vramGb,
      poolVramGb: vram?.pool ?? null,
      ownersVramGb: vram?.owner ?? null,
      poolGpuPercent: load === null ? null : load.pool / this.#gpus,
      ownersGpuPercent: load === null ? null : load.owner / this.#gpus,
      slots: this.#slots,
      usedSlots: this.#usedSlots,
    };
  }
}

function usableGpus({ gpus }: NodeRecord, registered: number): number {
  if (gpus === null) return registered;
  let available = 0;
  for (const gpu of gpus) if (gpu.available) available++;
  return Math.min(registered, available);
}
