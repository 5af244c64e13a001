// How much of a node's GPUs and GPU memory the pool and the owner use.
import { isModelInMemory } from '../../lifecycle/model-residency';
import type { GpuReading } from '../../lifecycle/node-report';
import type { NodeProfile, NodeRecord } from '../../lifecycle/node-record';

export interface Shared {
  readonly pool: number;
  readonly owner: number;
}

/** A GPU without memory does not count. */
export function countedGpus({ hardware }: NodeProfile): number {
  let count = 0;
  for (const { memoryGb } of hardware.gpus) if (memoryGb > 0) count++;
  return count;
}

/**
 * GB. The memory of the models in memory is the pool's, as far as so much is in use. Null: the node is not connected, or reports none.
 */
export function vramUseOf({ gpus, profile, online }: NodeRecord): Shared | null {
  if (!online) return null;
  let usedGb: number | null = null;
  for (const { memoryUsedGb } of gpus ?? NO_READINGS) if (memoryUsedGb !== null) usedGb = (usedGb ?? 0) + memoryUsedGb;
  if (usedGb === null) return null;
  const pool = Math.min(usedGb, loadedGbOf(profile));
  return { pool, owner: usedGb - pool };
}

/**
 * Percent, summed over the GPUs. A node reports its own load and that of its owner as those of its busiest GPU, so their ratio divides the
 * sum over its GPUs. While jobs run, an unknown load of the owner counts as none. Null: the node is not connected, has no GPU, or reports
 * no load.
 */
export function gpuUseOf({ gpus, usage, ownerLoad, profile, online }: NodeRecord): Shared | null {
  const registered = countedGpus(profile);
  if (!online || registered === 0) return null;
  let busiest = usage?.gpuPercent == null ? null : clampPercent(usage.gpuPercent);
  let total: number | null = null;
  let highest = 0;
  for (const { utilizationPercent } of gpus ?? NO_READINGS) {
    if (utilizationPercent === null) continue;
    total = (total ?? 0) + utilizationPercent;
    if (utilizationPercent > highest) highest = utilizationPercent;
  }
  if (busiest === null && total === null) return null;
  busiest ??= highest;
  const within = Math.min(total ?? busiest * registered, 100 * registered);
  const ownerShare = ownerLoad.gpuPercent === null || busiest <= 0 ? 0 : Math.min(1, ownerLoad.gpuPercent / busiest);
  return { pool: within * (1 - ownerShare), owner: within * ownerShare };
}

const NO_READINGS: readonly GpuReading[] = [];

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
