// Routes about jobs (api §1): submit, list, read, follow, cancel. Who knows a job's id may read and cancel it; the ids of all are an
// operator's to list.
import { z } from 'zod';
import {
  idempotencyKeySchema,
  isTerminal,
  jobAcceptedViewSchema,
  type JobEvent,
  jobEventSchema,
  jobListQuerySchema,
  jobListSchema,
  jobQuerySchema,
  jobSubmissionSchema,
  type JobView,
  jobViewSchema,
} from '../../../shared/api/job';
import { assertNever } from '../../../shared/assert-never';
import { cancelRefusal, type JobsPort, type SubmitFailure } from '../jobs/jobs-port';
import type { EventStreams } from './event-streams';
import { type Answer, failure, json, route, type Route } from './route';

const jobParams = z.object({ job_id: z.string().min(1).max(128) });
const jobSchema = { name: 'Job', schema: jobViewSchema };
const notFound = (jobId: string): Answer => failure('NOT_FOUND', { job_id: jobId, reason: 'unknown_job' });

export function jobRoutes(jobs: JobsPort, streams: EventStreams, maxBodyBytes: number): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/jobs',
      access: 'submitter',
      summary: 'Submit a job. It is on the disk before this answers. The same `Idempotency-Key` and body name the same job for 24 hours.',
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: { name: 'JobSubmission', schema: jobSubmissionSchema },
      maxBodyBytes,
      answers: { status: 202, schema: { name: 'JobAccepted', schema: jobAcceptedViewSchema } },
      errors: ['NO_AVAILABLE_NODE', 'QUEUE_FULL', 'STORAGE_FULL', 'IDEMPOTENCY_KEY_REUSED', 'PAYLOAD_TOO_LARGE'],
      async handle({ body, headers }) {
        const idempotencyKey = headers['idempotency-key'] ?? null;
        const submitted = await jobs.submit(body, { idempotencyKey, interactive: false, traceId: null });
        if (!submitted.ok) return refusal(submitted.error);
        return { kind: 'json', status: 202, body: { job_id: submitted.value.jobId, status: submitted.value.status } };
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/jobs',
      summary: 'Jobs, the newest first, without their payloads and results; `cursor` is the `next_cursor` of the page before.',
      query: jobListQuerySchema,
      answers: { schema: { name: 'JobList', schema: jobListSchema } },
      handle: ({ query }) => json(jobs.list({ status: query.status ?? null, limit: query.limit, cursor: query.cursor ?? null })),
    }),
    route({
      method: 'GET',
      path: '/api/v1/jobs/{job_id}',
      access: 'submitter',
      summary: 'One job: its attempts, its result, and while it waits the counts per reason and for `node_limit` nodes what they lack.',
      params: jobParams,
      query: jobQuerySchema,
      answers: { schema: jobSchema },
      errors: ['NOT_FOUND'],
      handle({ params, query }) {
        const job = jobs.get(params.job_id, query.node_limit);
        return job === null ? notFound(params.job_id) : json(job);
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/jobs/{job_id}/events',
      access: 'submitter',
      summary: 'Server-sent events of one job: the job first, then its changes and what it streams, until it has ended.',
      params: jobParams,
      query: jobQuerySchema,
      answers: { contentType: 'text/event-stream', schema: { name: 'JobEvent', schema: jobEventSchema } },
      errors: ['NOT_FOUND', 'OVERLOADED'],
      handle({ params: { job_id: jobId }, query }) {
        if (jobs.get(jobId, 0) === null) return notFound(jobId);
        const views = { get: () => jobs.get(jobId, query.node_limit), follow: (listener: JobListener) => jobs.follow(jobId, listener) };
        return { kind: 'stream', open: (response) => streams.open(response, (send, end) => follow(views, send, end)) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/jobs/{job_id}',
      access: 'submitter',
      summary: 'Cancel a job that has not ended; its node is told to stop.',
      params: jobParams,
      answers: { schema: jobSchema },
      errors: ['NOT_FOUND', 'INVALID_STATE', 'STORAGE_FULL'],
      async handle({ params: { job_id: jobId } }) {
        const cancelled = await jobs.cancel(jobId, 'requested');
        if (cancelled.ok) return json(cancelled.value);
        const { code, details } = cancelRefusal(jobId, cancelled.error);
        return failure(code, details);
      },
    }),
  ];
}

type JobListener = Parameters<JobsPort['follow']>[1];

interface FollowedJob {
  readonly get: () => JobView | null;
  readonly follow: (listener: JobListener) => ReturnType<JobsPort['follow']>;
}

function follow(job: FollowedJob, send: (id: null, json: string) => void, end: () => void): () => void {
  let isFirst = true;
  const stop = job.follow((event) => {
    // Why it waits is told once.
    const waits = isFirst && event.type === 'job' && event.job.status === 'queued';
    send(null, JSON.stringify(waits ? { type: 'job', job: job.get() ?? event.job } : event));
    isFirst = false;
    if (isLast(event)) end();
  });
  if (stop === null) end();
  return stop ?? (() => undefined);
}

const isLast = (event: JobEvent): boolean => event.type === 'job' && isTerminal(event.job.status);

function refusal(error: SubmitFailure): Answer {
  switch (error.code) {
    case 'NO_AVAILABLE_NODE':
      return failure(error.code, { reasons: error.reasons });
    case 'PAYLOAD_TOO_LARGE':
      return failure(error.code, { limit_bytes: error.limitBytes, payload_bytes: error.payloadBytes });
    case 'QUEUE_FULL':
      return failure(error.code, { limit: error.limit, queued: error.queued });
    case 'STORAGE_FULL':
      return failure(error.code, error.details);
    case 'IDEMPOTENCY_KEY_REUSED':
      // Which job it is may be none of the caller's business: a key is no proof.
      return failure(error.code);
    default:
      return assertNever(error);
  }
}
