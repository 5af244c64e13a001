// The routes of the OpenAI API: one base URL for the whole pool. Each request becomes a job here; ResponseStream writes its answer.
import { z } from 'zod';
import { ONLY_NODE_HEADER } from '../../../../shared/api/ask';
import { ROUTES } from '../../../../shared/api/prediction';
import { validate } from '../../../../shared/protocol/decode';
import { nodeIdSchema } from '../../../../shared/protocol/node-messages';
import type { TaskKind } from '../../../../shared/protocol/task-kinds';
import { isStreamed, type OpenAiTask } from '../../../../shared/protocol/tasks';
import type { Caller } from '../../members/core/principal';
import type { KeyUsage } from '../../members/key-usage';
import { submissionFault, submitterOf } from '../job-access';
import { type Answer, formRoute, json, route, type Route } from '../route';
import { sessionHeadersSchema, sessionKeyOf } from '../session-key';
import { submitFailure } from './core/job-failure';
import { openAiModelListSchema, openAiModelOf, openAiModelSchema } from './core/model-list';
import { openAiErrorSchema, poolFailure, POOL_ERRORS, type PoolErrorCode, serverFailure } from './core/openai-error';
import * as bodies from './core/request-bodies';
import { describedErrors, openAiAnswer } from './openai-requests';
import { queueRoute } from './queue-route';
import { readForm } from './read-form';
import type { ResponseStreamOptions, StreamedRequest } from './response-stream';
import type { ResponseStreams } from './response-streams';

export interface OpenAiOptions extends Pick<ResponseStreamOptions, 'jobs' | 'pool' | 'clock'> {
  readonly responses: ResponseStreams;
  /** Counts the models that no node has. */
  readonly dispatcher: { noteAsked(modelIds: readonly string[]): void };
  readonly usage: KeyUsage;
  readonly maxBodyBytes: number;
}

const MAX_ECHOED_ID = 256;

type Path = OpenAiTask['path'];
type OpenAiBody = OpenAiTask['body'] & { readonly stream?: boolean | null | undefined };

const jobErrors = describedErrors((Object.keys(POOL_ERRORS) as PoolErrorCode[]).filter((code) => code !== 'job_not_found'));
const anyObject = { name: 'OpenAiAnswer', schema: z.looseObject({}) };
const streamed = {
  name: 'OpenAiStreamEvent',
  schema: z
    .union([z.looseObject({}), openAiErrorSchema, z.literal('[DONE]')])
    .describe('The data of one event of the runtime. The last event is `[DONE]`, or an error where the stream was interrupted.'),
};
const jobHeaders = {
  'X-Muster-Job': 'The id of the job that this request became.',
  'X-Muster-Node': 'The id of the node of the job, where the job had one when the headers were sent.',
  'X-Muster-Node-Name': 'The name of that node, percent-encoded. Present with X-Muster-Node.',
  'X-Muster-Route': `How the node was chosen: ${ROUTES.join(', ')}. Present with X-Muster-Node.`,
  'X-Muster-Predicted-Ms': 'The predicted time from the assignment to the last token, ms. Absent: nothing is known of the node.',
};
const orStreamed = { schema: anyObject, streamed, headers: jobHeaders };
/** Any text: an invalid model id is an unknown model. */
const modelParams = z.object({ model: z.string() });

export const openAiRoutes = (options: OpenAiOptions): readonly Route[] => [
  ...modelRoutes(options),
  queueRoute(options),
  ...textRoutes(options),
  ...vectorRoutes(options),
  ...audioRoutes(options),
];

function modelRoutes({ pool, clock }: OpenAiOptions): readonly Route[] {
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
      async handle({ params, caller }) {
        const model = mayUse(caller, params.model) ? await pool.model(params.model) : null;
        return model === null ? unknownModel(params.model.slice(0, MAX_ECHOED_ID)) : json(openAiModelOf(model, created));
      },
    }),
  ];
}

const textRoutes = (options: OpenAiOptions): readonly Route[] => [
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

const vectorRoutes = (options: OpenAiOptions): readonly Route[] => [
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

const audioRoutes = (options: OpenAiOptions): readonly Route[] => [
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
      if (!task.ok) return openAiAnswer(serverFailure('INVALID_REQUEST', { ...task.error }));
      const request = { requestId, language, caller, accessFailure, sessionKey: null };
      return runJob(options, '/v1/audio/transcriptions', task.value, request);
    },
  }),
];

