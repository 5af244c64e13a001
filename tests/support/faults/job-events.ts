// The ends of jobs in the stream of their events.
import { type JobEvent, type JobView, TERMINAL_JOB_STATUSES } from '../../../src/shared/api/job';

/** The job, when the line tells its end. */
export function endIn(line: string): JobView | null {
  if (!line.startsWith('data: ')) return null;
  const event = JSON.parse(line.slice('data: '.length)) as JobEvent;
  return event.type === 'job' && TERMINAL_JOB_STATUSES.some((status) => status === event.job.status) ? event.job : null;
}
