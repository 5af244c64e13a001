// Errors of jobs and attempts that the scheduler creates. Errors from nodes have the code of the node.
import type { JobError } from '../../../../shared/api/job';
import type { SchedulerJobError } from '../../../../shared/protocol/job-errors';

export const jobError = (code: SchedulerJobError, message: string, details: Readonly<Record<string, unknown>> | null = null): JobError => ({
  code,
  message,
  details,
});
