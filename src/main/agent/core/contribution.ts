// What this computer gave to its pools, counted by local day and pool. Only the last seven days are kept.
import { z } from 'zod';
import { type Contribution, type ContributionTotals, MAX_COUNTED_POOLS } from '../../../shared/api/gpu';
import { readingValue } from '../../hardware/parse/reading';
import type { LoadReport } from '../../hardware/parse/types';
import { partsOf } from './history/history-view';

export const COUNTED_DAYS = 7;
const HOURS = 24;

const count = z.number().int().min(0);
const dayTextSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const poolDaySchema = z.object({
  jobs: count,
  failed: count,
  promptTokens: count,
  completionTokens: count,
  gpuMs: z.number().min(0),
  /** Null: no GPU reported its power while jobs ran. */
  energyWh: z.number().min(0).nullable(),
  /** Jobs with a result in each local hour. */
  hours: z.array(count).length(HOURS),
});
const daySchema = z.object({ day: dayTextSchema, pools: z.array(z.tuple([z.string().max(512), poolDaySchema])).max(MAX_COUNTED_POOLS) });
export const countedDaysSchema = z.array(daySchema).max(COUNTED_DAYS);

type PoolDay = z.infer<typeof poolDaySchema>;
/** Ascending. */
export type CountedDays = z.infer<typeof countedDaysSchema>;

/** A local day as `2026-11-29`, and the hour. */
export interface LocalTime {
  readonly day: string;
  /** The first of the seven days that end with `day`. */
  readonly firstDay: string;
  readonly hour: number;
}

export interface EndedJob {
  readonly success: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

const EMPTY_DAY: PoolDay = {
  jobs: 0,
  failed: 0,
  promptTokens: 0,
  completionTokens: 0,
  gpuMs: 0,
  energyWh: null,
  hours: Array.from({ length: HOURS }, () => 0),
};

/** A failed job counts as failed alone: its tokens reached no client. */
export const withJob = (days: CountedDays, at: LocalTime, pool: string, job: EndedJob): CountedDays =>
  changed(days, at, pool, (before) =>
    job.success
      ? {
          ...before,
          jobs: before.jobs + 1,
          promptTokens: before.promptTokens + job.promptTokens,
          completionTokens: before.completionTokens + job.completionTokens,
          hours: before.hours.map((jobs, hour) => (hour === at.hour ? jobs + 1 : jobs)),
        }
      : { ...before, failed: before.failed + 1 },
  );

/** The time in which jobs ran, and the energy of this time. */
export const withTime = (days: CountedDays, at: LocalTime, pool: string, gpuMs: number, energyWh: number | null): CountedDays =>
  changed(days, at, pool, (before) => ({
    ...before,
    gpuMs: before.gpuMs + gpuMs,
    energyWh: energyWh === null ? before.energyWh : (before.energyWh ?? 0) + energyWh,
  }));

/** Days before the seven are dropped, and days after today: the clock was set back. A pool beyond the limit is not counted. */
function changed(days: CountedDays, at: LocalTime, pool: string, change: (before: PoolDay) => PoolDay): CountedDays {
  const kept = days.filter(({ day }) => day >= at.firstDay && day < at.day);
  const pools = days.find(({ day }) => day === at.day)?.pools ?? [];
  const before = pools.find(([id]) => id === pool)?.[1];
  if (before === undefined && pools.length >= MAX_COUNTED_POOLS) return days;
  const others = pools.filter(([id]) => id !== pool);
  return [...kept, { day: at.day, pools: [...others, [pool, change(before ?? EMPTY_DAY)]] }];
}

/** The present pool first, then the pools with the most jobs. */
export function contributionOf(days: CountedDays, at: LocalTime, currentPool: string | null): Contribution {
  const inTime = days.filter(({ day }) => day >= at.firstDay && day <= at.day);
  const ids = [...new Set([...(currentPool === null ? [] : [currentPool]), ...inTime.flatMap(({ pools }) => pools.map(([id]) => id))])];
  const pools = ids.map((pool) => {
    const ofPool = inTime.flatMap(({ day, pools: counted }) => counted.flatMap(([id, one]) => (id === pool ? [{ day, one }] : [])));
    const today = ofPool.filter(({ day }) => day === at.day).map(({ one }) => one);
    return {
      pool,
      is_current: pool === currentPool,
      today: totalsOf(today),
      last_7_days: totalsOf(ofPool.map(({ one }) => one)),
      jobs_by_hour: [...(today[0] ?? EMPTY_DAY).hours],
    };
  });
  const byWork = pools.toSorted((a, b) => Number(b.is_current) - Number(a.is_current) || b.last_7_days.jobs - a.last_7_days.jobs);
  return { today: at.day, first_day: at.firstDay, pools: byWork.slice(0, MAX_COUNTED_POOLS) };
}

function totalsOf(days: readonly PoolDay[]): ContributionTotals {
  const sum = (of: (day: PoolDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  const energies = days.map(({ energyWh }) => energyWh).filter((energyWh) => energyWh !== null);
  return {
    jobs: sum(({ jobs }) => jobs),
    failed_jobs: sum(({ failed }) => failed),
    prompt_tokens: sum(({ promptTokens }) => promptTokens),
    completion_tokens: sum(({ completionTokens }) => completionTokens),
    gpu_ms: Math.round(sum(({ gpuMs }) => gpuMs)),
    energy_wh: energies.length === 0 ? null : Math.round(energies.reduce((total, one) => total + one, 0) * 1000) / 1000,
  };
}

/** The power that the pool uses now: of each card the pool's part of its use. Null: no card reports its power. */
export function poolPowerW({ gpus, shares }: Pick<LoadReport, 'gpus' | 'shares'>): number | null {
  const powers = gpus.flatMap((gpu) => {
    const power = gpu.available ? readingValue(gpu.live.powerW) : null;
    if (power === null) return [];
    const parts = partsOf(
      gpu,
      shares.find(({ key }) => key === gpu.key),
    );
    const use = readingValue(gpu.live.utilizationPercent);
    if (use === null || parts.poolPercent === null) return [power];
    return [use === 0 ? 0 : (power * parts.poolPercent) / use];
  });
  return powers.length === 0 ? null : powers.reduce((sum, power) => sum + power, 0);
}
