// The routes of Anthropic's Messages API.
import { z } from 'zod';
import { forwardedHeadersSchema } from '../../../../shared/protocol/tasks';
import type { Caller } from '../../members/core/principal';
import { limitHeadersOf } from '../job-access';
import { afterValidation } from '../json-body';
import { type OpenAiFailure, serverFailure } from '../openai/core/openai-error';
import { type Answer, route, type Route } from '../route';
import { estimateTokens } from './core/messages/estimate';
import { messagesErrorSchema, messagesFormat } from './core/messages/messages-format';
import { readRequest, translateMessages } from './core/messages/request';
import { type MessagesBody, messagesBodySchema } from './core/messages/request-schema';
import { modelHeaders } from './core/model-choice';
import { jobErrors, jobHeaders, jobRequestHeadersSchema, jobRequestOf, translatedJobHeaders } from './job-route-parts';
import { callOf, type ClientApiOptions, headersOf, nameModel, refusalOf, refusedAnswer, refusedName, runJob } from './run-job';

const MESSAGES = { path: '/v1/messages', format: messagesFormat, translate: translateMessages } as const;
const COUNT = '/v1/messages/count_tokens';
/** One of them serves a message: the other is translated to it. */
const CHAT_PATHS = ['/v1/chat/completions', MESSAGES.path] as const;

const { 'anthropic-version': version, 'anthropic-beta': beta } = forwardedHeadersSchema.shape;
const headers = jobRequestHeadersSchema.extend({ 'anthropic-version': version, 'anthropic-beta': beta });

const streamed = {
  name: 'MessagesStreamEvent',
  schema: z
    .union([z.looseObject({ type: z.string() }), messagesErrorSchema])
    .describe('The data of one event. Its `type` is the name of the event. The last event is `message_stop`, or an error.'),
};
const ESTIMATED_HEADER = { 'X-Muster-Estimated': '`true`: no model server counted the tokens. The number is an estimate.' };
const counted = z.looseObject({ input_tokens: z.number().int().min(0) });

/** Why the caller may not chat with the model. Null: it may. */
const chatRefusalOf = (options: ClientApiOptions, { body, caller }: { readonly body: MessagesBody; readonly caller: Caller }) =>
  refusalOf(options, { kind: 'openai', path: '/v1/chat/completions', body }, caller);

export const messagesRoutes = (options: ClientApiOptions): readonly Route[] => [
  route({
    method: 'POST',
    path: MESSAGES.path,
    access: 'submit_jobs',
    summary: "A message of Anthropic's Messages API; with `stream` as server-sent events.",
    headers,
    body: { name: 'MessagesRequest', schema: messagesBodySchema },
    maxBodyBytes: options.maxBodyBytes,
    answers: { schema: { name: 'MessagesAnswer', schema: z.looseObject({}) }, streamed, headers: translatedJobHeaders },
    otherErrors: jobErrors,
    async handle(request) {
      const named = await nameModel(options, request.body, { caller: request.caller, paths: CHAT_PATHS });
      if (!named.ok) return refusedName(options, named.error, { ...request, format: messagesFormat, name: request.body.model });
      const call = callOf(options.pool, MESSAGES, named.value, request.headers);
      // An unknown or forbidden model is reported first.
      if (!call.ok) {
        const refused = { ...request, ...named.value, format: messagesFormat };
        return refusedAnswer(options, chatRefusalOf(options, refused) ?? call.error, refused);
      }
      return runJob(options, call.value, jobRequestOf(request));
    },
  }),
  route({
    method: 'POST',
    path: COUNT,
    access: 'submit_jobs',
    summary: 'The number of tokens of a message; an estimate where no model server counts them.',
    headers,
    body: { name: 'CountTokensRequest', schema: messagesBodySchema },
    maxBodyBytes: options.maxBodyBytes,
    answers: { schema: { name: 'CountTokensAnswer', schema: counted }, headers: { ...jobHeaders, ...ESTIMATED_HEADER } },
    otherErrors: jobErrors,
    async handle(request): Promise<Answer> {
      const named = await nameModel(options, request.body, { caller: request.caller, paths: CHAT_PATHS });
      if (!named.ok) return refusedName(options, named.error, { ...request, format: messagesFormat, name: request.body.model });
      const { body, choice } = named.value;
      if (options.pool.allReport(body.model, COUNT)) {
        const task = { path: COUNT, body, ...headersOf(request.headers) } as const;
        return runJob(options, { format: messagesFormat, translated: null, task, choice }, jobRequestOf(request));
      }
      const refuse = (failure: OpenAiFailure) => refusedAnswer(options, failure, { ...request, choice, format: messagesFormat });
      const refusal = chatRefusalOf(options, { ...request, body });
      if (refusal !== null) return refuse(refusal);
      const read = readRequest(body);
      if (!read.ok) return refuse(serverFailure('INVALID_REQUEST', { ...read.error }));
      await afterValidation(request.headers);
      const answer = { input_tokens: estimateTokens(read.value) };
      const served = modelHeaders(body.model, choice);
      const limits = limitHeadersOf(options.usage, request.caller);
      return { kind: 'json', status: 200, body: answer, headers: { 'x-muster-estimated': 'true', ...served, ...limits } };
    },
  }),
];
