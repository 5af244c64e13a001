// Acts on jobs that ended or on several jobs at once. Used by HTTP API, CLI and renderer.
import { z } from 'zod';

const jobId = z.string().min(1).max(128);

export const MAX_CANCELLED = 200;

export const cancelJobsBodySchema = z.strictObject({ job_ids: z.array(jobId).min(1).max(MAX_CANCELLED) });

export const CANCEL_OUTCOMES = ['cancelled', 'not_found', 'already_ended', 'storage_full'] as const;

/** In the order of the request, each job once. */
export const cancelledJobsSchema = z.object({
  jobs: z.array(z.object({ job_id: jobId, outcome: z.enum(CANCEL_OUTCOMES) })).max(MAX_CANCELLED),
});

/**
 * Why a job cannot be retried: details of `INVALID_STATE`. `payload_not_kept`: a client waited for the job, or an earlier version ran it.
 * `key_not_valid`: the key or member that sent the job was revoked, has expired or is not known.
 */
export const RETRY_FAULTS = ['not_ended', 'succeeded', 'payload_not_kept', 'key_not_valid'] as const;

export type CancelledJobs = z.infer<typeof cancelledJobsSchema>;
export type RetryFault = (typeof RETRY_FAULTS)[number];
