// Retries a job within the present limits of the key or member that sent it, also when an operator retries it.
import { fail } from '../../../shared/result';
import type { JobsPort, RetryJob } from '../jobs/jobs-port';
import type { KeyUsage } from '../members/key-usage';
import type { Members } from '../members/members';
import { submitterOf } from './job-access';

export interface RetryOptions {
  readonly jobs: Pick<JobsPort, 'submitterOf' | 'retry'>;
  readonly usage: KeyUsage;
  readonly members: Pick<Members, 'principalWith'>;
}

export const retryWithinLimits =
  ({ jobs, usage, members }: RetryOptions): RetryJob =>
  async (jobId) => {
    const submitter = await jobs.submitterOf(jobId);
    if (submitter === null) return fail({ code: 'NOT_FOUND' });
    const principal = submitter.id === null ? null : members.principalWith(submitter.id);
    if (submitter.id !== null && principal === null) return fail({ code: 'INVALID_STATE', reason: 'key_not_valid' });
    const retried = await jobs.retry(jobId, {
      maxQueued: submitterOf({ principal }, usage).maxQueued,
      count: (payloadBytes) => {
        const reached = usage.bytes(principal, payloadBytes);
        if (reached === null) return null;
        const { max, retryAfterSeconds } = reached;
        return { code: 'LIMIT_REACHED', limit: 'megabytes_per_minute', max, retryAfterSeconds };
      },
    });
    if (!retried.ok && retried.error.code === 'LIMIT_REACHED' && retried.error.limit === 'queued') usage.queueRefused(principal);
    return retried;
  };
