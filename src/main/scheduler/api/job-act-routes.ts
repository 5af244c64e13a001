// Routes for acts on several jobs, and on jobs that ended: cancel a list, retry.
import { z } from 'zod';
import { jobAcceptedViewSchema } from '../../../shared/api/job';
import { cancelJobsBodySchema, cancelledJobsSchema } from '../../../shared/api/job-acts';
import { cancelEach } from '../jobs/cancel-each';
import type { JobsPort } from '../jobs/jobs-port';
import type { KeyUsage } from '../members/key-usage';
import { ownIdOf, seesJob } from './job-access';
import { type Answer, errorCodeAnswer, json, route, type Route } from './route';
import { submitRefusal } from './submit-refusal';

export interface JobActRouteOptions {
  readonly jobs: JobsPort;
  readonly usage: Pick<KeyUsage, 'maxQueuedOf'>;
}

export const jobActRoutes = ({ jobs, usage }: JobActRouteOptions): readonly Route[] => [
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
      const isOwn = jobs.submitterOf(jobId)?.id === ownIdOf(caller).id;
      const max = usage.maxQueuedOf(caller.principal);
      const retried = await jobs.retry(jobId, isOwn && Number.isFinite(max) ? max : null);
      if (retried.ok) return { kind: 'json', status: 202, body: { job_id: retried.value.jobId, status: retried.value.status } };
      const { error } = retried;
      if (error.code === 'NOT_FOUND') return errorCodeAnswer(error.code, unknown);
      if (error.code === 'INVALID_STATE') return errorCodeAnswer(error.code, { job_id: jobId, reason: error.reason });
      return submitRefusal(error);
    },
  }),
];
