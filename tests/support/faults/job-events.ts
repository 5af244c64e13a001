// The ends of jobs in their event streams.
import { isTerminal, type JobEvent, type JobView } from '../../../src/shared/api/job';

/** The job, when the line reports its end. */
export function endIn(line: string): JobView | null {
  if (!line.startsWith('data: ')) return null;
  const event = JSON.parse(line.slice('data: '.length)) as JobEvent;
  return event.type === 'job' && isTerminal(event.job.status) ? event.job : null;
}
