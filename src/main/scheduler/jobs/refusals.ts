// The error answers of refused submissions, retries and cancellations, for the HTTP API and the app.
import type { AppError } from '../../../shared/api/app-error';
import { assertNever } from '../../../shared/assert-never';
import type { ErrorCode } from '../../../shared/protocol/codes';
import type { CancelFailure, RetryFailure, SubmitFailure } from './jobs-port';

export interface Refusal {
  readonly code: ErrorCode;
  readonly details: AppError['details'];
}

export const unknownJob = (jobId: string): Refusal => ({ code: 'NOT_FOUND', details: { job_id: jobId, reason: 'unknown_job' } });

export function cancelRefusal(jobId: string, failure: CancelFailure): Refusal {
  switch (failure) {
    case 'not_found':
      return unknownJob(jobId);
    case 'already_ended':
      return { code: 'INVALID_STATE', details: { job_id: jobId, reason: failure } };
    case 'storage_full':
      return { code: 'STORAGE_FULL', details: { job_id: jobId, reason: 'disk' } };
  }
}

export function retryRefusal(jobId: string, failure: RetryFailure): Refusal {
  if (failure.code === 'NOT_FOUND') return unknownJob(jobId);
  if (failure.code === 'INVALID_STATE') return { code: failure.code, details: { job_id: jobId, reason: failure.reason } };
  if (failure.code === 'LIMIT_REACHED' && failure.limit === 'megabytes_per_minute')
    return { code: failure.code, details: { limit: failure.limit, max: failure.max } };
  return submitRefusal(failure);
}

/** `reserved`: the part of `found` for open requests. `wanted`: the tokens of the request itself. `retry_after_seconds`: when the key may go on. */
export const limitDetails = (failure: Extract<SubmitFailure, { readonly code: 'LIMIT_REACHED' }>) => ({
  limit: failure.limit,
  max: failure.max,
  found: failure.found,
  ...('wanted' in failure ? { wanted: failure.wanted } : {}),
  ...('retryAfterSeconds' in failure ? { reserved: failure.reserved, retry_after_seconds: failure.retryAfterSeconds } : {}),
});

export function submitRefusal(failure: SubmitFailure): Refusal {
  const { code } = failure;
  switch (code) {
    case 'NO_AVAILABLE_NODE':
      return { code, details: { reasons: failure.reasons } };
    case 'PAYLOAD_TOO_LARGE':
      return { code, details: { limit_bytes: failure.limitBytes, payload_bytes: failure.payloadBytes } };
    case 'QUEUE_FULL':
      return { code, details: { limit: failure.limit, queued: failure.queued } };
    case 'LIMIT_REACHED':
      return { code, details: limitDetails(failure) };
    case 'STORAGE_FULL':
      return { code, details: { ...failure.details } };
    case 'IDEMPOTENCY_KEY_REUSED':
      // The error does not name the other job, because a key does not prove that the client may see that job.
      return { code, details: null };
    default:
      return assertNever(code);
  }
}
