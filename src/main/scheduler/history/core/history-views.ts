// The totals and the history of a pool as the API shows them.
import { POOL_RANGES, type PoolHistory, type PoolMark, type PoolRange, type PoolTotals } from '../../../../shared/api/pool-history';
import { AVAILABILITY_STATES } from '../../../../shared/protocol/status';
import { joinLatencies, type Latencies, latencyMs } from '../../jobs/machine/latencies';
import type { Period } from './periods';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SAMPLE_MS = POOL_RANGES['1h'].stepSeconds * 1000;

/** `round(0.1234, 2)` is 0.12. */
const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits;
const roundOrNull = (value: number | null, digits = 1): number | null => (value === null ? null : round(value, digits));
const percent = (value: number | null): number | null => (value === null ? null : Math.min(100, round(value)));
const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 1000));

export interface TotalsInput {
  /** When `last` was counted. */
  readonly atWallMs: number;
  readonly last: Period;
  /** The samples of the last hour. */
  readonly hour: readonly Period[];
  /** The periods of the last day. */
  readonly day: readonly Period[];
}

export function poolTotalsOf({ atWallMs: now, last, hour, day }: TotalsInput): PoolTotals {
  const minute = hour.filter(({ atWallMs }) => atWallMs + SAMPLE_MS > now - MINUTE_MS);
  const countedMs = sumOf(minute, 'countedMs');
  const firstTokens = hour.reduce<Latencies>((all, period) => joinLatencies(all, period.firstTokens), {});
  return {
    at: now,
    nodes: last.nodes,
    gpus: { total: last.gpus, offered: last.offeredGpus },
    vram_gb: { total: round(last.vramGb), pool: roundOrNull(last.poolVramGb), owners: roundOrNull(last.ownersVramGb) },
    gpu_percent: { pool: percent(last.poolGpuPercent), owners: percent(last.ownersGpuPercent) },
    slots: { total: last.slots, used: last.usedSlots },
    jobs: {
      running: last.runningJobs,
      waiting: last.waitingJobs,
      oldest_wait_seconds: seconds(last.oldestWaitMs),
      ended_per_minute: countedMs === 0 ? null : round((sumOf(minute, 'endedJobs') * MINUTE_MS) / countedMs),
    },
    output_tokens_per_second: countedMs === 0 ? null : round((sumOf(minute, 'outputTokens') * 1000) / countedMs),
    first_token_ms: firstTokenOf(firstTokens),
    last_24h: {
      since: Math.max(now - DAY_MS, day[0]?.atWallMs ?? now),
      jobs_ended: sumOf(day, 'endedJobs'),
      output_tokens: sumOf(day, 'outputTokens'),
    },
  };
}

const sumOf = (periods: readonly Period[], field: 'countedMs' | 'endedJobs' | 'outputTokens'): number =>
  periods.reduce((sum, period) => sum + period[field], 0);

function firstTokenOf(latencies: Latencies): PoolTotals['first_token_ms'] {
  const [median, p95] = [latencyMs(latencies, 0.5), latencyMs(latencies, 0.95)];
  return median === null || p95 === null ? null : { median: Math.round(median), p95: Math.round(p95) };
}

export function poolHistoryOf(range: PoolRange, periods: readonly Period[], marks: readonly PoolMark[], nowWallMs: number): PoolHistory {
  const { seconds: rangeSeconds, stepSeconds } = POOL_RANGES[range];
  const from = nowWallMs - rangeSeconds * 1000;
  const column = <Value>(valueOf: (period: Period) => Value): Value[] => periods.map(valueOf);
  const perCounted = (unitMs: number, count: (period: Period) => number): number[] =>
    column((period) => (period.countedMs === 0 ? 0 : round((count(period) * unitMs) / period.countedMs)));
  return {
    range,
    step_seconds: stepSeconds,
    from,
    until: nowWallMs,
    at: column(({ atWallMs }) => atWallMs),
    nodes: Object.fromEntries(
      AVAILABILITY_STATES.map((state) => [state, column(({ nodes }) => round(nodes[state]))]),
    ) as PoolHistory['nodes'],
    gpus: column(({ gpus }) => round(gpus)),
    gpus_offered: column(({ offeredGpus }) => round(offeredGpus)),
    gpu_pool_percent: column(({ poolGpuPercent }) => percent(poolGpuPercent)),
    gpu_owners_percent: column(({ ownersGpuPercent }) => percent(ownersGpuPercent)),
    vram_gb: column(({ vramGb }) => round(vramGb)),
    vram_pool_gb: column(({ poolVramGb }) => roundOrNull(poolVramGb)),
    vram_owners_gb: column(({ ownersVramGb }) => roundOrNull(ownersVramGb)),
    slots: column(({ slots }) => round(slots)),
    slots_used: column(({ usedSlots }) => round(usedSlots)),
    running_jobs: column(({ runningJobs }) => round(runningJobs)),
    waiting_jobs: column(({ waitingJobs }) => waitingJobs),
    oldest_wait_seconds: column(({ oldestWaitMs }) => seconds(oldestWaitMs)),
    ended_per_minute: perCounted(MINUTE_MS, ({ endedJobs }) => endedJobs),
    output_tokens_per_second: perCounted(1000, ({ outputTokens }) => outputTokens),
    first_token_median_ms: column(({ firstTokens }) => roundOrNull(latencyMs(firstTokens, 0.5), 0)),
    first_token_p95_ms: column(({ firstTokens }) => roundOrNull(latencyMs(firstTokens, 0.95), 0)),
    marks: marks.filter(({ at }) => at >= from && at <= nowWallMs),
  };
}
