// What the scheduler itself says of a job or an attempt that failed. What a node says has the node's own code.
import type { JobError } from '../../../../shared/api/job';
import type { SchedulerJobError } from '../../../../shared/protocol/job-errors';

export const jobError = (code: SchedulerJobError, message: string, details: Readonly<Record<string, unknown>> | null = null): JobError => ({
  code,
  message,
  details,
});
