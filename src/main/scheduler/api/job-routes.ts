// Routes for jobs: submit, list, read, follow, cancel. A client sees its own jobs only: the job of another key is not found.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import {
  idempotencyKeySchema,
  isTerminal,
  jobAcceptedViewSchema,
  type JobEvent,
  jobEventSchema,
  jobQuerySchema,
  askedJobSchema,
  jobViewSchema,
} from '../../../shared/api/job';
import type { PoolPort } from '../../contracts/ports';
import type { JobsPort, ShownJob } from '../jobs/jobs-port';
import { cancelRefusal, submitRefusal, unknownJob } from '../jobs/refusals';
import type { KeyUsage } from '../members/key-usage';
import type { Members } from '../members/members';
import { rateLimitHeaderTexts } from './openai/core/rate-limits';
import { countedStream } from './counted-stream';
import type { EventJson, EventStreams } from './event-streams';
import { eventJson, jobEventJson, jobJson } from './job-json';
import { LargeResults } from './large-results';
import {
  jobOfNode,
  limitHeadersOf,
  noteRefusal,
  readsContentsOfOthers,
  seesJob,
  submissionFault,
  submitterOf,
  withoutContents,
} from './job-access';
import { errorAnswer } from './responses';
import type { ModelNames } from './client-apis/model-names';
import { namedTask } from './job-names';
import { type Answer, errorCodeAnswer, json, refusalAnswer, route, type Route } from './route';
import { jobActRoutes } from './job-act-routes';
import { jobListRoutes } from './job-list-routes';
import { sessionHeadersSchema, sessionKeyOf } from './session-key';

const jobParams = z.object({ job_id: z.string().min(1).max(128) });
const jobSchema = { name: 'Job', schema: jobViewSchema };
const notFound = (jobId: string): Answer => refusalAnswer(unknownJob(jobId));

export interface JobRouteOptions {
  readonly jobs: JobsPort;
  /** The node of the caller. Null: it has none. */
  readonly nodeOf: Members['nodeOf'];
  readonly pool: Pick<PoolPort, 'retryJob'>;
  readonly usage: KeyUsage;
  readonly streams: EventStreams;
  readonly maxBodyBytes: number;
  readonly names: ModelNames;
}

export function jobRoutes(options: JobRouteOptions): readonly Route[] {
  const large = new LargeResults(options.jobs);
  return [
    submitRoute(options),
    ...jobListRoutes(options),
    readRoute(options, large),
    eventsRoute(options, large),
    cancelRoute(options),
    ...jobActRoutes(options),
  ];
}

const submitRoute = ({ jobs, usage, maxBodyBytes, names }: JobRouteOptions): Route =>
  route({
    method: 'POST',
    path: '/api/v1/jobs',
    access: 'submit_jobs',
    summary: 'Submits a job. The job is stored before the answer. The same `Idempotency-Key` and body return the same job for 24 hours.',
    headers: sessionHeadersSchema.extend({ 'idempotency-key': idempotencyKeySchema.optional() }),
    body: { name: 'JobSubmission', schema: askedJobSchema },
    maxBodyBytes,
    answers: { status: 202, schema: { name: 'JobAccepted', schema: jobAcceptedViewSchema }, headers: rateLimitHeaderTexts },
    errors: ['NO_AVAILABLE_NODE', 'QUEUE_FULL', 'STORAGE_FULL', 'IDEMPOTENCY_KEY_REUSED', 'PAYLOAD_TOO_LARGE'],
    async handle({ body: asked, headers, caller }) {
      const sent = { ...asked, priority: asked.priority ?? usage.defaultPriorityOf(caller.principal) };
      const named = await namedTask(names, sent, caller);
      if (!named.ok) return errorAnswer(named.error);
      const { task, name } = named.value;
      const body = { ...sent, task };
      const fault = submissionFault(caller, usage, body);
      if (fault !== null) return errorCodeAnswer('FORBIDDEN', fault);
      const idempotencyKey = headers['idempotency-key'] ?? null;
      const submitter = submitterOf(caller, usage);
      const sessionKey = sessionKeyOf(headers);
      const options = { idempotencyKey, interactive: false, traceId: null, submitter, sessionKey };
      const submitted = await jobs.submit(body, name === null ? options : { ...options, sent });
      if (!submitted.ok) {
        noteRefusal(usage, caller, submitted.error);
        const refused = refusalAnswer(submitRefusal(submitted.error));
        return { ...refused, headers: { ...refused.headers, ...limitHeadersOf(usage, caller) } };
      }
      const { jobId, status } = submitted.value;
      return {
        kind: 'json',
        status: 202,
        body: { job_id: jobId, status, ...(name === null ? {} : { model: name.model }) },
        headers: limitHeadersOf(usage, caller),
      };
    },
  });

/** In the audit log, as for the same operation of the app. */
const READ_ACT = 'job.read_content';

