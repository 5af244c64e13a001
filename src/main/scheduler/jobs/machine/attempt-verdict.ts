// What the end of an attempt shows about the model on its node (ADR 0018).
import type { AttemptOutcome, JobError } from '../../../../shared/api/job';
import type { AttemptVerdict } from '../../lifecycle/model-failures';

/** The node was full or stopping, and did not try. */
const REFUSALS: ReadonlySet<string> = new Set(['capacity', 'node_stopping', 'results_waiting', 'stale_attempt', 'runtime_http_429']);
/** A job with a shorter attempt timeout can time out on a model that works. */
const MIN_TIMEOUT_MS = 10_000;

const NONE: AttemptVerdict = { kind: 'none' };

interface EndedAttempt {
  readonly outcome: AttemptOutcome;
  readonly error: JobError | null;
  /** For a reported failure: a retry may succeed. */
  readonly retryable: boolean;
  /** The runtime refused the request. */
  readonly isRefusal: boolean;
  readonly timeoutMs: number;
}

/**
 * A failure that is not retryable can be the fault of the request, so it counts only when another node does not confirm it. The refusal of a
 * request only lowers the rank: a node that refuses every request at once is always the idlest, and must not attract them.
 */
export function verdictOf({ outcome, error, retryable, isRefusal, timeoutMs }: EndedAttempt): AttemptVerdict {
  switch (outcome) {
    case 'succeeded':
      return { kind: isRefusal ? 'refused' : 'succeeded' };
    case 'attempt_timeout':
      return failedOr(timeoutMs >= MIN_TIMEOUT_MS, error);
    case 'failed':
      if (error === null || !retryable || error.code === 'cancelled') return NONE;
      if (REFUSALS.has(error.code)) return { kind: 'refused' };
      return failedOr(error.code !== 'timeout' || timeoutMs >= MIN_TIMEOUT_MS, error);
    case 'node_lost':
    case 'drain_timeout':
    case 'quarantined':
    case 'not_delivered':
    case 'cancelled':
      return NONE;
  }
}

const failedOr = (counts: boolean, error: JobError | null): AttemptVerdict =>
  counts && error !== null ? { kind: 'failed', error: { code: error.code, message: error.message } } : NONE;
