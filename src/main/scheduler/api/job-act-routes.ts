// Routes for acts on several jobs, and on jobs that ended: cancel a list, retry.
import { z } from 'zod';
import { jobAcceptedViewSchema } from '../../../shared/api/job';
import { cancelJobsBodySchema, cancelledJobsSchema, type RetryFault } from '../../../shared/api/job-acts';
import { cancelEach } from '../jobs/cancel-each';
import type { JobsPort } from '../jobs/jobs-port';
import type { KeyUsage } from '../members/key-usage';
import type { Members } from '../members/members';
import { retryFault, seesJob, submitterOf } from './job-access';
import { type Answer, errorCodeAnswer, json, route, type Route } from './route';
import { submitRefusal } from './submit-refusal';

export interface JobActRouteOptions {
  readonly jobs: JobsPort;
  readonly usage: KeyUsage;
  /** The key or member with this id. Null: it is not valid any more. */
  readonly principalWith: Members['principalWith'];
}

export const jobActRoutes = ({ jobs, usage, principalWith }: JobActRouteOptions): readonly Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/jobs/cancel',
    access: 'cancel_jobs',
    act: 'job.cancel',
    summary: 'Cancels several jobs. The answer has the outcome of each.',
    body: { name: 'CancelJobs', schema: cancelJobsBodySchema },
    answers: { schema: { name: 'CancelledJobs', schema: cancelledJobsSchema } },
    async handle({ body, caller }) {
      return json(await cancelEach(jobs, body.job_ids, (jobId) => seesJob(jobs, caller, jobId)));
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/jobs/{job_id}/retry',
    access: 'cancel_jobs',
    act: 'job.retry',
    summary: 'Submits the task of a job that failed, expired or was cancelled once more, for the submitter of that job.',
    params: z.object({ job_id: z.string().min(1).max(128) }),
    answers: { status: 202, schema: { name: 'JobAccepted', schema: jobAcceptedViewSchema } },
    errors: ['NOT_FOUND', 'INVALID_STATE', 'QUEUE_FULL', 'STORAGE_FULL'],
    async handle({ params: { job_id: jobId }, caller }): Promise<Answer> {
      const unknown = { job_id: jobId, reason: 'unknown_job' };
      if (!seesJob(jobs, caller, jobId)) return errorCodeAnswer('NOT_FOUND', unknown);
      const job = jobs.read(jobId, 0)?.view;
      if (job === undefined) return errorCodeAnswer('NOT_FOUND', unknown);
      const fault = retryFault(caller, usage, job);
      if (fault !== null) return errorCodeAnswer('FORBIDDEN', fault);
      const submitterId = job.submitter?.id ?? null;
      const principal = submitterId === null ? null : principalWith(submitterId);
      if (submitterId !== null && principal === null)
        return errorCodeAnswer('INVALID_STATE', { job_id: jobId, reason: 'key_not_valid' satisfies RetryFault });
      const retried = await jobs.retry(jobId, submitterOf({ principal }, usage).maxQueued);
      if (retried.ok) return { kind: 'json', status: 202, body: { job_id: retried.value.jobId, status: retried.value.status } };
      const { error } = retried;
      if (error.code === 'LIMIT_REACHED') usage.queueRefused(principal);
      if (error.code === 'NOT_FOUND') return errorCodeAnswer(error.code, unknown);
      if (error.code === 'INVALID_STATE') return errorCodeAnswer(error.code, { job_id: jobId, reason: error.reason });
      return submitRefusal(error);
    },
  }),
];
