// Errors of jobs and attempts that the scheduler creates. An error that a node reports keeps the code of the report.
import type { JobError } from '../../../../shared/api/job';
import type { SchedulerJobError } from '../../../../shared/protocol/job-errors';

export const jobError = (code: SchedulerJobError, message: string, details: Readonly<Record<string, unknown>> | null = null): JobError => ({
  code,
  message,
  details,
});

/** A model server refused the request, and no other node has confirmed it. */
export const REFUSED_CODE = 'runtime_refused';
