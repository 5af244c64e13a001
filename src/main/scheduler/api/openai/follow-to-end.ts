// Follows a job for the client that waits for it, also when the job has ended and was stored before.
import type { JobEvent } from '../../../../shared/api/job';
import type { JobsPort } from '../../jobs/jobs-port';

/**
 * Calls back with the events of the job, at least its end. `onMissing`: the job is unknown, or cannot be read. Returns a function that ends the
 * calls.
 */
export function followToEnd(
  jobs: Pick<JobsPort, 'follow' | 'get'>,
  jobId: string,
  onEvent: (event: JobEvent) => void,
  onMissing: () => void,
): () => void {
  const unfollow = jobs.follow(jobId, onEvent);
  if (unfollow !== null) return unfollow;
  let isFollowed = true;
  void jobs
    .get(jobId)
    .catch(() => null)
    .then((job) => {
      if (!isFollowed) return;
      if (job === null) onMissing();
      else onEvent({ type: 'job', job });
    });
  return () => {
    isFollowed = false;
  };
}
