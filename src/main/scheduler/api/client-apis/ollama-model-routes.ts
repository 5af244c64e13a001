// The routes of Ollama's API that list models.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Caller } from '../../members/core/principal';
import { describedErrors } from '../openai/openai-requests';
import { json, route, type Route } from '../route';
import { isForOllama, listedModel, type ListFacts, modelIn, runningModel, shownModel } from './core/ollama/models';
import { ollamaFormat } from './core/ollama/ollama-format';
import { showSchema } from './core/ollama/request-schema';
import { failureAnswer } from './failure-answer';
import { type ClientApiOptions, unknownModel } from './run-job';

/** The version whose API the pool has. Clients require a minimum. */
export const OLLAMA_VERSION = '0.14.0';

const MAX_ECHOED_ID = 256;
const anyObject = z.looseObject({});
const listSchema = z.object({ models: z.array(anyObject) });

/** `ollama list` requires a digest. It says which name it is, and nothing of the files. */
const digestOf = (modelId: string): string => createHash('sha256').update(modelId).digest('hex');

const mayUse = ({ principal }: Caller, model: string): boolean => principal?.models?.includes(model) ?? true;

export function ollamaModelRoutes({ pool, clock }: ClientApiOptions): readonly Route[] {
  const facts: ListFacts = { startedAtWallMs: clock.wallMs(), digestOf };
  const models = async (caller: Caller) =>
    (await pool.readyModels()).filter((model) => isForOllama(model) && mayUse(caller, model.modelId));
  return [
    route({
      method: 'GET',
      path: '/api/tags',
      access: 'read_models',
      summary: "The models that are ready in the pool, as Ollama's API lists them.",
      answers: { schema: { name: 'OllamaModelList', schema: listSchema } },
      handle: async ({ caller }) => json({ models: (await models(caller)).map((model) => listedModel(model, facts)) }),
    }),
    route({
      method: 'GET',
      path: '/api/ps',
      access: 'read_models',
      summary: 'The models that are in the memory of a node.',
      answers: { schema: { name: 'OllamaRunningModels', schema: listSchema } },
      async handle({ caller }) {
        const loaded = (await models(caller)).filter(({ nodesLoaded }) => nodesLoaded > 0);
        return json({ models: loaded.map((model) => runningModel(model, facts)) });
      },
    }),
    route({
      method: 'POST',
      path: '/api/show',
      access: 'read_models',
      summary: 'What a model can do.',
      body: { name: 'OllamaShowRequest', schema: showSchema },
      answers: { schema: { name: 'OllamaShownModel', schema: anyObject } },
      otherErrors: describedErrors(['model_not_found']),
      async handle({ body, caller, requestId }) {
        const asked = body.model ?? body.name ?? '';
        const id = modelIn((modelId) => pool.offerOf(modelId, '/v1/chat/completions').kind !== 'no_model', asked);
        const model = mayUse(caller, id) ? await pool.model(id) : null;
        return model === null
          ? failureAnswer(unknownModel(asked.slice(0, MAX_ECHOED_ID)), ollamaFormat, requestId)
          : json(shownModel(model, facts));
      },
    }),
    route({
      method: 'GET',
      path: '/api/version',
      access: 'read_models',
      summary: "The version of Ollama's API that the pool has.",
      answers: { schema: { name: 'OllamaVersion', schema: z.object({ version: z.string() }) } },
      handle: () => json({ version: OLLAMA_VERSION }),
    }),
  ];
}
