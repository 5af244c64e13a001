// The paths of OpenAI's API: one base URL for the whole pool (api §2). Each request is a job, made here and relayed in job-relay.
import { z } from 'zod';
import { validate } from '../../../../shared/protocol/decode';
import type { TaskKind } from '../../../../shared/protocol/task-kinds';
import { isStreamed, type OpenAiTask } from '../../../../shared/protocol/tasks';
import { type Answer, formRoute, json, route, type Route } from '../route';
import { submitFailure } from './core/job-failure';
import type { RelayParts, RelayRequest } from './response-stream';
import type { ResponseStreams } from './response-streams';
import { modelsOf, openAiModelListSchema, openAiModelSchema } from './core/model-list';
import { describedErrors, openAiAnswer } from './openai-answer';
import { openAiErrorSchema, poolFailure, POOL_ERRORS, type PoolErrorCode, serverFailure } from './core/openai-error';
import { readForm } from './read-form';
import * as bodies from './core/request-bodies';

export interface OpenAiParts extends RelayParts {
  readonly relays: ResponseStreams;
  readonly maxBodyBytes: number;
  readonly queueTimeoutSeconds: number;
}

const MAX_ECHOED_ID = 256;

type Path = OpenAiTask['path'];
type Body = OpenAiTask['body'] & { readonly stream?: boolean | null | undefined };

const jobErrors = describedErrors(Object.keys(POOL_ERRORS) as PoolErrorCode[]);
const anyObject = { name: 'OpenAiAnswer', schema: z.looseObject({}) };
const streamed = {
  name: 'OpenAiStreamEvent',
  schema: z
    .union([z.looseObject({}), openAiErrorSchema, z.literal('[DONE]')])
    .describe('The data of one event, as the runtime made it. The last is `[DONE]`, or an error where the stream broke.'),
};
const jobHeaders = {
  'X-Muster-Job': 'The job that it became.',
  'X-Muster-Node': 'The node that had it, where one had when this was sent.',
};
const orStreamed = { schema: anyObject, streamed, headers: jobHeaders };
/** What cannot be a model's id is the id of none. */
const modelParams = z.object({ model: z.string() });

export function openAiRoutes(parts: OpenAiParts): readonly Route[] {
  const { pool, maxBodyBytes } = parts;
  const created = Math.floor(parts.clock.wallMs() / 1000);
  const jobRoute = <Schema extends z.ZodType<Body>>(
    path: Path,
    summary: string,
    body: { readonly name: string; readonly schema: Schema },
    answers: Partial<Route['answers']> = { schema: anyObject },
  ): Route =>
    route({
      method: 'POST',
      path,
      access: 'submitter',
      summary,
      body,
      maxBodyBytes,
      answers: { ...answers, headers: jobHeaders },
      otherErrors: jobErrors,
      handle: ({ body: task, requestId, language }) => runJob(parts, path, task, { requestId, language }),
    });
  return [
    route({
      method: 'GET',
      path: '/v1/models',
      access: 'submitter',
      summary: 'The models that are ready in the pool, and on how many nodes.',
      answers: { schema: { name: 'OpenAiModelList', schema: openAiModelListSchema } },
      handle: () => json({ object: 'list', data: modelsOf(pool.records(), created).filter(({ muster }) => muster.nodes_ready > 0) }),
    }),
    route({
      method: 'GET',
      path: '/v1/models/{model}',
      access: 'submitter',
      summary: 'One model that is installed in the pool, ready or not.',
      params: modelParams,
      answers: { schema: { name: 'OpenAiModel', schema: openAiModelSchema } },
      otherErrors: describedErrors(['model_not_found']),
      handle({ params }) {
        const model = modelsOf(pool.records(), created).find(({ id }) => id === params.model);
        return model === undefined ? unknownModel(params.model.slice(0, MAX_ECHOED_ID)) : json(model);
      },
    }),
    jobRoute(
      '/v1/chat/completions',
      'A chat completion; with `stream` as server-sent events.',
      { name: 'ChatCompletionRequest', schema: bodies.chatBodySchema },
      orStreamed,
    ),
    jobRoute(
      '/v1/completions',
      'A completion; with `stream` as server-sent events.',
      { name: 'CompletionRequest', schema: bodies.completionBodySchema },
      orStreamed,
    ),
    jobRoute('/v1/embeddings', 'Embeddings.', { name: 'EmbeddingRequest', schema: bodies.embeddingBodySchema }),
    jobRoute('/v1/rerank', 'Documents in the order of their relevance.', { name: 'RerankRequest', schema: bodies.rerankBodySchema }),
    jobRoute(
      '/v1/audio/speech',
      'Text as sound; with `stream_format: sse` as server-sent events.',
      { name: 'SpeechRequest', schema: bodies.speechBodySchema },
      { contentType: 'application/octet-stream', streamed },
    ),
    formRoute({
      method: 'POST',
      path: '/v1/audio/transcriptions',
      access: 'submitter',
      summary: 'Sound as text: a form with a `file`; with `stream` as server-sent events.',
      body: { name: 'TranscriptionRequest', schema: bodies.transcriptionFormSchema },
      maxBodyBytes,
      answers: orStreamed,
      otherErrors: jobErrors,
      handle({ body, requestId, language }) {
        const form = readForm(body);
        const task = form.ok ? validate(form.value, bodies.transcriptionBodySchema) : form;
        if (!task.ok) return openAiAnswer(serverFailure('INVALID_REQUEST', { ...task.error }));
        return runJob(parts, '/v1/audio/transcriptions', task.value, { requestId, language });
      },
    }),
  ];
}

/** Refused at once where no node has the model, or none takes such requests for it; else a job that is on disk, and its answer followed. */
async function runJob(parts: OpenAiParts, path: Path, body: Body, caller: Pick<RelayRequest, 'requestId' | 'language'>): Promise<Answer> {
  const { jobs, pool, relays, queueTimeoutSeconds } = parts;
  const offer = pool.offerOf(body.model, path);
  if (offer.kind === 'no_model') return unknownModel(body.model);
  if (offer.kind === 'other_tasks') return unsupportedModel(body.model, path, offer.tasks);
  const submitted = await jobs.submit(
    {
      required_models: [],
      public: true,
      task: { kind: 'openai', path, body },
      queue_timeout_seconds: queueTimeoutSeconds,
      wait_for_node: true,
      max_attempts: 3,
      priority: 0,
    },
    { idempotencyKey: null, interactive: true, traceId: caller.requestId },
  );
  if (!submitted.ok) return openAiAnswer(submitFailure(submitted.error));
  const { jobId } = submitted.value;
  return {
    kind: 'stream',
    open(response) {
      relays.open({ jobId, ...caller, streams: isStreamed({ path, body }) }, response);
      return true;
    },
  };
}

const unknownModel = (model: string): Answer => openAiAnswer(poolFailure('model_not_found', { param: 'model', muster: { model } }));

const unsupportedModel = (model: string, path: Path, tasks: readonly TaskKind[]): Answer =>
  openAiAnswer(
    poolFailure('unsupported_model', {
      param: 'model',
      reason: {
        en: `${model} takes ${tasks.join(', ') || 'no requests'}`,
        zh: tasks.length === 0 ? `${model} 不接受任何请求` : `${model} 仅支持 ${tasks.join('、')}`,
      },
      muster: { model, path, tasks },
    }),
  );
