// What an attempt, its tokens and a job count as.
import type { AttemptOutcome, JobStatus } from '../../../../shared/api/job';
import { assertNever } from '../../../../shared/assert-never';
import type { CountedTokens } from '../../dispatch/prediction/counted-tokens';
import type { UsageCounts } from './usage-counts';

/** A job that has ended is a request of its key. */
export const requestCounts = (status: JobStatus): Partial<UsageCounts> => ({
  requests: 1,
  ...(status === 'cancelled' ? { cancelled: 1 } : status === 'succeeded' ? {} : { failed: 1 }),
});

/** Null: the pool moved the job, so the attempt is no request of the node, and its time is no use (as in ADR 0045). */
export function attemptCounts(outcome: AttemptOutcome): Partial<UsageCounts> | null {
  switch (outcome) {
    case 'succeeded':
      return { requests: 1 };
    case 'cancelled':
      return { requests: 1, cancelled: 1 };
    case 'failed':
    case 'attempt_timeout':
      return { requests: 1, failed: 1 };
    case 'node_lost':
    case 'drain_timeout':
    case 'quarantined':
    case 'not_delivered':
      return null;
    default:
      return assertNever(outcome);
  }
}

export const tokenCounts = (tokens: CountedTokens | null): Partial<UsageCounts> =>
  tokens === null
    ? {}
    : {
        promptTokens: tokens.prompt,
        cachedTokens: tokens.cached,
        outputTokens: tokens.output,
        estimated: tokens.isEstimated ? 1 : 0,
      };
