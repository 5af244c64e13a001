// The error answer of a refused submission.
import { assertNever } from '../../../shared/assert-never';
import type { SubmitFailure } from '../jobs/jobs-port';
import { type Answer, errorCodeAnswer } from './route';

export function submitRefusal(error: SubmitFailure): Answer {
  switch (error.code) {
    case 'NO_AVAILABLE_NODE':
      return errorCodeAnswer(error.code, { reasons: error.reasons });
    case 'PAYLOAD_TOO_LARGE':
      return errorCodeAnswer(error.code, { limit_bytes: error.limitBytes, payload_bytes: error.payloadBytes });
    case 'QUEUE_FULL':
      return errorCodeAnswer(error.code, { limit: error.limit, queued: error.queued });
    case 'LIMIT_REACHED':
      return errorCodeAnswer(error.code, { limit: error.limit, max: error.max, found: error.found });
    case 'STORAGE_FULL':
      return errorCodeAnswer(error.code, error.details);
    case 'IDEMPOTENCY_KEY_REUSED':
      // The error does not name the other job, because a key does not prove that the client may see that job.
      return errorCodeAnswer(error.code);
    default:
      return assertNever(error);
  }
}
