// Turns of equally loaded nodes (ADR 0018). Each assignment moves its node back in the order: by one turn, or by less for a node that reports
// a higher speed for the model or a lower GPU load. What a node reports is bounded, so its share of the jobs is bounded as well. The order
// itself depends on the stored turns alone, so a report moves no node. Start-time fair queueing with weights.
import type { NodeProfile, NodeRecord } from '../lifecycle/node-record';
import { speedsOf } from './ranking';

/** A reported speed counts at most twice the median of the other reports. */
const MAX_TIMES_OTHERS = 2;
/** Even a very slow node gets a turn. */
const MIN_SPEED_SHARE = 1 / 8;
/** A node whose GPU is at this load or above gets half the turns of an idle one. */
const HALVING_GPU_PERCENT = 50;

export class FairTurns {
  /** By model: the reported speeds, ascending. */
  readonly #claims = new Map<string, number[]>();
  /** The turn at which the last assignment began. A node that was away begins here, and not with the turns that it missed. */
  #time = 0;

  /** Number of models with a reported speed. */
  get modelCount(): number {
    return this.#claims.size;
  }

  /** Must be called with every changed record: `previous` is null for a new node, `next` for a removed one. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (previous?.profile === next?.profile) return;
    if (previous !== null) this.#remove(previous.profile);
    if (next !== null) this.#add(next.profile);
  }

  /** The turn of the node after a job on the model, which is assigned now. */
  nextTurn(record: NodeRecord, modelId: string): number {
    this.#time = Math.max(this.#time, record.turn);
    return this.#time + 1 / (this.speedShare(record.profile, modelId) * gpuShare(record));
  }

  /**
   * The speed of the node relative to the median of all reports (of two, the lower one). A report counts at most twice the median of the
   * other reports (of two, the higher one); without another report it has no effect. A node without a report counts as the median.
   */
  speedShare(profile: NodeProfile, modelId: string): number {
    const claims = this.#claims.get(modelId) ?? [];
    const claim = speedsOf(profile).get(modelId);
    if (claim === undefined || claims.length < 2) return 1;
    const own = firstAtLeast(claims, claim);
    const middle = (claims.length - 1) >>> 1;
    const medianOfOthers = claims[middle < own ? middle : middle + 1] ?? claim;
    const median = claims[middle] ?? claim;
    return Math.max(MIN_SPEED_SHARE, Math.min(claim, MAX_TIMES_OTHERS * medianOfOthers) / median);
  }

  #add(profile: NodeProfile): void {
    for (const [modelId, claim] of speedsOf(profile)) {
      const claims = this.#claims.get(modelId);
      if (claims === undefined) this.#claims.set(modelId, [claim]);
      else claims.splice(firstAtLeast(claims, claim), 0, claim);
    }
  }

  /** Model ids come from nodes, so models without a report are removed: otherwise a node could fill the memory. */
  #remove(profile: NodeProfile): void {
    for (const [modelId, claim] of speedsOf(profile)) {
      const claims = this.#claims.get(modelId);
      claims?.splice(firstAtLeast(claims, claim), 1);
      if (claims?.length === 0) this.#claims.delete(modelId);
    }
  }
}

/** From 1 for an idle GPU to 1/2. A load that is not measured counts as idle. */
function gpuShare({ usage }: NodeRecord): number {
  const percent = Math.min(HALVING_GPU_PERCENT, Math.max(0, usage?.gpuPercent ?? 0));
  return 1 - percent / (2 * HALVING_GPU_PERCENT);
}

/** The first index whose value is not below this one. */
function firstAtLeast(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
