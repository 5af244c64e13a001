// The figures of one period: of a sample, or of many samples joined. Sums are added, figures are averaged by time, and the queue keeps its
// highest value.
import { joinLatencies, type Latencies } from '../../jobs/machine/latencies';
import type { PoolCount } from './pool-count';

export interface Period extends PoolCount {
  /** When the period begins, Unix ms. */
  readonly atWallMs: number;
  /** For how long the scheduler counted. In a period with a gap, less than its length. */
  readonly countedMs: number;
  readonly runningJobs: number;
  readonly waitingJobs: number;
  readonly oldestWaitMs: number | null;
  readonly endedJobs: number;
  readonly outputTokens: number;
  readonly firstTokens: Latencies;
}

/** The joined period begins with the first one. */
export function joinPeriods(one: Period, other: Period): Period {
  const countedMs = one.countedMs + other.countedMs;
  const mean = (a: number, b: number): number => (a * one.countedMs + b * other.countedMs) / countedMs;
  const knownMean = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : mean(a, b));
  const nodes = Object.entries(one.nodes).map(([state, count]) => [state, mean(count, other.nodes[state as keyof Period['nodes']])]);
  return {
    atWallMs: one.atWallMs,
    countedMs,
    nodes: Object.fromEntries(nodes) as Period['nodes'],
    gpus: mean(one.gpus, other.gpus),
    offeredGpus: mean(one.offeredGpus, other.offeredGpus),
    vramGb: mean(one.vramGb, other.vramGb),
    poolVramGb: knownMean(one.poolVramGb, other.poolVramGb),
    ownersVramGb: knownMean(one.ownersVramGb, other.ownersVramGb),
    poolGpuPercent: knownMean(one.poolGpuPercent, other.poolGpuPercent),
    ownersGpuPercent: knownMean(one.ownersGpuPercent, other.ownersGpuPercent),
    slots: mean(one.slots, other.slots),
    usedSlots: mean(one.usedSlots, other.usedSlots),
    runningJobs: mean(one.runningJobs, other.runningJobs),
    waitingJobs: Math.max(one.waitingJobs, other.waitingJobs),
    oldestWaitMs: one.oldestWaitMs === null ? other.oldestWaitMs : Math.max(one.oldestWaitMs, other.oldestWaitMs ?? 0),
    endedJobs: one.endedJobs + other.endedJobs,
    outputTokens: one.outputTokens + other.outputTokens,
    firstTokens: joinLatencies(one.firstTokens, other.firstTokens),
  };
}
