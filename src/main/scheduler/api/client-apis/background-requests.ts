// Requests of the Responses API as jobs, and those that run in the background: the job outlives the connection, and in a cluster its leader.
import type { ForwardedHeaders } from '../../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../../shared/result';
import type { Principal } from '../../members/core/principal';
import { limitHeadersOf } from '../job-access';
import { type OpenAiFailure, serverFailure } from '../openai/core/openai-error';
import type { AccessCheck, Answer } from '../route';
import type { Resuming } from './background-responses';
import { translatedHeaders } from './core/answer-encoder';
import { modelHeaders } from './core/model-choice';
import { nativeBody, nativeResponses } from './core/responses/native';
import type { ResponsesBody } from './core/responses/request';
import { responsesFormat } from './core/responses/responses-format';
import type { RunningRequest, StoredRequest } from './core/responses/stored-request';
import type { Json } from './core/responses/tools';
import { translateResponses } from './core/responses/translate';
import {
  callOf,
  type ClientApiOptions,
  type JobCall,
  type JobRequest,
  type NamedBody,
  refusalOf,
  refusedAnswer,
  submitJob,
} from './run-job';

export const RESPONSES_PATH = '/v1/responses';

export interface ReadRequest {
  readonly call: JobCall;
  readonly stored: StoredRequest;
  /** Those that are passed on. */
  readonly headers: ForwardedHeaders;
}

/** `context`: the conversation before the input. */
export function responsesCallOf(
  pool: ClientApiOptions['pool'],
  named: NamedBody<ResponsesBody>,
  context: readonly Json[],
  headers: ForwardedHeaders,
): Result<JobCall, OpenAiFailure> {
  const translate = (each: ResponsesBody) => translateResponses(each, context);
  const { body } = named;
  const call = callOf(pool, { path: RESPONSES_PATH, format: responsesFormat, translate }, named, headers);
  if (!call.ok || call.value.translated !== null) return call;
  const task = { ...call.value.task, body: nativeBody(body, context) };
  return ok({ ...call.value, translated: nativeResponses(body), task });
}

/** The job outlives the connection. */
export async function runInBackground(options: ClientApiOptions, read: ReadRequest, request: JobRequest): Promise<Answer> {
  const { call, stored, headers } = read;
  const { task, translated } = call;
  const refuse = (failure: OpenAiFailure): Answer =>
    refusedAnswer(options, failure, { format: responsesFormat, choice: call.choice, ...request });
  const refusal = refusalOf(options, { kind: 'openai', ...task }, request.caller);
  if (refusal !== null) return refuse(refusal);
  const { stored: responses } = options.responses;
  const release = responses.reserve(stored);
  if (typeof release !== 'function') {
    options.usage.jobRefused(request.caller.principal);
    return refuse(serverFailure('LIMIT_REACHED', { ...release }));
  }
  const submitted = await submitJob(options, call, { ...request, replica: null });
  if (!submitted.ok) {
    release();
    return refuse(submitted.error);
  }
  const { language, accessFailure, sessionKey, onlyNode = null } = request;
  const answer = translated?.answer ?? (() => null);
  const parts = { ...stored, ...submitted.value, language, headers, sessionKey, onlyNode, translation: translated?.data ?? null };
  const body = responses.run({ ...parts, answer, accessFailure, release });
  await responses.whenCopied(submitted.value.facts);
  const ownHeaders = {
    ...limitHeadersOf(options.usage, request.caller),
    'x-muster-job': submitted.value.jobId,
    ...modelHeaders(task.body.model, call.choice),
    ...(translated === null ? {} : translatedHeaders(translated)),
  };
  return { kind: 'json', status: 200, body, headers: ownHeaders };
}

export interface ResumingOptions extends Pick<ClientApiOptions, 'jobs' | 'responses' | 'usage' | 'clock' | 'pool'> {
  readonly claim: Resuming['claim'];
  /** Null: the key has ended. */
  readonly principalWith: (holder: string) => Principal | null;
}

/** How a leader goes on with the requests that an earlier one has accepted. */
export function resumingOf(options: ResumingOptions): Resuming {
  const accessOf =
    ({ holder }: RunningRequest): AccessCheck =>
    () =>
      holder === null || options.principalWith(holder) !== null ? null : { code: 'REVOKED', details: null };
  return { claim: options.claim, accessOf, submit: (request) => submitAgain(options, request) };
}

/** Its key has used its limits for the request before. */
async function submitAgain(options: ResumingOptions, request: RunningRequest): Promise<Result<RunningRequest, OpenAiFailure>> {
  const { holder, body, context, facts, language, headers, sessionKey, onlyNode } = request;
  const call = responsesCallOf(options.pool, { body, choice: null }, context, headers);
  if (!call.ok) return call;
  const principal = holder === null ? null : options.principalWith(holder);
  const submitted = await submitJob(options, call.value, {
    ...{ requestId: facts.requestId, language, sessionKey, accessFailure: () => null, replica: null },
    ...(onlyNode === null ? {} : { onlyNode }),
    caller: { principal, grant: 'own' },
    wasAccepted: true,
  });
  if (!submitted.ok) return fail(submitted.error);
  return ok({ ...request, jobId: submitted.value.jobId, translation: call.value.translated?.data ?? null });
}
