// The figures of a node in a table and in the facts of the page. Null: not reported. A node without a connection reports nothing.
import { availabilityOf, slotsOf } from '../../../shared/api/availability';
import type { NodeView } from '../../../shared/api/node-view';
import type { Use } from './UseBar';

type Figured = Pick<NodeView, 'online' | 'use' | 'resource_usage' | 'hardware'>;

/** Percent of all GPUs. An older scheduler does not divide it. */
export function gpuUse({ online, use, resource_usage: usage }: Figured): Use {
  if (!online) return null;
  if (use !== undefined) return use.gpu_percent;
  return usage?.gpu_percent == null ? null : { used: usage.gpu_percent };
}

/** GB. */
export const vramUse = ({ online, use }: Figured): Use => (online ? (use?.vram_gb ?? null) : null);

/** Whether a bar of the node divides pool and owner. */
export const hasSplitUse = ({ online, use }: Figured): boolean => online && use !== undefined && (use.gpu_percent ?? use.vram_gb) !== null;

export const vramTotalGb = ({ hardware }: Figured): number => hardware.gpus.reduce((sum, { memory_gb: gb }) => sum + gb, 0);

export function percentUse({ online, resource_usage: usage }: Figured, kind: 'cpu' | 'mem'): number | null {
  return online ? (usage?.[`${kind}_percent`] ?? null) : null;
}

export const usedOf = (use: Use): number | null => (use === null ? null : 'used' in use ? use.used : use.pool + use.owner);

export interface PoolFacts {
  readonly nodes: number;
  readonly available: number;
  readonly gpus: number;
  /** Null: no node reports it. */
  readonly vramUsedGb: number | null;
  /** The memory of the nodes that report its use. */
  readonly vramReportedGb: number;
  readonly vramGb: number;
  readonly slotsUsed: number;
  readonly slots: number;
  /** On all connected nodes. */
  readonly jobs: number;
  /** Null: no node generates tokens. */
  readonly tokensPerSecond: number | null;
  readonly simulated: number;
}

const known = new WeakMap<ReadonlyMap<string, NodeView>, PoolFacts>();

/** Counted once per change of the nodes. Slots count as in the totals of the scheduler: of available and full nodes. */
export function poolFacts(nodes: ReadonlyMap<string, NodeView>): PoolFacts {
  const counted = known.get(nodes) ?? factsOf([...nodes.values()]);
  known.set(nodes, counted);
  return counted;
}

const sumOf = (sum: number | null, value: number | null | undefined): number | null => (value == null ? sum : (sum ?? 0) + value);

/** Of some nodes. */
export function factsOf(nodes: readonly NodeView[]): PoolFacts {
  let [available, gpus, vramGb, vramReportedGb, slotsUsed, slots, jobs, simulated] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [vramUsedGb, tokensPerSecond]: [number | null, number | null] = [null, null];
  for (const node of nodes) {
    const { state } = availabilityOf(node);
    if (state === 'available') available++;
    if (state === 'available' || state === 'full') {
      const { used, total } = slotsOf(node);
      // A limit that was lowered leaves more jobs than slots.
      slots += Math.max(used, total);
      slotsUsed += used;
    }
    if (node.simulated) simulated++;
    gpus += node.hardware.gpus.filter(({ memory_gb: gb }) => gb > 0).length;
    if (node.online) jobs += slotsOf(node).used;
    vramGb += vramTotalGb(node);
    const usedGb = usedOf(vramUse(node));
    if (usedGb !== null) vramReportedGb += vramTotalGb(node);
    vramUsedGb = sumOf(vramUsedGb, usedGb);
    tokensPerSecond = sumOf(tokensPerSecond, node.online ? node.tokens_per_second : null);
  }
  return { nodes: nodes.length, available, gpus, vramUsedGb, vramReportedGb, vramGb, slotsUsed, slots, jobs, tokensPerSecond, simulated };
}
