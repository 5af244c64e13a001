// Converts a failed submission, or a job that ended without success, to an error of the OpenAI API.
import { z } from 'zod';
import type { JobError, JobView } from '../../../../../shared/api/job';
import { limitDetails } from '../../../../../shared/api/program-limits';
import type { ExclusionReason } from '../../../../../shared/protocol/status';
import type { SubmitFailure } from '../../../jobs/jobs-port';
import { type OpenAiFailure, poolFailure, serverFailure } from './openai-error';
import { busyFailure, type Explain, FULL_CODES } from './pool-busy';

export function submitFailure(failure: SubmitFailure): OpenAiFailure {
  switch (failure.code) {
    case 'NO_AVAILABLE_NODE':
      return poolFailure('no_available_node', { muster: { reasons: failure.reasons } });
    case 'PAYLOAD_TOO_LARGE':
      return serverFailure(failure.code, { limit_bytes: failure.limitBytes, payload_bytes: failure.payloadBytes });
    case 'QUEUE_FULL':
      return poolFailure('queue_full', { muster: { limit: failure.limit, queued: failure.queued } });
    case 'LIMIT_REACHED':
      return serverFailure(failure.code, limitDetails(failure));
    case 'STORAGE_FULL':
      return poolFailure('storage_full', { muster: failure.details });
    // Jobs of the OpenAI API have no idempotency key.
    case 'IDEMPOTENCY_KEY_REUSED':
      return poolFailure('job_failed');
  }
}

/** For a job that ended without success. `explain` is called for a job that timed out in the queue. */
export function jobFailure(job: JobView, explain: Explain): OpenAiFailure {
  // The client has waited already. A repetition by its library would turn one refusal into minutes.
  if (job.status === 'expired') return { ...queueTimedOut(explain), mayRetry: false };
  return job.status === 'cancelled' ? poolFailure('job_cancelled', reasonOf(job.error)) : attemptsFailed(job);
}

/** Errors of a job that are not its own fault. */
export const LOST_WITH_NODE: ReadonlySet<string | undefined> = new Set(['node_lost', 'drain_timeout', 'quarantined']);

const ABSENT: ReadonlySet<ExclusionReason> = new Set(['status_not_ready', 'not_online', 'model_not_available']);
/** Filters before the one for models: a node that fails one of them may have the model ready. */
const BARRED: readonly ExclusionReason[] = ['not_requested_node', 'quarantined', 'not_in_public_pool', 'gpu_unavailable'];

/**
 * Busy: the owners of all nodes that can run the model use them. Full: such a node has no free slot or not enough GPU memory. Failing: the
 * model fails on each node that has it. Not ready: no node serves the model. Otherwise another filter excludes each node that serves it.
 */
function queueTimedOut(explain: Explain): OpenAiFailure {
  const counted = explain(0);
  const { chosen, reasons, nodes_total: total } = counted;
  const muster = { reasons };
  const busy = busyFailure(counted, explain, FULL_CODES);
  if (busy !== null) return busy;
  if (chosen !== null || FULL_CODES.some((code) => reasons[code] !== undefined)) return poolFailure('pool_full', { muster });
  if (reasons['model_failing'] !== undefined) return poolFailure('model_failing', { param: 'model', muster });
  const mayServe = BARRED.some((code) => reasons[code] !== undefined);
  const serves = mayServe && explain(total).nodes.some((node) => !node.excluded.some(({ code }) => ABSENT.has(code)));
  return serves ? poolFailure('no_available_node', { muster }) : poolFailure('model_not_ready', { param: 'model', muster });
}

function attemptsFailed({ error, attempt }: JobView): OpenAiFailure {
  const muster = { error_code: error?.code ?? null, attempts: attempt, details: error?.details ?? null };
  const facts = { ...reasonOf(error), muster };
  switch (error?.code) {
    case 'bad_request':
    case 'runtime_refused':
      return poolFailure('bad_request', facts);
    case 'attempt_timeout':
    case 'timeout':
      return poolFailure('job_timeout', facts);
    case 'runtime_http_429':
      return withRetryAfter(poolFailure('runtime_busy', facts), error);
    case 'runtime_http_503':
      return withRetryAfter(poolFailure('job_failed', facts), error);
    case undefined:
    default:
      return poolFailure('job_failed', facts);
  }
}

const MAX_RETRY_AFTER_SECONDS = 3600;
const retryAfterSchema = z.object({ retry_after_seconds: z.number().positive().max(MAX_RETRY_AFTER_SECONDS) });

/**
 * The runtime's own `Retry-After` is more exact than the default of the pool. The pool has used its attempts, and the time may be an hour: a
 * program may repeat the request then, its library must not.
 */
function withRetryAfter(failure: OpenAiFailure, { details }: JobError): OpenAiFailure {
  const seconds = retryAfterSchema.safeParse(details).data?.retry_after_seconds;
  return seconds === undefined ? failure : { ...failure, retryAfterSeconds: Math.ceil(seconds) };
}

/** Includes the message of the runtime, where there is one. */
function reasonOf(error: JobError | null): { readonly reason?: string } {
  if (error === null) return {};
  const { details } = error;
  const message = typeof details === 'object' && details !== null && 'runtime_message' in details ? details.runtime_message : null;
  return { reason: typeof message === 'string' ? `${error.message} (${message})` : error.message };
}
