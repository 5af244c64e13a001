// Counts the nodes of the pool for one sample. Each node is added once, in several turns of the event loop.
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../../shared/protocol/status';
import { isInMemory } from '../../../../shared/protocol/model-control';
import { residencyOf } from '../../lifecycle/model-residency';
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

/** What the pool and the owner use of the GPUs of one node. Null: not reported. */
interface Shared {
  readonly pool: number;
  readonly owner: number;
}

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
    const gpus = record.profile.hardware.gpus.filter(({ memoryGb }) => memoryGb > 0);
    this.#nodes[state]++;
    this.#gpus += gpus.length;
    if (OFFERED.has(state)) this.#offeredGpus += usableGpus(record, gpus.length);
    this.#vramGb += gpus.reduce((sum, { memoryGb }) => sum + memoryGb, 0);
    if (WITH_SLOTS.has(state)) this.#slots += usableSlots(record);
    if (!record.online) return;
    this.#usedSlots += inFlightJobs(record);
    this.#vram = sum(this.#vram, vramOf(record));
    this.#load = sum(this.#load, loadOf(record, gpus.length));
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

const sum = (known: Shared | null, added: Shared | null): Shared | null =>
  known === null || added === null ? (known ?? added) : { pool: known.pool + added.pool, owner: known.owner + added.owner };

const usableGpus = ({ gpus }: NodeRecord, registered: number): number =>
  gpus === null ? registered : Math.min(registered, gpus.filter(({ available }) => available).length);

/** The memory of the models in memory is the pool's, as far as so much is in use. */
function vramOf(record: NodeRecord): Shared | null {
  const used = (record.gpus ?? []).flatMap(({ memoryUsedGb }) => memoryUsedGb ?? []);
  if (used.length === 0) return null;
  const usedGb = used.reduce((total, gb) => total + gb, 0);
  const pool = Math.min(usedGb, loadedGbOf(record.profile));
  return { pool, owner: usedGb - pool };
}

const knownLoadedGb = new WeakMap<NodeProfile, number>();

/** Counted once per profile: a node can have a thousand models, and few heartbeats change them. */
function loadedGbOf(profile: NodeProfile): number {
  const known = knownLoadedGb.get(profile);
  if (known !== undefined) return known;
  const sizes = new Map<string, number>();
  for (const { modelId, vramGb, isLoaded } of profile.installedModels) {
    const inMemory = profile.modelResidency == null ? isLoaded === true : isInMemory(residencyOf(profile, modelId));
    if (vramGb !== null && inMemory) sizes.set(modelId, vramGb);
  }
  const gb = [...sizes.values()].reduce((total, size) => total + size, 0);
  knownLoadedGb.set(profile, gb);
  return gb;
}

/**
 * Percent, summed over the GPUs of the node. A node reports its own load and that of its owner as those of its busiest GPU, so their ratio
 * divides the sum. While jobs run, an unknown load of the owner counts as none.
 */
function loadOf({ gpus, usage, ownerLoad }: NodeRecord, registered: number): Shared | null {
  const busiest = usage?.gpuPercent ?? null;
  const each = (gpus ?? []).flatMap(({ utilizationPercent }) => utilizationPercent ?? []);
  if (registered === 0 || (busiest === null && each.length === 0)) return null;
  const total = each.length > 0 ? each.reduce((all, percent) => all + percent, 0) : clampPercent(busiest ?? 0) * registered;
  const highest = busiest === null ? Math.max(...each) : clampPercent(busiest);
  const ownerShare = ownerLoad.gpuPercent === null || highest <= 0 ? 0 : Math.min(1, ownerLoad.gpuPercent / highest);
  const within = Math.min(total, 100 * registered);
  return { pool: within * (1 - ownerShare), owner: within * ownerShare };
}

const clampPercent = (percent: number): number => Math.min(100, Math.max(0, Number.isFinite(percent) ? percent : 0));
