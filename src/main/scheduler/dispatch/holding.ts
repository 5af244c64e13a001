// Whether a job waits for a full node instead of going to a free one (ADR 0024). Only when the full node should finish it much earlier, with
// the wait for a slot counted, and for a bounded time. Jobs that already wait for a node take its next slots.
import { hasRates } from '../lifecycle/model-rates';
import { type NodeRecord, usableSlots } from '../lifecycle/node-record';
import { suits } from './filters';
import type { JobRequirements } from './job-requirements';
import { leftMs } from './next-slot';
import type { DispatchPolicy } from './policy';
import { type ForecastNode, forecastNode, type RequestForecast } from './prediction/forecast';
import type { FullNodes } from './prediction/full-nodes';

/** The full node must be this many times faster. Chosen on the traces of bench/routing, see docs/performance.md. */
const HOLD_FACTOR = 1.5;
/** And save at least this much. */
const MIN_GAIN_MS = 500;
/** A job is held at most this long in one stay in the queue. */
export const MAX_HOLD_MS = 30_000;
/** Full nodes that one decision compares. */
const MAX_COMPARED = 8;

export interface HoldInput {
  readonly full: FullNodes;
  readonly policy: DispatchPolicy;
  readonly nowMonotonicMs: number;
  /** The jobs that wait for each full node. */
  readonly held: HeldByNode;
  /** The longest time that this job may wait for a slot, ms. */
  readonly maxMs: number;
}

export type HeldByNode = ReadonlyMap<string, { readonly size: number }>;

/** The full node for which the job should wait, with its prediction. Null: the best free node gets the job now. */
export function nodeWorthWaitingFor(
  { full, policy, nowMonotonicMs, held, maxMs }: HoldInput,
  job: JobRequirements,
  modelId: string,
  forecast: RequestForecast,
  bestFree: ForecastNode,
): ForecastNode | null {
  const compared = new Set<NodeRecord>();
  for (const record of full.fastestFirst(modelId, forecast.work)) if (compared.add(record).size === MAX_COMPARED) break;
  for (const nodeId of forecast.cachedOn.keys()) {
    const record = full.get(nodeId);
    if (record !== undefined && hasRates(record.rates, modelId)) compared.add(record);
  }
  let best: ForecastNode | null = null;
  for (const record of compared) {
    if (!suits(record, job, policy)) continue;
    const slotMs = slotMsOf(record, held.get(record.nodeId)?.size ?? 0, nowMonotonicMs);
    const found = slotMs === null ? null : forecastNode(record, modelId, forecast, slotMs);
    if (found !== null && (best === null || found.costMs < best.costMs)) best = found;
  }
  return best !== null && best.slotMs <= maxMs && isWorthWaiting(best, bestFree, forecast.work.reuse) ? best : null;
}

/**
 * `reuse`: the share of prompts that was found in caches lately. A wait moves conversations to the fastest node, whose cache does not hold all
 * of them. So the more prompts come from caches, the sooner the node must have a free slot. A gain of more than the longest wait is always
 * worth it: without this, a conversation that was on a slow node had to wait there for minutes.
 */
function isWorthWaiting(full: ForecastNode, free: ForecastNode, reuse: number): boolean {
  const gainMs = free.costMs - full.costMs;
  const isSoon = full.slotMs <= MAX_HOLD_MS * (1 - reuse) ** 2;
  return gainMs > MIN_GAIN_MS && full.costMs * HOLD_FACTOR < free.costMs && (isSoon || gainMs > MAX_HOLD_MS);
}

/** The time until the node has a slot for one more waiting job, ms. Null: the ends of its jobs are not known. */
function slotMsOf(record: NodeRecord, waiting: number, nowMonotonicMs: number): number | null {
  const lefts = Array.from(record.expectedJobs.values(), ({ endMonotonicMs }) => leftMs(endMonotonicMs - nowMonotonicMs)).sort(
    (a, b) => a - b,
  );
  if (lefts.length < usableSlots(record) || waiting >= lefts.length) return null;
  return Math.round(lefts[waiting] ?? 0);
}
