// `GET /v1/queue`: the place of a job in the queue, the predicted wait and what would help. The job view has the figures.
import { queuePlaceSchema, queueQuerySchema } from '../../../../shared/api/queue';
import type { JobsPort } from '../../jobs/jobs-port';
import { seesJob } from '../job-access';
import { failureAnswer } from '../client-apis/failure-answer';
import { json, route, type Route } from '../route';
import { poolFailure } from './core/openai-error';
import { queuePlaceOf } from './core/queue-place';
import { openAiFormat } from './core/openai-format';
import { describedErrors } from './openai-requests';

/** Enough for an example of each reason in most pools. */
const NODE_LIMIT = 50;

export const queueRoute = ({ jobs }: { readonly jobs: Pick<JobsPort, 'submitterOf' | 'getWithoutOutput'> }): Route =>
  route({
    method: 'GET',
    path: '/v1/queue',
    access: 'read_jobs',
    summary: 'The place of a job in the queue, the predicted wait, and what would help. A key without `view` sees its own jobs.',
    query: queueQuerySchema,
    answers: { schema: { name: 'QueuePlace', schema: queuePlaceSchema } },
    otherErrors: describedErrors(['job_not_found']),
    async handle({ query: { job: jobId }, caller, language, requestId }) {
      const job = (await seesJob(jobs, caller, jobId)) ? await jobs.getWithoutOutput(jobId, NODE_LIMIT) : null;
      return job === null
        ? failureAnswer(poolFailure('job_not_found', { param: 'job' }), openAiFormat, requestId)
        : json(queuePlaceOf(job, language));
    },
  });
