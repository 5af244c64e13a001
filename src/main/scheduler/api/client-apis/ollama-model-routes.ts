// The routes of Ollama's API that list models.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { takesPath } from '../../../../shared/model-tasks';
import type { Caller } from '../../members/core/principal';
import { describedErrors } from '../openai/openai-requests';
import { json, route, type Route } from '../route';
import { listedModels } from './core/listed-models';
import { generates, listedModel, type ListFacts, modelIn, runningModel, shownModel } from './core/ollama/models';
import { ollamaFormat } from './core/ollama/ollama-format';
import { showSchema } from './core/ollama/request-schema';
import { failureAnswer } from './failure-answer';
import { mayUse } from './model-names';
import { type ClientApiOptions, unknownModel } from './run-job';

/** The version whose API the pool has. Clients require a minimum. */
export const OLLAMA_VERSION = '0.14.0';

const MAX_ECHOED_ID = 256;
const anyObject = z.looseObject({});
const listSchema = z.object({ models: z.array(anyObject) });

/** `ollama list` requires a digest. It says which name it is, and nothing of the files. */
const digestOf = (modelId: string): string => createHash('sha256').update(modelId).digest('hex');

/**
 * The name that the pool has: an alias, `auto`, or the id of a model. A model that the caller may not use counts as none, so the name in a
 * refusal does not show whether the model exists.
 */
export const poolNameOf = ({ pool, names }: Pick<ClientApiOptions, 'pool' | 'names'>, asked: string, caller: Caller): string =>
  modelIn((id) => names.isName(id) || (mayUse(caller, id) && pool.offerOf(id, '/v1/chat/completions').kind !== 'no_model'), asked);

export function ollamaModelRoutes(options: ClientApiOptions): readonly Route[] {
  const { pool, clock, names } = options;
  const facts: ListFacts = { startedAtWallMs: clock.wallMs(), digestOf };
  return [
    route({
      method: 'GET',
      path: '/api/tags',
      access: 'read_models',
      summary: "The models that are ready in the pool and generate text, and their aliases, as Ollama's API lists models.",
      answers: { schema: { name: 'OllamaModelList', schema: listSchema } },
      async handle({ caller }) {
        const ready = (await pool.readyModels()).filter(generates);
        const usable = (model: string): boolean => mayUse(caller, model);
        const listed = listedModels(ready, { aliases: names.aliases, mayUse: usable, path: null });
        return json({ models: listed.map(({ id, model }) => listedModel(id, model, facts)) });
      },
    }),
    route({
      method: 'GET',
      path: '/api/ps',
      access: 'read_models',
      summary: 'The models that are in the memory of a node.',
      answers: { schema: { name: 'OllamaRunningModels', schema: listSchema } },
      async handle({ caller }) {
        const ready = (await pool.readyModels()).filter((model) => mayUse(caller, model.modelId));
        const loaded = ready.filter((model) => model.nodesLoaded > 0 && (generates(model) || takesPath(model, '/v1/embeddings')));
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
        const name = poolNameOf(options, asked, caller);
        const choice = await names.choose({ model: name }, { caller, paths: ['/v1/chat/completions'] });
        const id = choice.ok ? (choice.value?.model ?? name) : null;
        const model = id !== null && mayUse(caller, id) ? await pool.model(id) : null;
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
