// One request of a client API as a job: checks the rights and the model, chooses native or translated, stores the job, and answers with
// its result.
import { limitDetails } from '../../../../shared/api/program-limits';
import { isStreamed, type ForwardedHeaders, forwardedHeadersSchema, type OpenAiTask } from '../../../../shared/protocol/tasks';
import type { NativePath, TaskKind } from '../../../../shared/protocol/task-kinds';
import { fail, ok, type Result } from '../../../../shared/result';
import type { Clock } from '../../../platform/clock';
import type { JobsPort } from '../../jobs/jobs-port';
import type { Caller } from '../../members/core/principal';
import type { KeyUsage } from '../../members/key-usage';
import { limitHeadersOf, noteRefusal, submissionFault, submitterOf } from '../job-access';
import { submitFailure } from '../openai/core/job-failure';
import { type OpenAiFailure, poolFailure, serverFailure } from '../openai/core/openai-error';
import type { OpenAiPool } from '../openai/openai-requests';
import type { StreamedRequest } from '../openai/response-stream';
import type { JobAnswer, ResponseStreams } from '../openai/response-streams';
import type { Answer, ErrorAnswer } from '../route';
import type { AnswerForm } from './core/answer-encoder';
import type { AnswerFacts, AnswerFormat, Translate } from './core/client-api';
import { aliasHeader, type ModelChoice, modelHeaders } from './core/model-choice';
import { failureAnswer } from './failure-answer';
import type { ModelNames, NameRequest } from './model-names';
import { translatedTaskText } from './translated-task';

export interface ClientApiOptions {
  readonly jobs: JobsPort;
  readonly pool: OpenAiPool;
  readonly clock: Clock;
  readonly responses: ResponseStreams;
  readonly names: ModelNames;
  /** Counts the models that no node has. */
  readonly dispatcher: { noteAsked(modelIds: readonly string[]): void };
  readonly usage: KeyUsage;
  readonly maxBodyBytes: number;
}

export interface JobRequest extends Pick<JobAnswer, 'requestId' | 'language' | 'accessFailure' | 'replica'> {
  readonly caller: Caller;
  readonly sessionKey: string | null;
  /** The node that must run the job. Absent: any. */
  readonly onlyNode?: string | undefined;
  /** An earlier leader has accepted the request. */
  readonly wasAccepted?: boolean;
}

/** The task of a request, and the form of its answer. */
export interface JobCall extends AnswerForm {
  /** Absent: the response is not kept. */
  readonly note?: StreamedRequest['note'];
  readonly task: Pick<OpenAiTask, 'path' | 'body' | 'headers'>;
}

/** The body of a request with the model that serves it. */
export interface NamedBody<Body> {
  readonly body: Body;
  readonly choice: ModelChoice | null;
}

/** Replaces an alias and `auto` by a model of the pool. */
export async function nameModel<Body extends { readonly model: string }>(
  { names }: Pick<ClientApiOptions, 'names'>,
  body: Body,
  request: NameRequest,
): Promise<Result<NamedBody<Body>, OpenAiFailure>> {
  const choice = await names.choose(body, request);
  if (!choice.ok) return choice;
  return ok({ body: choice.value === null ? body : { ...body, model: choice.value.model }, choice: choice.value });
}

/**
 * The request as it is, when each node that has the model reported the path; else translated. One form for each job, so that a retry can use
 * every node.
 */
export function callOf<Body extends OpenAiTask['body']>(
  pool: Pick<OpenAiPool, 'allReport'>,
  api: { readonly path: NativePath; readonly format: AnswerFormat; readonly translate: Translate<Body> },
  { body, choice }: NamedBody<Body>,
  headers: ForwardedHeaders,
): Result<JobCall, OpenAiFailure> {
  const { path, format, translate } = api;
  if (pool.allReport(body.model, path)) return ok({ format, translated: null, task: { path, body, ...headersOf(headers) }, choice });
  const translated = translate(body);
  if (!translated.ok) return { ok: false, error: serverFailure('INVALID_REQUEST', { ...translated.error }) };
  const { traceparent } = headers;
  const task = { path: '/v1/chat/completions', body: translated.value.chat, ...headersOf({ traceparent }) } as const;
  return ok({ format, translated: translated.value, task, choice });
}

/** The valid headers of those that are passed on. Nothing: the client sent none. */
export function headersOf(headers: ForwardedHeaders): { readonly headers?: ForwardedHeaders } {
  const given = Object.entries(forwardedHeadersSchema.shape).flatMap(([name, schema]) => {
    const value = headers[name as keyof ForwardedHeaders];
    return value !== undefined && schema.safeParse(value).success ? [[name, value] as const] : [];
  });
  return given.length === 0 ? {} : { headers: Object.fromEntries(given) };
}