const readRoute = ({ jobs, nodeOf }: JobRouteOptions, large: LargeResults): Route =>
  route({
    method: 'GET',
    path: '/api/v1/jobs/{job_id}',
    access: 'read_jobs',
    act: READ_ACT,
    isOwnAct: async (caller, { job_id: jobId = '' }) => !(await readsContentsOfOthers(jobs, caller, jobId)),
    summary: 'One job: attempts, result, and for a queued job the counts per exclusion reason and the exclusions of `node_limit` nodes.',
    params: jobParams,
    query: jobQuerySchema,
    answers: { schema: jobSchema },
    errors: ['NOT_FOUND'],
    async handle({ params, query, caller, from }) {
      const isLarge = await large.turn(params.job_id, from);
      const { job_id: jobId } = params;
      if (!(await seesJob(jobs, caller, jobId))) {
        const nodeId = nodeOf(caller.principal);
        const job = nodeId === null ? null : jobOfNode(await jobs.getWithoutOutput(jobId, 0), nodeId);
        return job === null ? notFound(jobId) : json(job);
      }
      if (caller.grant === 'no_contents') {
        const job = await jobs.getWithoutOutput(jobId, query.node_limit);
        return job === null ? notFound(jobId) : json(withoutContents(job));
      }
      const job = await jobs.read(jobId, query.node_limit);
      if (job === null) return notFound(jobId);
      // The answer is written in a turn of its own.
      if (isLarge) await nextTurn();
      return { kind: 'text', status: 200, contentType: 'application/json; charset=utf-8', text: jobJson(job) };
    },
  });

const eventsRoute = ({ jobs, usage, streams }: JobRouteOptions, large: LargeResults): Route =>
  route({
    method: 'GET',
    path: '/api/v1/jobs/{job_id}/events',
    access: 'follow_jobs',
    act: READ_ACT,
    isOwnAct: async (caller, { job_id: jobId = '' }) => !(await readsContentsOfOthers(jobs, caller, jobId)),
    summary: 'Server-sent events of one job: the job, then its changes and chunks, until the job has ended.',
    params: jobParams,
    query: jobQuerySchema,
    answers: { contentType: 'text/event-stream', schema: { name: 'JobEvent', schema: jobEventSchema } },
    errors: ['NOT_FOUND', 'OVERLOADED'],
    async handle(request) {
      const { params, query, caller, from } = request;
      const { job_id: jobId } = params;
      await large.turn(jobId, from);
      const read = (): Promise<ShownJob | null> => jobs.read(jobId, query.node_limit);
      const shown = (await seesJob(jobs, caller, jobId)) ? await read() : null;
      if (shown === null) return notFound(jobId);
      const followed = { shown, read, follow: (listener: JobListener) => jobs.follow(jobId, listener) };
      return countedStream(request, { usage, streams, kind: 'events' }, (send, end) => follow(followed, send, end));
    },
  });

const cancelRoute = ({ jobs }: JobRouteOptions): Route =>
  route({
    method: 'DELETE',
    path: '/api/v1/jobs/{job_id}',
    access: 'cancel_jobs',
    act: 'job.cancel',
    summary: 'Cancels a job that has not ended. Its node stops the attempt.',
    params: jobParams,
    answers: { schema: jobSchema },
    errors: ['NOT_FOUND', 'INVALID_STATE', 'STORAGE_FULL'],
    async handle({ params: { job_id: jobId }, caller }) {
      if (!(await seesJob(jobs, caller, jobId))) return notFound(jobId);
      const cancelled = await jobs.cancel(jobId, 'requested');
      if (cancelled.ok) return json(cancelled.value);
      return refusalAnswer(cancelRefusal(jobId, cancelled.error));
    },
  });

type JobListener = Parameters<JobsPort['follow']>[1];

interface FollowedJob {
  /** The job just before. */
  readonly shown: ShownJob;
  readonly read: () => Promise<ShownJob | null>;
  readonly follow: (listener: JobListener) => ReturnType<JobsPort['follow']>;
}

function follow({ shown, read, follow: followJob }: FollowedJob, send: (id: null, json: EventJson) => void, end: () => void): () => void {
  let isFirst = true;
  const stop = followJob((event) => {
    // Only the first event explains why the job waits: an explanation runs all filters for all nodes.
    const waits = isFirst && event.type === 'job' && event.job.status === 'queued';
    send(null, eventJson(waits ? { type: 'job', job: { ...event.job, waiting: shown.view.waiting } } : event));
    isFirst = false;
    if (isLast(event)) end();
  });
  if (stop !== null) return stop;
  if (isTerminal(shown.view.status)) {
    send(null, jobEventJson(shown));
    end();
  } else {
    // The job has ended since.
    const sendEnd = (ended: ShownJob | null): void => {
      if (ended !== null) send(null, jobEventJson(ended));
      end();
    };
    read().then(sendEnd, end);
  }
  return () => undefined;
}

const isLast = (event: JobEvent): boolean => event.type === 'job' && isTerminal(event.job.status);
