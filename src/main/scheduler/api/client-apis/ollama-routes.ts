// The routes of Ollama's API. Its requests are always translated: a model server that has these paths has the paths of OpenAI, too.
import { z } from 'zod';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Result } from '../../../../shared/result';
import { serverFailure } from '../openai/core/openai-error';
import { type Answer, json, route, type Route } from '../route';
import type { Untranslatable } from './core/client-api';
import { loadedLine, type Shape } from './core/ollama/answer';
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
import { jobErrors, jobRequestHeadersSchema, jobRequestOf, type JobRouteRequest, translatedJobHeaders } from './job-route-parts';
import { ollamaModelRoutes, poolNameOf } from './ollama-model-routes';
import { type ClientApiOptions, headersOf, type NamedBody, nameModel, refusalOf, refusedAnswer, refusedName, runJob } from './run-job';

const CHAT = '/v1/chat/completions';
const EMBEDDINGS = '/v1/embeddings';

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

const textRoutes = (options: ClientApiOptions): readonly Route[] => [
  route({
    ...jobRoute(options, '/api/chat', "A chat of Ollama's API; streamed as JSON lines unless `stream` is false."),
    body: { name: 'OllamaChatRequest', schema: chatSchema },
    answers: { schema: anyAnswer, streamed, headers: translatedJobHeaders },
    handle: (request) =>
      withModel(options, request, CHAT, (named) => {
        const { asked, body } = named;
        if ((body.messages ?? []).length === 0) return load(options, named, 'chat', { ...body, asked: asked.asked });
        return run(options, named, { ok: true, value: chatTask(body, asked) });
      }),
  }),
  route({
    ...jobRoute(options, '/api/generate', 'An answer to a prompt; streamed as JSON lines unless `stream` is false.'),
    body: { name: 'OllamaGenerateRequest', schema: generateSchema },
    answers: { schema: anyAnswer, streamed, headers: translatedJobHeaders },
    handle(request) {
      const field = completionField(request.body);
      return withModel(options, request, field === null ? CHAT : '/v1/completions', (named) => {
        const { asked, body } = named;
        if (!isGiven(body.prompt) && !isGiven(body.suffix) && (body.images ?? []).length === 0)
          return load(options, named, 'generate', { ...body, asked: asked.asked });
        if (field !== null && options.pool.offerOf(body.model, '/v1/completions').kind === 'other_tasks')
          return invalid(options, named, {
            field,
            reason: `no node completes a prompt of ${body.model} without its template`,
          });
        return run(options, named, generateTask(body, asked));
      });
    },
  }),
];

const vectorRoutes = (options: ClientApiOptions): readonly Route[] => [
  route({
    ...jobRoute(options, '/api/embed', 'Embeddings of one or several texts.'),
    body: { name: 'OllamaEmbedRequest', schema: embedSchema },
    answers: { schema: anyAnswer, headers: translatedJobHeaders },
    handle: (request) =>
      withModel(options, request, EMBEDDINGS, (named) => {
        const { asked, body } = named;
        const { input } = body;
        if (input === null || input === undefined || input.length === 0)
          return empty(options, named, { model: asked.asked, embeddings: [] });
        return run(options, named, { ok: true, value: embedTask(body, asked) });
      }),
  }),
  route({
    ...jobRoute(options, '/api/embeddings', 'The embedding of one text, as earlier clients ask for it.'),
    body: { name: 'OllamaEmbeddingsRequest', schema: embeddingsSchema },
    answers: { schema: anyAnswer, headers: translatedJobHeaders },
    handle: (request) =>
      withModel(options, request, EMBEDDINGS, (named) => {
        const { prompt, ...body } = named.body;
        if (!isGiven(prompt)) return empty(options, named, { embedding: [] });
        return run(options, named, { ok: true, value: embeddingTask({ ...body, input: prompt }) });
      }),
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

/** A request with the model as the pool names it. */
interface Named<Body> extends NamedBody<Body> {
  readonly asked: Asked;
  readonly request: JobRouteRequest;
}

type NamedModel = Named<{ readonly model: string }>;

/** Answers a request whose body has the model as the pool names it. */
async function withModel<Body extends { readonly model: string }>(
  options: ClientApiOptions,
  request: JobRouteRequest & { readonly body: Body },
  path: OpenAiPath,
  answer: (named: Named<Body>) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { clock } = options;
  const { body, caller } = request;
  const startMonotonicMs = clock.monotonicMs();
  const asked: Asked = {
    asked: body.model,
    times: () => ({ atWallMs: clock.wallMs(), sinceRequestMs: clock.monotonicMs() - startMonotonicMs }),
  };
  const model = poolNameOf(options, body.model, caller);
  const named = await nameModel(options, { ...body, model }, { caller, paths: [path] });
  if (named.ok) return answer({ ...named.value, asked, request });
  return refusedName(options, named.error, { ...request, format: ollamaFormat, name: body.model });
}

/** A model that is unknown or forbidden is reported before a field that cannot be translated. */
const invalid = (options: ClientApiOptions, named: NamedModel, fault: Untranslatable): Answer =>
  refusedModel(options, named, CHAT) ??
  refusedAnswer(options, serverFailure('INVALID_REQUEST', { ...fault }), { ...named.request, ...named, format: ollamaFormat });

function run(options: ClientApiOptions, named: NamedModel, made: Result<TranslatedTask, Untranslatable>): Answer | Promise<Answer> {
  if (!made.ok) return invalid(options, named, made.error);
  const { request, choice } = named;
  const { traceparent } = request.headers;
  const task = { ...made.value.task, ...headersOf({ traceparent }) };
  return runJob(options, { format: ollamaFormat, translated: made.value.translated, task, choice }, jobRequestOf(request));
}

interface Load {
  readonly asked: string;
  readonly keep_alive?: string | number | null | undefined;
}

/** A request without a prompt becomes no job: the pool loads models by itself. */
function load(options: ClientApiOptions, named: NamedModel, shape: Shape, { asked, keep_alive: keepAlive }: Load): Answer {
  return refusedModel(options, named, CHAT) ?? json(loadedLine(shape, asked, { atWallMs: options.clock.wallMs() }, keepAlive));
}

/** An empty request for embeddings becomes no job either. */
const empty = (options: ClientApiOptions, named: NamedModel, answer: object): Answer =>
  refusedModel(options, named, EMBEDDINGS) ?? json(answer);

/** Null: the caller may use the model on this path. */
function refusedModel(options: ClientApiOptions, { request, body, choice }: NamedModel, path: OpenAiPath): Answer | null {
  const refusal = refusalOf(options, { kind: 'openai', path, body: { model: body.model } }, request.caller);
  return refusal === null ? null : refusedAnswer(options, refusal, { ...request, choice, format: ollamaFormat });
}
