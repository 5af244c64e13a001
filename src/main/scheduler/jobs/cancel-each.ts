// Cancels several jobs.
import type { CancelledJobs } from '../../../shared/api/job-acts';
import type { JobsPort } from './jobs-port';

/** Each job once. The cancellations are written together. */
export async function cancelEach(
  jobs: Pick<JobsPort, 'cancel'>,
  jobIds: readonly string[],
  sees: (jobId: string) => Promise<boolean> = () => Promise.resolve(true),
): Promise<CancelledJobs> {
  const outcomes = [...new Set(jobIds)].map(async (jobId) => {
    if (!(await sees(jobId))) return { job_id: jobId, outcome: 'not_found' as const };
    const cancelled = await jobs.cancel(jobId, 'requested');
    return { job_id: jobId, outcome: cancelled.ok ? ('cancelled' as const) : cancelled.error };
  });
  return { jobs: await Promise.all(outcomes) };
}
