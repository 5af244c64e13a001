// The events of a job as lines of a stream.
import { type JobEvent, TERMINAL_JOB_STATUSES } from '../../../src/shared/api/job';

export function isTerminalEvent(line: string): boolean {
  if (!line.startsWith('data: ')) return false;
  const event = JSON.parse(line.slice('data: '.length)) as JobEvent;
  return event.type === 'job' && TERMINAL_JOB_STATUSES.some((status) => status === event.job.status);
}
