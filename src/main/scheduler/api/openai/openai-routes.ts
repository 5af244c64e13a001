// The routes of the OpenAI API: one base URL for the whole pool. Each request becomes a job here; ResponseStream writes its answer.
import { z } from 'zod';
import { validate } from '../../../../shared/protocol/decode';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { OpenAiTask } from '../../../../shared/protocol/tasks';
import type { Caller } from '../../members/core/principal';
import { failureAnswer } from '../client-apis/failure-answer';
import { jobErrors, jobHeaders, jobRequestHeadersSchema, jobRequestOf } from '../client-apis/job-route-parts';
import { type ClientApiOptions, headersOf, runJob, unknownModel } from '../client-apis/run-job';
import { formRoute, json, route, type Route } from '../route';
import { openAiModelListSchema, openAiModelOf, openAiModelSchema } from './core/model-list';
import { openAiErrorSchema, serverFailure } from './core/openai-error';
import { openAiFormat } from './core/openai-format';
import * as bodies from './core/request-bodies';
import { describedErrors } from './openai-requests';
import { readForm } from './read-form';

const MAX_ECHOED_ID = 256;

const anyObject = { name: 'OpenAiAnswer', schema: z.looseObject({}) };
const streamed = {
  name: 'OpenAiStreamEvent',
  schema: z
    .union([z.looseObject({}), openAiErrorSchema, z.literal('[DONE]')])
    .describe('The data of one event of the runtime. The last event is `[DONE]`, or an error where the stream was interrupted.'),
};
const orStreamed = { schema: anyObject, streamed, headers: jobHeaders };
/** Any text: an invalid model id is an unknown model. */
const modelParams = z.object({ model: z.string() });

export const openAiRoutes = (options: ClientApiOptions): readonly Route[] => [
  ...modelRoutes(options),
  ...textRoutes(options),
  ...vectorRoutes(options),
  ...audioRoutes(options),
];

function modelRoutes({ pool, clock }: ClientApiOptions): readonly Route[] {
  const created = Math.floor(clock.wallMs() / 1000);
  return [
    route({
      method: 'GET',
      path: '/v1/models',
      access: 'read_models',
      summary: 'Lists the models that are ready in the pool, each with its number of nodes.',
      answers: { schema: { name: 'OpenAiModelList', schema: openAiModelListSchema } },
      async handle({ caller }) {
        const models = (await pool.readyModels()).filter(({ modelId }) => mayUse(caller, modelId));
        return json({ object: 'list', data: models.map((model) => openAiModelOf(model, created)) });
      },
    }),
    route({
      method: 'GET',
      path: '/v1/models/{model}',
      access: 'read_models',
      summary: 'One model that is installed in the pool, ready or not.',
      params: modelParams,
      answers: { schema: { name: 'OpenAiModel', schema: openAiModelSchema } },
      otherErrors: describedErrors(['model_not_found']),
      async handle({ params, caller, requestId }) {
        const model = mayUse(caller, params.model) ? await pool.model(params.model) : null;
        return model === null
          ? failureAnswer(unknownModel(params.model.slice(0, MAX_ECHOED_ID)), openAiFormat, requestId)
          : json(openAiModelOf(model, created));
      },
    }),
  ];
}

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
  formRoute({
    method: 'POST',
    path: '/v1/audio/transcriptions',
    access: 'submit_jobs',
    summary: 'Speech to text. A form with a `file`; with `stream` as server-sent events.',
    body: { name: 'TranscriptionRequest', schema: bodies.transcriptionFormSchema },
    maxBodyBytes: options.maxBodyBytes,
    answers: orStreamed,
    otherErrors: jobErrors,
    handle({ body, requestId, language, caller, accessFailure }) {
      const form = readForm(body);
      const task = form.ok ? validate(form.value, bodies.transcriptionBodySchema) : form;
      if (!task.ok) return failureAnswer(serverFailure('INVALID_REQUEST', { ...task.error }), openAiFormat, requestId);
      const request = { requestId, language, caller, accessFailure, sessionKey: null };
      return runJob(options, { ...ASKED, task: { path: '/v1/audio/transcriptions', body: task.value } }, request);
    },
  }),
];

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
    handle: (request) => {
      const { traceparent } = request.headers;
      return runJob(options, { ...ASKED, task: { path, body: request.body, ...headersOf({ traceparent }) } }, jobRequestOf(request));
    },
  });
}

const mayUse = ({ principal }: Caller, model: string): boolean => principal?.models?.includes(model) ?? true;
