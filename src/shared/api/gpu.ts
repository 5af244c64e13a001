// The GPUs of this computer for their owner: the history of their load, the programs on them, and which of them are offered to the pool.
// All of it stays on this computer (docs/security.md).
import { z } from 'zod';
import { MAX_GPUS, MAX_MEMORY_GB } from '../protocol/limits';

export const HISTORY_RANGES = ['5m', '1h', '24h'] as const;
export type HistoryRange = (typeof HISTORY_RANGES)[number];

/** More than the points of the longest range, each with a gap after it. */
export const MAX_HISTORY_POINTS = 1024;
/** GPUs that are gone stay in the history for a day. */
export const MAX_HISTORY_GPUS = MAX_GPUS;

const timeMs = z.number();
const gpuKeySchema = z.string().min(1).max(320);

/** One value for each time. Null: unknown at that time, or no reading. */
const series = z.array(z.number().nullable()).max(MAX_HISTORY_POINTS);

export const gpuSeriesSchema = z.object({
  key: gpuKeySchema,
  /** Percent of the card. The parts are null while the system does not tell them apart; then only `use_percent` is known. */
  use_percent: series,
  pool_percent: series,
  owner_percent: series,
  memory_used_gb: series,
  pool_memory_gb: series,
  owner_memory_gb: series,
  temperature_c: series,
  power_w: series,
});

export const gpuHistorySchema = z.object({
  range: z.enum(HISTORY_RANGES),
  from: timeMs,
  to: timeMs,
  /** The time that one point stands for. `5m`: about the time between two readings. */
  step_ms: z.number(),
  /** Ascending. After a gap there is a time at which every series is null. */
  times: z.array(timeMs).max(MAX_HISTORY_POINTS),
  /** All cores together. */
  cpu: z.object({ percent: series, owner_percent: series, memory_percent: series }),
  gpus: z.array(gpuSeriesSchema).max(MAX_HISTORY_GPUS),
});

/** 64 programs are the most that one GPU lists. */
export const MAX_GPU_PROGRAMS = 64;

export const gpuProgramSchema = z.object({
  pid: z.number().int(),
  /** Null: the driver does not report it. */
  name: z.string().max(256).nullable(),
  gpu_percent: z.number().nullable(),
  memory_gb: z.number().nullable(),
  /** It works for the pool: Muster, a command of a model, or a model server. */
  is_pool: z.boolean(),
});

export const gpuProcessesSchema = z.object({
  gpus: z
    .array(
      z.object({
        key: gpuKeySchema,
        /** Null: this system or driver does not list them, or the first list is not there yet. */
        programs: z.array(gpuProgramSchema).max(MAX_GPU_PROGRAMS).nullable(),
        /** When the list was made, Unix ms. */
        read_at: timeMs.nullable(),
      }),
    )
    .max(MAX_GPUS),
});

/** What the owner offers of one GPU. An absent field stays as it is. `vram_limit_gb` null: no limit. */
export const gpuOfferSchema = z.strictObject({
  key: gpuKeySchema,
  offered: z.boolean().optional(),
  vram_limit_gb: z.number().min(0.1).max(MAX_MEMORY_GB).nullable().optional(),
});

/** Pools that are counted at the same time. */
export const MAX_COUNTED_POOLS = 16;

const count = z.number().int().min(0);

export const contributionTotalsSchema = z.object({
  /** Jobs that ended with a result. */
  jobs: count,
  failed_jobs: count,
  prompt_tokens: count,
  completion_tokens: count,
  /** The time in which at least one job of the pool ran. */
  gpu_ms: z.number().min(0),
  /** Estimated by the readings of the power while jobs ran. Null: no GPU reported its power. */
  energy_wh: z.number().min(0).nullable(),
});

export const poolContributionSchema = z.object({
  /** The pin of the pool, or its address when it has no pin. */
  pool: z.string().max(512),
  /** The pool of this computer now. */
  is_current: z.boolean(),
  today: contributionTotalsSchema,
  last_7_days: contributionTotalsSchema,
  /** Jobs with a result in each hour of today, local time, from midnight. */
  jobs_by_hour: z.array(count).min(24).max(24),
});

export const contributionSchema = z.object({
  /** The local day, as `2026-11-29`. */
  today: z.string().max(10),
  /** The first of the seven days. */
  first_day: z.string().max(10),
  pools: z.array(poolContributionSchema).max(MAX_COUNTED_POOLS),
});

export type GpuHistory = z.infer<typeof gpuHistorySchema>;
export type GpuSeries = z.infer<typeof gpuSeriesSchema>;
export type GpuProcesses = z.infer<typeof gpuProcessesSchema>;
export type GpuProgramView = z.infer<typeof gpuProgramSchema>;
export type GpuOffer = z.infer<typeof gpuOfferSchema>;
export type ContributionTotals = z.infer<typeof contributionTotalsSchema>;
export type PoolContribution = z.infer<typeof poolContributionSchema>;
export type Contribution = z.infer<typeof contributionSchema>;
