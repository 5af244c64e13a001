// Routes for acts on several jobs, and on jobs that ended: cancel a list, retry.
import { z } from 'zod';
import { jobAcceptedViewSchema } from '../../../shared/api/job';
import { cancelJobsBodySchema, cancelledJobsSchema } from '../../../shared/api/job-acts';
import type { PoolPort } from '../../contracts/ports';
import { cancelEach } from '../jobs/cancel-each';
import type { JobsPort } from '../jobs/jobs-port';
import { unknownJob } from '../jobs/refusals';
import type { KeyUsage } from '../members/key-usage';
import { retryFault, seesJob } from './job-access';
import { errorAnswer } from './responses';
import { type Answer, errorCodeAnswer, json, refusalAnswer, route, type Route } from './route';

export interface JobActRouteOptions {
  readonly jobs: JobsPort;
  readonly pool: Pick<PoolPort, 'retryJob'>;
  readonly usage: KeyUsage;
}

export const jobActRoutes = ({ jobs, pool, usage }: JobActRouteOptions): readonly Route[] => [
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
      const job = (await seesJob(jobs, caller, jobId)) ? (await jobs.read(jobId, 0))?.view : undefined;
      if (job === undefined) return refusalAnswer(unknownJob(jobId));
      const fault = retryFault(caller, usage, job);
      if (fault !== null) return errorCodeAnswer('FORBIDDEN', fault);
      const retried = await pool.retryJob(jobId);
      return retried.ok ? { kind: 'json', status: 202, body: retried.value } : errorAnswer(retried.error);
    },
  }),
];
