// What an attempt, an answer and a job count as.
import type { AttemptOutcome, JobStatus } from '../../../../shared/api/job';
import { assertNever } from '../../../../shared/assert-never';
import { generatesText } from '../../../../shared/protocol/task-kinds';
import type { JobTimings } from '../../dispatch/prediction/job-timings';
import type { JobFacts } from '../../jobs/machine/job-record';
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

/** The tokens of an answer as its node reported them. Null: the task has no tokens. */
export function tokenCounts({ path }: JobFacts['task'], timings: JobTimings | null): Partial<UsageCounts> | null {
  const { promptTokens = null, cachedTokens = null, completionTokens = null } = timings ?? {};
  const isText = path !== null && generatesText(path);
  if (promptTokens === null && completionTokens === null) return isText ? { withoutTokens: 1 } : null;
  return {
    promptTokens: promptTokens ?? 0,
    cachedTokens: cachedTokens ?? 0,
    outputTokens: completionTokens ?? 0,
    ...(isText && completionTokens === null ? { withoutTokens: 1 } : {}),
  };
}
