// `GET /v1/models`: the models of the pool, with their aliases, for the key of the caller.
import { z } from 'zod';
import { AUTO_MODEL } from '../../../../shared/model-aliases';
import { TASK_NAMES, TASK_PATHS } from '../../../../shared/model-tasks';
import { SERVER_PATHS } from '../../../../shared/protocol/task-kinds';
import { itself, listedModels } from '../client-apis/core/listed-models';
import { failureAnswer } from '../client-apis/failure-answer';
import { mayUse } from '../client-apis/model-names';
import { type ClientApiOptions, unknownModel } from '../client-apis/run-job';
import { json, route, type Route } from '../route';
import { type OpenAiModel, openAiModelListSchema, openAiModelOf, openAiModelSchema } from './core/model-list';
import { openAiFormat } from './core/openai-format';
import { describedErrors } from './openai-requests';
import type { Caller } from '../../members/core/principal';

const MAX_ECHOED_ID = 256;

/** Any text: an invalid model id is an unknown model. */
const modelParams = z.object({ model: z.string() });
const listQuery = z.object({
  /** The models that take this task: `chat`, `embeddings` and so on. Absent: all. */
  task: z.enum(TASK_NAMES).optional(),
});

export function modelRoutes(options: ClientApiOptions): readonly Route[] {
  const created = Math.floor(options.clock.wallMs() / 1000);
  return [
    route({
      method: 'GET',
      path: '/v1/models',
      access: 'read_models',
      summary: 'Lists the models that are ready in the pool, each with its number of nodes and abilities, and their aliases.',
      query: listQuery,
      answers: { schema: { name: 'OpenAiModelList', schema: openAiModelListSchema } },
      async handle({ query: { task }, caller }) {
        const { aliases } = options.names;
        const path = task === undefined ? null : TASK_PATHS[task];
        const usable = (model: string): boolean => mayUse(caller, model);
        const listed = listedModels(await options.pool.readyModels(), { aliases, mayUse: usable, path });
        return json({ object: 'list', data: listed.map((model) => openAiModelOf(model, created)) });
      },
    }),
    route({
      method: 'GET',
      path: '/v1/models/{model}',
      access: 'read_models',
      summary: 'One model that is installed in the pool, ready or not, or an alias of one.',
      params: modelParams,
      answers: { schema: { name: 'OpenAiModel', schema: openAiModelSchema } },
      otherErrors: describedErrors(['model_not_found']),
      async handle({ params, caller, requestId }) {
        const found = await oneModel(options, params.model, caller, created);
        return found === null ? failureAnswer(unknownModel(params.model.slice(0, MAX_ECHOED_ID)), openAiFormat, requestId) : json(found);
      },
    }),
  ];
}

/** Null: there is none that the caller may use. */
async function oneModel({ pool, names }: ClientApiOptions, id: string, caller: Caller, created: number): Promise<OpenAiModel | null> {
  if (!names.isName(id)) {
    const model = mayUse(caller, id) ? await pool.model(id) : null;
    return model === null ? null : openAiModelOf(itself(model), created);
  }
  // `auto` as in the list: the best model for chats. An alias may be of any task.
  const choice = await names.choose({ model: id }, { caller, paths: id === AUTO_MODEL ? ['/v1/chat/completions'] : SERVER_PATHS });
  const model = choice.ok && choice.value !== null ? await pool.model(choice.value.model) : null;
  const targets = id === AUTO_MODEL ? [model?.modelId ?? ''] : (names.aliases.get(id) ?? []).filter((target) => mayUse(caller, target));
  return model === null ? null : openAiModelOf({ id, model, aliasFor: targets }, created);
}
