// The routes of OpenAI's Responses API. Responses are visible to the key that made them.
import { z } from 'zod';
import { limitDetails } from '../../../../shared/api/program-limits';
import { MAX_TASK_BYTES } from '../../../../shared/protocol/limits';
import { ok, type Result } from '../../../../shared/result';
import { jsonBytesOf } from '../../../../shared/value-size';
import type { Caller } from '../../members/core/principal';
import type { KeyUsage } from '../../members/key-usage';
import { openAiErrorSchema, type OpenAiFailure, poolFailure, serverFailure } from '../openai/core/openai-error';
import { describedErrors } from '../openai/openai-requests';
import { type Answer, json, route, type Route, type RouteRequest } from '../route';
import { type ReadRequest, responsesCallOf, RESPONSES_PATH, runInBackground } from './background-requests';
import { listInput } from './core/responses/input-items';
import type { Note } from './core/responses/noted-end';
import { type ResponsesBody, responsesBodySchema } from './core/responses/request';
import { withItems } from './core/responses/resolve-references';
import { responsesFormat } from './core/responses/responses-format';
import type { Json } from './core/responses/tools';
import { failureAnswer } from './failure-answer';
import { jobErrors, jobRequestHeadersSchema, jobRequestOf, translatedJobHeaders } from './job-route-parts';
import { type ClientApiOptions, type NamedBody, nameModel, refusalOf, refusedAnswer, refusedName, runJob } from './run-job';

const PATH = RESPONSES_PATH;
/** One of them serves a response: the other is translated to it. */
const CHAT_PATHS = ['/v1/chat/completions', PATH] as const;
const ONE = `${PATH}/{response_id}`;
const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

const responseSchema = z.looseObject({ id: z.string(), object: z.literal('response'), status: z.string() });
const answers = { schema: { name: 'Response', schema: responseSchema } };
const streamed = {
  name: 'ResponseStreamEvent',
  schema: z
    .union([z.looseObject({ type: z.string(), sequence_number: z.number() }), openAiErrorSchema])
    .describe('The data of one event. Its `type` is the name of the event. The last one has the whole response.'),
};
const params = z.object({ response_id: z.string() });
const notFound = describedErrors(['response_not_found']);
const NO_STREAM = 'a stored response is not streamed; create it with stream: true, or retrieve it without stream';

export const responsesRoutes = (options: ClientApiOptions): readonly Route[] => [
  createRoute(options),
  ...storedRoutes(options),
  inputRoute(options),
];

const createRoute = (options: ClientApiOptions): Route =>
  route({
    method: 'POST',
    path: PATH,
    access: 'submit_jobs',
    summary: "A response of OpenAI's Responses API; with `stream` as server-sent events, with `background` as a job to retrieve later.",
    headers: jobRequestHeadersSchema,
    body: { name: 'ResponseRequest', schema: responsesBodySchema },
    maxBodyBytes: options.maxBodyBytes,
    answers: { ...answers, streamed, headers: translatedJobHeaders },
    otherErrors: [...jobErrors, ...describedErrors(['previous_response_not_found'])],
    async handle(asked) {
      const named = await nameModel(options, asked.body, { caller: asked.caller, paths: CHAT_PATHS });
      if (!named.ok) return refusedName(options, named.error, { ...asked, format: responsesFormat, name: asked.body.model });
      const request = { ...asked, ...named.value };
      const read = readRequest(options, request);
      if (!read.ok) {
        // An unknown or forbidden model is reported first.
        const task = { kind: 'openai', path: '/v1/chat/completions', body: request.body } as const;
        const refusal = refusalOf(options, task, request.caller);
        return refusedAnswer(options, refusal ?? read.error, { ...request, format: responsesFormat });
      }
      const { call, stored } = read.value;
      if (stored.body.background === true) return runInBackground(options, read.value, jobRequestOf(request));
      const { translated } = call;
      if (translated === null || stored.body.store === false) return runJob(options, call, jobRequestOf(request));
      const note: Note = (response, facts) => options.responses.stored.keep(stored, response, facts);
      return runJob(options, { ...call, note }, jobRequestOf(request));
    },
  });

type CreateRequest = Omit<RouteRequest<unknown, ResponsesBody, unknown, z.output<typeof jobRequestHeadersSchema>>, 'params' | 'query'> &
  NamedBody<ResponsesBody>;

