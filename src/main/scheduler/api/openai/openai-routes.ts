// The routes of the OpenAI API: one base URL for the whole pool. Each request becomes a job here; ResponseStream writes its answer.
import { z } from 'zod';
import { validate } from '../../../../shared/protocol/decode';
import type { FORM_PATHS, OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { OpenAiTask } from '../../../../shared/protocol/tasks';
import { jobErrors, jobHeaders, jobRequestHeadersSchema, jobRequestOf, type JobRouteRequest } from '../client-apis/job-route-parts';
import { type ClientApiOptions, headersOf, nameModel, refusedAnswer, refusedName, runJob } from '../client-apis/run-job';
import { type Answer, formRoute, route, type Route } from '../route';
import { openAiErrorSchema, serverFailure } from './core/openai-error';
import { openAiFormat } from './core/openai-format';
import * as bodies from './core/request-bodies';
import { modelRoutes } from './model-routes';
import { queueRoute } from './queue-route';
import { readForm } from './read-form';

const anyObject = { name: 'OpenAiAnswer', schema: z.looseObject({}) };
const streamed = {
  name: 'OpenAiStreamEvent',
  schema: z
    .union([z.looseObject({}), openAiErrorSchema, z.literal('[DONE]')])
    .describe('The data of one event of the runtime. The last event is `[DONE]`, or an error where the stream was interrupted.'),
};
const orStreamed = { schema: anyObject, streamed, headers: jobHeaders };

export const openAiRoutes = (options: ClientApiOptions): readonly Route[] => [
  ...modelRoutes(options),
  queueRoute(options),
  ...textRoutes(options),
  ...vectorRoutes(options),
  ...audioRoutes(options),
  ...otherRoutes(options),
];

const textRoutes = (options: ClientApiOptions): readonly Route[] => [
  jobRoute(options, {
    path: '/v1/chat/completions',
    summary: 'A chat completion; with `stream` as server-sent events.',
    body: { name: 'ChatCompletionRequest', schema: bodies.chatBodySchema },
    answers: orStreamed,
  }),
  jobRoute(options, {
    path: '/v1/completions',
    summary: 'A completion; with `stream` as server-sent events.',
    body: { name: 'CompletionRequest', schema: bodies.completionBodySchema },
    answers: orStreamed,
  }),
];

const vectorRoutes = (options: ClientApiOptions): readonly Route[] => [
  jobRoute(options, {
    path: '/v1/embeddings',
    summary: 'Embeddings of texts.',
    body: { name: 'EmbeddingRequest', schema: bodies.embeddingBodySchema },
  }),
  jobRoute(options, {
    path: '/v1/rerank',
    summary: 'Documents, ordered by their relevance to a query.',
    body: { name: 'RerankRequest', schema: bodies.rerankBodySchema },
  }),
];

const audioRoutes = (options: ClientApiOptions): readonly Route[] => [
  jobRoute(options, {
    path: '/v1/audio/speech',
    summary: 'Text to speech; with `stream_format: sse` as server-sent events.',
    body: { name: 'SpeechRequest', schema: bodies.speechBodySchema },
    answers: { contentType: 'application/octet-stream', streamed },
  }),
  soundRoute(options, '/v1/audio/transcriptions', 'Speech to text. A form with a `file`; with `stream` as server-sent events.'),
  soundRoute(options, '/v1/audio/translations', 'Speech to English text. A form with a `file`.'),
];

const otherRoutes = (options: ClientApiOptions): readonly Route[] => [
  jobRoute(options, {
    path: '/v1/images/generations',
    summary: 'Pictures for a description. Without `response_format` they come as base64.',
    body: { name: 'ImageRequest', schema: bodies.imageBodySchema },
  }),
  jobRoute(options, {
    path: '/v1/moderations',
    summary: 'Whether texts are harmful. Requires `model`.',
    body: { name: 'ModerationRequest', schema: bodies.moderationBodySchema },
  }),
];

/** A form with a file of sound. */
function soundRoute(options: ClientApiOptions, path: (typeof FORM_PATHS)[number], summary: string): Route {
  const isTranslation = path === '/v1/audio/translations';
  const schema = isTranslation ? bodies.translationBodySchema : bodies.transcriptionBodySchema;
  return formRoute({
    method: 'POST',
    path,
    access: 'submit_jobs',
    summary,
    headers: jobRequestHeadersSchema,
    body: { name: isTranslation ? 'TranslationRequest' : 'TranscriptionRequest', schema: bodies.transcriptionFormSchema },
    maxBodyBytes: options.maxBodyBytes,
    answers: isTranslation ? { schema: anyObject, headers: jobHeaders } : orStreamed,
    otherErrors: jobErrors,
    async handle(request) {
      const form = readForm(request.body);
      const task = form.ok ? validate(form.value, schema) : form;
      if (!task.ok)
        return refusedAnswer(options, serverFailure('INVALID_REQUEST', { ...task.error }), { ...request, ...ASKED, choice: null });
      return runNamed(options, path, task.value, request);
    },
  });
}

/** The paths of the OpenAI API are never translated. */
const ASKED = { format: openAiFormat, translated: null } as const;

interface JobRoute<Schema extends z.ZodType<OpenAiTask['body']>> {
  readonly path: OpenAiPath;
  readonly summary: string;
  readonly body: { readonly name: string; readonly schema: Schema };
  readonly answers?: Partial<Route['answers']>;
}

/** A route whose JSON body becomes the task of a job. */
function jobRoute<Schema extends z.ZodType<OpenAiTask['body']>>(options: ClientApiOptions, spec: JobRoute<Schema>): Route {
  const { path, summary, body, answers = { schema: anyObject } } = spec;
  return route({
    method: 'POST',
    path,
    access: 'submit_jobs',
    summary,
    headers: jobRequestHeadersSchema,
    body,
    maxBodyBytes: options.maxBodyBytes,
    answers: { ...answers, headers: jobHeaders },
    otherErrors: jobErrors,
    handle: (request) => runNamed(options, path, request.body, request),
  });
}

/** Runs a body with the model that serves its name. */
async function runNamed(options: ClientApiOptions, path: OpenAiPath, body: OpenAiTask['body'], request: JobRouteRequest): Promise<Answer> {
  const { traceparent } = request.headers;
  const named = await nameModel(options, body, { caller: request.caller, paths: [path] });
  if (!named.ok) return refusedName(options, named.error, { ...request, ...ASKED, name: body.model });
  const { choice } = named.value;
  const task = { path, body: named.value.body, ...headersOf({ traceparent }) };
  return runJob(options, { ...ASKED, choice, task }, jobRequestOf(request));
}
