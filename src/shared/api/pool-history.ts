// The pool in totals, now and over time (api §1): what `GET /api/v1/pool/totals` and `GET /api/v1/pool/history` answer.
import { z } from 'zod';
import { nodeIdSchema } from '../protocol/node-messages';
import { AVAILABILITY_STATES, type AvailabilityState } from '../protocol/status';

const timeMs = z.number();
const count = z.number().int().min(0);
const amount = z.number().min(0);
const percent = z.number().min(0).max(100);

/** The length of a range and the distance of its points, seconds. */
export const POOL_RANGES = {
  '1h': { seconds: 3600, stepSeconds: 15 },
  '24h': { seconds: 24 * 3600, stepSeconds: 300 },
  '7d': { seconds: 7 * 24 * 3600, stepSeconds: 1800 },
} as const;
export type PoolRange = keyof typeof POOL_RANGES;
export const POOL_RANGE_NAMES = ['1h', '24h', '7d'] as const satisfies readonly PoolRange[];

export const poolHistoryQuerySchema = z.strictObject({ range: z.enum(POOL_RANGE_NAMES).default('1h') });

const byAvailability = <Value extends z.ZodType>(value: Value) =>
  z.object(Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, value])) as Record<AvailabilityState, Value>);

/** Time from a request to the first part of its answer, ms, of requests with a waiting client. */
const firstTokenSchema = z.object({ median: amount, p95: amount });

export const poolTotalsSchema = z.object({
  /** When these totals were counted. */
  at: timeMs,
  nodes: byAvailability(count),
  /** `offered`: of nodes that are available or full, and usable now. */
  gpus: z.object({ total: count, offered: count }),
  /**
   * Memory of all GPUs. `pool`: of the models in memory, by their sizes, so an estimate. `owners`: the rest of the memory in use. Null: no
   * node reports its use.
   */
  vram_gb: z.object({ total: amount, pool: amount.nullable(), owners: amount.nullable() }),
  /** The use of all GPUs, as a share of all GPUs. Null: no node reports it. */
  gpu_percent: z.object({ pool: percent.nullable(), owners: percent.nullable() }),
  /** Of the available and full nodes. Free is `total` less `used`. Jobs of other nodes are running, and are not counted here. */
  slots: z.object({ total: count, used: count }),
  jobs: z.object({
    running: count,
    waiting: count,
    /** Null: no job waits. */
    oldest_wait_seconds: amount.nullable(),
    /** Jobs that ended in the last minute, with any result. Null: not known yet. */
    ended_per_minute: amount.nullable(),
  }),
  /** In the last minute. Null: not known yet. */
  output_tokens_per_second: amount.nullable(),
  /** Of the last hour. Null: no answer came in parts. */
  first_token_ms: firstTokenSchema.nullable(),
  /** `since`: the counts begin here, when the scheduler has been known for less than 24 hours. */
  last_24h: z.object({ since: timeMs, jobs_ended: count, output_tokens: count }),
});

const MAX_POINTS = 400;
const column = <Value extends z.ZodType>(value: Value) => z.array(value).max(MAX_POINTS);

/** Why a scheduler started: the one before was stopped, or ended without a stop. */
export const START_CAUSES = ['stopped', 'crashed'] as const;
/**
 * Why jobs left a node before their end: the node restarted or was lost, its drain reached the deadline, or an operator quarantined the
 * node.
 */
export const LOSS_CAUSES = ['restarted', 'lost', 'drain_timeout', 'quarantined'] as const;

/** An event that explains a change of the figures. */
export const poolMarkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scheduler_started'), at: timeMs, cause: z.enum(START_CAUSES), away_seconds: amount }),
  z.object({
    kind: z.literal('jobs_lost'),
    at: timeMs,
    node_id: nodeIdSchema,
    name: z.string().max(256),
    cause: z.enum(LOSS_CAUSES),
    jobs: count,
  }),
  z.object({ kind: z.literal('mass_loss'), at: timeMs, lost: count, of: count }),
]);

export const MAX_MARKS = 100;

/**
 * Columns of equal length. A point is the mean of its period, but `waiting_jobs` and `oldest_wait_seconds` are the highest. Where a point
 * is missing, the scheduler did not run. Null: not reported.
 */
export const poolHistorySchema = z.object({
  range: z.enum(POOL_RANGE_NAMES),
  step_seconds: z.number().int().positive(),
  from: timeMs,
  until: timeMs,
  /** The beginnings of the periods. */
  at: column(timeMs),
  nodes: byAvailability(column(amount)),
  gpus: column(amount),
  gpus_offered: column(amount),
  gpu_pool_percent: column(percent.nullable()),
  gpu_owners_percent: column(percent.nullable()),
  vram_gb: column(amount),
  vram_pool_gb: column(amount.nullable()),
  vram_owners_gb: column(amount.nullable()),
  slots: column(amount),
  slots_used: column(amount),
  running_jobs: column(amount),
  waiting_jobs: column(count),
  oldest_wait_seconds: column(amount.nullable()),
  ended_per_minute: column(amount),
  output_tokens_per_second: column(amount),
  first_token_median_ms: column(amount.nullable()),
  first_token_p95_ms: column(amount.nullable()),
  marks: z.array(poolMarkSchema).max(MAX_MARKS),
});

export type PoolTotals = z.infer<typeof poolTotalsSchema>;
export type PoolHistory = z.infer<typeof poolHistorySchema>;
export type PoolMark = z.infer<typeof poolMarkSchema>;