/** Refuses a model that no node has, or no node serves on this path. Otherwise stores a job and answers with its result. */
export async function runJob(options: ClientApiOptions, call: JobCall, job: JobRequest): Promise<Answer> {
  const { responses, usage } = options;
  const { format, translated, choice, note = null } = call;
  const { caller, sessionKey: _session, onlyNode: _node, ...request } = job;
  const task = { kind: 'openai', ...call.task } as const;
  const refuse = (failure: OpenAiFailure): Answer => refusedAnswer(options, failure, { format, choice, ...job });
  const refusal = refusalOf(options, task, caller);
  if (refusal !== null) return refuse(refusal);
  const streams = isStreamed(task);
  const release = streams ? usage.openStream(caller.principal, 'answer') : null;
  if (release !== null && typeof release !== 'function') return refuse(serverFailure('LIMIT_REACHED', limitDetails(release)));
  const submitted = await submitJob(options, call, job);
  if (!submitted.ok) {
    release?.();
    return refuse(submitted.error);
  }
  const { jobId, facts } = submitted.value;
  const limitHeaders = limitHeadersOf(usage, caller);
  return {
    kind: 'stream',
    open(response) {
      const holder = caller.principal?.id ?? null;
      const answer = { jobId, ...request, streams, format, translated, facts, choice, note, holder, limitHeaders };
      responses.open({ ...answer, release: () => release?.() }, response);
      return true;
    },
  };
}

interface RefusedRequest extends Pick<JobRequest, 'caller' | 'requestId'>, Pick<JobCall, 'format'> {
  /** Null: the client named a model. */
  readonly choice: ModelChoice | null;
}

/** A refusal shows the limits of the key, too, and which model an alias stood for. */
export function refusedAnswer(
  { usage }: Pick<ClientApiOptions, 'usage'>,
  failure: OpenAiFailure,
  { format, caller, requestId, choice }: RefusedRequest,
): ErrorAnswer {
  const answer = failureAnswer(failure, format, requestId);
  const named = choice === null ? {} : modelHeaders(choice.model, choice);
  return { ...answer, headers: { ...answer.headers, ...named, ...limitHeadersOf(usage, caller) } };
}

/** The refusal of `nameModel`: no model could be chosen for the name that the client sent. */
export function refusedName(
  options: Pick<ClientApiOptions, 'usage'>,
  failure: OpenAiFailure,
  request: Omit<RefusedRequest, 'choice'> & { readonly name: string },
): ErrorAnswer {
  const answer = refusedAnswer(options, failure, { ...request, choice: null });
  return { ...answer, headers: { ...answer.headers, ...aliasHeader(request.name) } };
}

export interface SubmittedJob {
  readonly jobId: string;
  readonly facts: AnswerFacts;
}

/** Stores the job of a request that was not refused. */
export async function submitJob(
  { jobs, responses, usage, clock }: Pick<ClientApiOptions, 'jobs' | 'responses' | 'usage' | 'clock'>,
  { task: asked, translated }: Pick<JobCall, 'task' | 'translated'>,
  { caller, sessionKey, onlyNode, requestId, replica, wasAccepted }: JobRequest,
): Promise<Result<SubmittedJob, OpenAiFailure>> {
  const task = { kind: 'openai', ...asked } as const;
  const text = translated === null ? null : await translatedTaskText(task);
  if (text?.ok === false) return fail(serverFailure('INVALID_REQUEST', { ...text.error }));
  const submitted = await jobs.submit(
    {
      required_models: [],
      public: true,
      ...(onlyNode === undefined ? {} : { node_id: onlyNode }),
      task,
      queue_timeout_seconds: responses.queueTimeoutSeconds,
      wait_for_node: true,
      max_attempts: 3,
      priority: usage.defaultPriorityOf(caller.principal),
    },
    {
      idempotencyKey: null,
      interactive: true,
      traceId: requestId,
      ...(replica === null ? {} : { follower: replica }),
      submitter: submitterOf(caller, usage),
      sessionKey,
      wasAccepted,
      taskText: text?.value,
    },
  );
  if (!submitted.ok) {
    noteRefusal(usage, caller, submitted.error);
    return { ok: false, error: submitFailure(submitted.error) };
  }
  const { jobId } = submitted.value;
  return ok({ jobId, facts: { requestId, id: jobId.replaceAll(/[^\da-z]/gi, ''), model: task.body.model, atWallMs: clock.wallMs() } });
}

/** Null: the caller may use the model, and some node may run the task. */
export function refusalOf({ pool, dispatcher, usage }: ClientApiOptions, task: OpenAiTask, caller: Caller): OpenAiFailure | null {
  const { path, body } = task;
  const fault = submissionFault(caller, usage, { task, required_models: [], priority: usage.defaultPriorityOf(caller.principal) });
  if (fault !== null) return serverFailure('FORBIDDEN', 'model' in fault ? { field: 'model', ...fault } : fault);
  dispatcher.noteAsked([body.model]);
  const offer = pool.offerOf(body.model, path);
  if (offer.kind === 'no_model') return unknownModel(body.model);
  return offer.kind === 'other_tasks' ? unsupportedModel(body.model, path, offer.tasks) : null;
}

export const unknownModel = (model: string): OpenAiFailure =>
  poolFailure('model_not_found', { param: 'model', reason: { en: model, zh: model }, muster: { model } });

const unsupportedModel = (model: string, path: OpenAiTask['path'], tasks: readonly TaskKind[]): OpenAiFailure =>
  poolFailure('unsupported_model', {
    param: 'model',
    reason: {
      en: `${model} accepts ${tasks.join(', ') || 'no requests'}`,
      zh: tasks.length === 0 ? `${model} 不接受任何请求` : `${model} 仅支持 ${tasks.join('、')}`,
    },
    muster: { model, path, tasks },
  });