const requestHeadersSchema = sessionHeadersSchema.extend({ [ONLY_NODE_HEADER]: nodeIdSchema.optional() });

interface JobRoute<Schema extends z.ZodType<OpenAiBody>> {
  readonly path: Path;
  readonly summary: string;
  readonly body: { readonly name: string; readonly schema: Schema };
  readonly answers?: Partial<Route['answers']>;
}

/** A route whose JSON body becomes the task of a job. */
function jobRoute<Schema extends z.ZodType<OpenAiBody>>(options: OpenAiOptions, spec: JobRoute<Schema>): Route {
  const { path, summary, body, answers = { schema: anyObject } } = spec;
  return route({
    method: 'POST',
    path,
    access: 'submit_jobs',
    summary,
    headers: requestHeadersSchema,
    body,
    maxBodyBytes: options.maxBodyBytes,
    answers: { ...answers, headers: jobHeaders },
    otherErrors: jobErrors,
    handle: ({ body: task, headers, requestId, language, caller, accessFailure }) =>
      runJob(options, path, task, {
        requestId,
        language,
        caller,
        accessFailure,
        sessionKey: sessionKeyOf(headers),
        onlyNode: headers[ONLY_NODE_HEADER],
      }),
  });
}

interface JobRequest extends Pick<StreamedRequest, 'requestId' | 'language' | 'accessFailure'> {
  readonly caller: Caller;
  readonly sessionKey: string | null;
  /** The node that must run the job. Absent: any. */
  readonly onlyNode?: string | undefined;
}

/** Refuses a model that no node has, or no node serves on this path. Otherwise stores a job and answers with its result. */
async function runJob(
  options: OpenAiOptions,
  path: Path,
  body: OpenAiBody,
  { caller, sessionKey, onlyNode, ...request }: JobRequest,
): Promise<Answer> {
  const { jobs, pool, dispatcher, responses, usage } = options;
  const task = { kind: 'openai', path, body } as const;
  const fault = submissionFault(caller, usage, { task, required_models: [], priority: 0 });
  if (fault !== null) return openAiAnswer(serverFailure('FORBIDDEN', fault));
  dispatcher.noteAsked([body.model]);
  const offer = pool.offerOf(body.model, path);
  if (offer.kind === 'no_model') return unknownModel(body.model);
  if (offer.kind === 'other_tasks') return unsupportedModel(body.model, path, offer.tasks);
  const streams = isStreamed({ path, body });
  const release = streams ? usage.openStream(caller.principal, 'answer') : null;
  if (release !== null && typeof release !== 'function') {
    const { limit, max, found } = release;
    return openAiAnswer(serverFailure('LIMIT_REACHED', { limit, max, found }));
  }
  const submitted = await jobs.submit(
    {
      required_models: [],
      public: true,
      ...(onlyNode === undefined ? {} : { node_id: onlyNode }),
      task,
      queue_timeout_seconds: responses.queueTimeoutSeconds,
      wait_for_node: true,
      max_attempts: 3,
      priority: 0,
    },
    { idempotencyKey: null, interactive: true, traceId: request.requestId, submitter: submitterOf(caller, usage), sessionKey },
  );
  if (!submitted.ok) {
    release?.();
    if (submitted.error.code === 'LIMIT_REACHED') usage.queueRefused(caller.principal);
    return openAiAnswer(submitFailure(submitted.error));
  }
  const { jobId } = submitted.value;
  return {
    kind: 'stream',
    open(response) {
      // The client may have disconnected already.
      if (response.destroyed) release?.();
      else response.on('close', () => release?.());
      responses.open({ jobId, ...request, streams, holder: caller.principal?.id ?? null }, response);
      return true;
    },
  };
}

const mayUse = ({ principal }: Caller, model: string): boolean => principal?.models?.includes(model) ?? true;

const unknownModel = (model: string): Answer => openAiAnswer(poolFailure('model_not_found', { param: 'model', muster: { model } }));

const unsupportedModel = (model: string, path: Path, tasks: readonly TaskKind[]): Answer =>
  openAiAnswer(
    poolFailure('unsupported_model', {
      param: 'model',
      reason: {
        en: `${model} accepts ${tasks.join(', ') || 'no requests'}`,
        zh: tasks.length === 0 ? `${model} 不接受任何请求` : `${model} 仅支持 ${tasks.join('、')}`,
      },
      muster: { model, path, tasks },
    }),
  );