function readRequest(
  { pool, usage, responses: { stored } }: ClientApiOptions,
  { body: asked, headers, caller, choice }: CreateRequest,
): Result<ReadRequest, OpenAiFailure> {
  const invalid = (details: { readonly field: string; readonly reason: string }) =>
    ({ ok: false, error: serverFailure('INVALID_REQUEST', details) }) as const;
  if (asked.background === true && asked.store === false) return invalid({ field: 'store', reason: 'a background response is stored' });
  if (asked.background === true && asked.stream === true)
    return invalid({ field: 'stream', reason: 'a background response is not streamed' });
  const holder = holderOf(caller);
  const { previous_response_id: previous } = asked;
  const context = previous == null ? [] : stored.conversation(holder, previous);
  if (context === null) return { ok: false, error: poolFailure('previous_response_not_found', { param: 'previous_response_id' }) };
  const whole = withItems(asked, () => stored.items(holder));
  if (!whole.ok) return invalid(whole.error);
  const { body, references } = whole.value;
  const refusal = keptRefusal(usage, caller, [...context, ...references]);
  if (refusal !== null) return { ok: false, error: refusal };
  const call = responsesCallOf(pool, { body, choice }, context, headers);
  return call.ok ? ok({ call: call.value, stored: { holder, body, context }, headers }) : call;
}

/** What is kept becomes a part of the stored task, so it counts like the bytes of the request itself. */
export function keptRefusal(
  usage: Pick<KeyUsage, 'bytes'>,
  { principal }: Pick<Caller, 'principal'>,
  items: readonly Json[],
): OpenAiFailure | null {
  if (items.length === 0) return null;
  const bytes = jsonBytesOf(items, MAX_TASK_BYTES, (text) => Buffer.byteLength(text));
  if (bytes > MAX_TASK_BYTES) return serverFailure('PAYLOAD_TOO_LARGE', { field: 'input', limit_bytes: MAX_TASK_BYTES });
  const reached = usage.bytes(principal, bytes);
  return reached === null ? null : serverFailure('LIMIT_REACHED', limitDetails(reached));
}

const storedRoutes = ({ responses: { stored } }: ClientApiOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: ONE,
    access: 'submit_jobs',
    summary:
      'A response that this key made in the last hour, with its state. `include` has no effect: the response has what its request asked for.',
    params,
    query: z.object({ stream: z.enum(['false'], NO_STREAM).optional() }),
    answers,
    otherErrors: notFound,
    handle: ({ params: { response_id: id }, caller }) => {
      const found = stored.find(holderOf(caller), id);
      return found === null ? unknownResponse() : json(found.response);
    },
  }),
  route({
    method: 'DELETE',
    path: ONE,
    access: 'submit_jobs',
    summary: 'Forgets a response. One that runs in the background is cancelled.',
    params,
    answers: {
      schema: { name: 'ResponseDeleted', schema: z.object({ id: z.string(), object: z.literal('response'), deleted: z.literal(true) }) },
    },
    otherErrors: notFound,
    handle: ({ params: { response_id: id }, caller }) =>
      stored.delete(holderOf(caller), id) ? json({ id, object: 'response', deleted: true }) : unknownResponse(),
  }),
  route({
    method: 'POST',
    path: `${ONE}/cancel`,
    access: 'submit_jobs',
    summary: 'Cancels a response that runs in the background. A response that has ended stays as it is.',
    params,
    answers,
    otherErrors: notFound,
    async handle({ params: { response_id: id }, caller, requestId }) {
      const holder = holderOf(caller);
      const found = stored.find(holder, id);
      if (found === null) return unknownResponse();
      if (found.response['background'] === true) return json((await stored.cancel(holder, id)) ?? found.response);
      const details = { field: 'response_id', reason: 'only a response that was created with background: true can be cancelled' };
      return failureAnswer(serverFailure('INVALID_REQUEST', details), responsesFormat, requestId);
    },
  }),
];

const inputRoute = ({ responses: { stored } }: ClientApiOptions): Route =>
  route({
    method: 'GET',
    path: `${ONE}/input_items`,
    access: 'submit_jobs',
    summary: 'The items of the input of a response, without those of the responses before it.',
    params,
    query: z.object({
      order: z.enum(['asc', 'desc']).default('desc'),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
      after: z.string().max(256).optional(),
    }),
    answers: {
      schema: {
        name: 'ResponseItemList',
        schema: z.looseObject({ object: z.literal('list'), data: z.array(z.looseObject({})).max(MAX_PAGE) }),
      },
    },
    otherErrors: notFound,
    handle({ params: { response_id: id }, query: { order, limit, after }, caller, requestId }) {
      const found = stored.find(holderOf(caller), id);
      if (found === null) return unknownResponse();
      const list = listInput(found.input, id, { order, limit, after: after ?? null });
      if (list !== null) return json(list);
      return failureAnswer(serverFailure('INVALID_REQUEST', { field: 'after', reason: 'no such item' }), responsesFormat, requestId);
    },
  });

const holderOf = ({ principal }: Caller): string | null => principal?.id ?? null;

const unknownResponse = (): Answer => failureAnswer(poolFailure('response_not_found', { param: 'response_id' }), responsesFormat, '');
