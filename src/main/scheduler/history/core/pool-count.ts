// Counts the nodes of the pool for one sample. Each node is added once, in several turns of the event loop.
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../../shared/protocol/status';
import { isModelInMemory } from '../../lifecycle/model-residency';
import type { GpuReading } from '../../lifecycle/node-report';
import { inFlightJobs, type NodeProfile, type NodeRecord, usableSlots } from '../../lifecycle/node-record';

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

/** In these states a node gets jobs, or would get one if it had a free slot. */
const OFFERED: ReadonlySet<AvailabilityState> = new Set(['available', 'full']);
/** The slots of these nodes count. */
const WITH_SLOTS: ReadonlySet<AvailabilityState> = new Set(['available', 'full', 'busy']);

/** What the pool and the owners use, summed over nodes. Null: no node reports it. */
interface Shared {
  pool: number;
  owners: number;
}

/** Ten thousand nodes are counted in a few milliseconds, so nothing is allocated for a node. */
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
    let registered = 0;
    for (const { memoryGb } of record.profile.hardware.gpus) {
      // A GPU without memory does not count.
      if (memoryGb <= 0) continue;
      registered++;
      this.#vramGb += memoryGb;
    }
    this.#nodes[state]++;
    this.#gpus += registered;
    if (OFFERED.has(state)) this.#offeredGpus += usableGpus(record, registered);
    if (WITH_SLOTS.has(state)) {
      this.#slots += usableSlots(record);
      this.#usedSlots += inFlightJobs(record);
    }
    if (!record.online) return;
    this.#addVram(record);
    if (registered > 0) this.#addLoad(record, registered);
  }

  count(): PoolCount {
    const [vram, load] = [this.#vram, this.#load];
    return {
      nodes: this.#nodes,
      gpus: this.#gpus,
      offeredGpus: this.#offeredGpus,
      vramGb: this.#vramGb,
      poolVramGb: vram?.pool ?? null,
      ownersVramGb: vram?.owners ?? null,
      poolGpuPercent: load === null ? null : load.pool / this.#gpus,
      ownersGpuPercent: load === null ? null : load.owners / this.#gpus,
      slots: this.#slots,
      usedSlots: this.#usedSlots,
    };
  }

  /** The memory of the models in memory is the pool's, as far as so much is in use. */
  #addVram({ gpus, profile }: NodeRecord): void {
    let usedGb: number | null = null;
    for (const { memoryUsedGb } of gpus ?? NO_READINGS) if (memoryUsedGb !== null) usedGb = (usedGb ?? 0) + memoryUsedGb;
    if (usedGb === null) return;
    const pool = Math.min(usedGb, loadedGbOf(profile));
    this.#vram ??= { pool: 0, owners: 0 };
    this.#vram.pool += pool;
    this.#vram.owners += usedGb - pool;
  }

  /**
   * A node reports its own load and that of its owner as those of its busiest GPU, so their ratio divides the sum over its GPUs. While jobs
   * run, an unknown load of the owner counts as none.
   */
  #addLoad({ gpus, usage, ownerLoad }: NodeRecord, registered: number): void {
    let busiest = usage?.gpuPercent == null ? null : clampPercent(usage.gpuPercent);
    let total: number | null = null;
    let highest = 0;
    for (const { utilizationPercent } of gpus ?? NO_READINGS) {
      if (utilizationPercent === null) continue;
      total = (total ?? 0) + utilizationPercent;
      if (utilizationPercent > highest) highest = utilizationPercent;
    }
    if (busiest === null && total === null) return;
    busiest ??= highest;
    const within = Math.min(total ?? busiest * registered, 100 * registered);
    const ownerShare = ownerLoad.gpuPercent === null || busiest <= 0 ? 0 : Math.min(1, ownerLoad.gpuPercent / busiest);
    this.#load ??= { pool: 0, owners: 0 };
    this.#load.pool += within * (1 - ownerShare);
    this.#load.owners += within * ownerShare;
  }
}

const NO_READINGS: readonly GpuReading[] = [];

function usableGpus({ gpus }: NodeRecord, registered: number): number {
  if (gpus === null) return registered;
  let available = 0;
  for (const gpu of gpus) if (gpu.available) available++;
  return Math.min(registered, available);
}

const knownLoadedGb = new WeakMap<NodeProfile, number>();

/** Counted once per profile: a node can have a thousand models, and few heartbeats change them. */
function loadedGbOf(profile: NodeProfile): number {
  const known = knownLoadedGb.get(profile);
  if (known !== undefined) return known;
  const sizes = new Map<string, number>();
  for (const model of profile.installedModels)
    if (model.vramGb !== null && isModelInMemory(profile, model)) sizes.set(model.modelId, model.vramGb);
  const gb = [...sizes.values()].reduce((total, size) => total + size, 0);
  knownLoadedGb.set(profile, gb);
  return gb;
}

const clampPercent = (percent: number): number => Math.min(100, Math.max(0, Number.isFinite(percent) ? percent : 0));
