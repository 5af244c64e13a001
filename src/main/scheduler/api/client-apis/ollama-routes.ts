// The routes of Ollama's API. Its requests are always translated: a model server that has these paths has the paths of OpenAI, too.
import { z } from 'zod';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Result } from '../../../../shared/result';
import { serverFailure } from '../openai/core/openai-error';
import { type Answer, json, route, type Route, type RouteRequest } from '../route';
import type { Untranslatable } from './core/client-api';
import { loadedLine, type Shape } from './core/ollama/answer';
import { modelIn } from './core/ollama/models';
import { ollamaErrorSchema, ollamaFormat } from './core/ollama/ollama-format';
import { isGiven } from './core/ollama/request';
import { chatSchema, embeddingsSchema, embedSchema, generateSchema } from './core/ollama/request-schema';
import {
  type Asked,
  chatTask,
  completionField,
  embeddingTask,
  embedTask,
  generateTask,
  type TranslatedTask,
} from './core/ollama/translate';
import { failureAnswer } from './failure-answer';
import { jobErrors, jobRequestHeadersSchema, jobRequestOf, translatedJobHeaders } from './job-route-parts';
import { ollamaModelRoutes } from './ollama-model-routes';
import { type ClientApiOptions, headersOf, refusalOf, runJob } from './run-job';

const anyAnswer = { name: 'OllamaAnswer', schema: z.looseObject({}) };
const streamed = {
  name: 'OllamaStreamLine',
  schema: z
    .union([z.looseObject({ done: z.boolean() }), ollamaErrorSchema])
    .describe('One line of the stream. The last line has `done: true`, or is an error.'),
};

export const ollamaRoutes = (options: ClientApiOptions): readonly Route[] => [
  ...textRoutes(options),
  ...vectorRoutes(options),
  ...ollamaModelRoutes(options),
];

type JobRouteRequest = RouteRequest<unknown, unknown, unknown, z.infer<typeof jobRequestHeadersSchema>>;

const textRoutes = (options: ClientApiOptions): readonly Route[] => [
  route({
    ...jobRoute(options, '/api/chat', "A chat of Ollama's API; streamed as JSON lines unless `stream` is false."),
    body: { name: 'OllamaChatRequest', schema: chatSchema },
    answers: { schema: anyAnswer, streamed, headers: translatedJobHeaders },
    handle(request) {
      const { asked, body } = askedFor(options, request.body);
      if ((body.messages ?? []).length === 0) return load(options, request, 'chat', { ...body, asked: asked.asked });
      return run(options, request, body.model, { ok: true, value: chatTask(body, asked) });
    },
  }),
  route({
    ...jobRoute(options, '/api/generate', 'An answer to a prompt; streamed as JSON lines unless `stream` is false.'),
    body: { name: 'OllamaGenerateRequest', schema: generateSchema },
    answers: { schema: anyAnswer, streamed, headers: translatedJobHeaders },
    handle(request) {
      const { asked, body } = askedFor(options, request.body);
      if (!isGiven(body.prompt) && !isGiven(body.suffix) && (body.images ?? []).length === 0)
        return load(options, request, 'generate', { ...body, asked: asked.asked });
      const field = completionField(body);
      if (field !== null && options.pool.offerOf(body.model, '/v1/completions').kind === 'other_tasks')
        return invalid(options, request, body.model, { field, reason: `no node completes a prompt of ${body.model} without its template` });
      return run(options, request, body.model, generateTask(body, asked));
    },
  }),
];

const vectorRoutes = (options: ClientApiOptions): readonly Route[] => [
  route({
    ...jobRoute(options, '/api/embed', 'Embeddings of one or several texts.'),
    body: { name: 'OllamaEmbedRequest', schema: embedSchema },
    answers: { schema: anyAnswer, headers: translatedJobHeaders },
    handle(request) {
      const { asked, body } = askedFor(options, request.body);
      const { input } = body;
      if (input === null || input === undefined || input.length === 0)
        return empty(options, request, body.model, { model: asked.asked, embeddings: [] });
      return run(options, request, body.model, { ok: true, value: embedTask(body, asked) });
    },
  }),
  route({
    ...jobRoute(options, '/api/embeddings', 'The embedding of one text, as earlier clients ask for it.'),
    body: { name: 'OllamaEmbeddingsRequest', schema: embeddingsSchema },
    answers: { schema: anyAnswer, headers: translatedJobHeaders },
    handle(request) {
      const { prompt, ...body } = askedFor(options, request.body).body;
      if (!isGiven(prompt)) return empty(options, request, body.model, { embedding: [] });
      return run(options, request, body.model, { ok: true, value: embeddingTask({ ...body, input: prompt }) });
    },
  }),
];

const jobRoute = ({ maxBodyBytes }: ClientApiOptions, path: string, summary: string) =>
  ({
    method: 'POST',
    path,
    access: 'submit_jobs',
    summary,
    headers: jobRequestHeadersSchema,
    maxBodyBytes,
    otherErrors: jobErrors,
  }) as const;

/** The body with the model as the pool names it. */
function askedFor<Body extends { readonly model: string }>({ pool, clock }: ClientApiOptions, body: Body) {
  const startMonotonicMs = clock.monotonicMs();
  const asked: Asked = {
    asked: body.model,
    times: () => ({ atWallMs: clock.wallMs(), sinceRequestMs: clock.monotonicMs() - startMonotonicMs }),
  };
  const model = modelIn((id) => pool.offerOf(id, '/v1/chat/completions').kind !== 'no_model', body.model);
  return { asked, body: { ...body, model } };
}

/** A model that is unknown or forbidden is reported before a field that cannot be translated. */
const invalid = (options: ClientApiOptions, request: JobRouteRequest, model: string, fault: Untranslatable): Answer =>
  refusedModel(options, request, model, '/v1/chat/completions') ??
  failureAnswer(serverFailure('INVALID_REQUEST', { ...fault }), ollamaFormat, request.requestId);

function run(
  options: ClientApiOptions,
  request: JobRouteRequest,
  model: string,
  made: Result<TranslatedTask, Untranslatable>,
): Answer | Promise<Answer> {
  if (!made.ok) return invalid(options, request, model, made.error);
  const { task, translated } = made.value;
  const { traceparent } = request.headers;
  return runJob(options, { format: ollamaFormat, translated, task: { ...task, ...headersOf({ traceparent }) } }, jobRequestOf(request));
}

interface Load {
  readonly asked: string;
  readonly model: string;
  readonly keep_alive?: string | number | null | undefined;
}

/** A request without a prompt becomes no job: the pool loads models by itself. */
function load(options: ClientApiOptions, request: JobRouteRequest, shape: Shape, { asked, model, keep_alive: keepAlive }: Load): Answer {
  const refusal = refusedModel(options, request, model, '/v1/chat/completions');
  if (refusal !== null) return refusal;
  return json(loadedLine(shape, asked, { atWallMs: options.clock.wallMs() }, keepAlive));
}

/** An empty request for embeddings becomes no job either. */
const empty = (options: ClientApiOptions, request: JobRouteRequest, model: string, answer: object): Answer =>
  refusedModel(options, request, model, '/v1/embeddings') ?? json(answer);

/** Null: the caller may use the model on this path. */
function refusedModel(options: ClientApiOptions, { caller, requestId }: JobRouteRequest, model: string, path: OpenAiPath): Answer | null {
  const refusal = refusalOf(options, { kind: 'openai', path, body: { model } }, caller);
  return refusal === null ? null : failureAnswer(refusal, ollamaFormat, requestId);
}
