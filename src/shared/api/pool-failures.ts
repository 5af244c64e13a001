// The jobs that failed or needed another attempt (api §1).
import { z } from 'zod';
import { nodeIdSchema } from '../protocol/node-messages';
import { appJobErrorSchema } from './app-job';
import { ATTEMPT_OUTCOMES, JOB_STATUSES, jobErrorSchema } from './job';

const timeMs = z.number();
const MAX_FAILURES = 100;
const DEFAULT_FAILURES = 20;

export const poolFailuresQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_FAILURES).default(DEFAULT_FAILURES),
});
/** The same as params of an operation. */
export const failuresParamsSchema = z.strictObject({ limit: z.number().int().min(1).max(MAX_FAILURES).default(DEFAULT_FAILURES) });

/** A job that has ended. It failed, or an attempt before the last one did. */
export const failedJobSchema = z.object({
  job_id: z.string(),
  model: z.string(),
  status: z.enum(JOB_STATUSES),
  finished_at: timeMs,
  /** Attempts that were sent to a node. */
  attempts: z.number().int().min(0),
  /** The node of the last attempt that failed. Null: no attempt failed. */
  node_id: nodeIdSchema.nullable(),
  /** How that attempt ended. */
  outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
  /** Of that attempt, else of the job. */
  error: jobErrorSchema.nullable(),
  /** The node on which the job succeeded after a failed attempt. */
  retried_on: nodeIdSchema.nullable(),
});

/** The newest first. `failed`: the number of such jobs since `since`, listed or not, at most 10,000. */
export const poolFailuresSchema = z.object({
  since: timeMs,
  failed: z.number().int().min(0),
  jobs: z.array(failedJobSchema).max(MAX_FAILURES),
});

/** For the dashboard: without the output of programs. */
export const appFailuresSchema = z.object({
  ...poolFailuresSchema.shape,
  jobs: z.array(z.object({ ...failedJobSchema.shape, error: appJobErrorSchema.nullable() })).max(MAX_FAILURES),
});

export type FailedJob = z.infer<typeof failedJobSchema>;
export type PoolFailures = z.infer<typeof poolFailuresSchema>;
export type AppFailures = z.infer<typeof appFailuresSchema>;
export type AppFailedJob = AppFailures['jobs'][number];
