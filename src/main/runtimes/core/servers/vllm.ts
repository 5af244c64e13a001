// vLLM: the port opens when the model is loaded, and `/health` reports whether the engine runs. The API key protects only `/v1`.
import { z } from 'zod';
import { OPENAI_PATHS } from '../../../../shared/protocol/task-kinds';
import { asksForKey, bodyAs, contextOf, type ServerType, KEY_NEEDED, serverState, statusOf } from './server-type';
import { listedModels, MODELS, readyModel } from './model-list';
import { nativePathsOf } from './native-paths';

/** vLLM makes no pictures and has no moderation. */
const TASKS = OPENAI_PATHS.filter((path) => path !== '/v1/images/generations' && path !== '/v1/moderations');

const HEALTH = '/health';
const VERSION = '/version';

const versionSchema = z.object({ version: z.string().max(64) });
/** vLLM's refusal. Other servers with `/version` have another text. */
const refusalSchema = z.object({ error: z.literal('Unauthorized') });

export const vllm: ServerType = {
  name: 'vllm',
  paths: [VERSION, MODELS],
  matches: (answers) => {
    if ((listedModels(answers) ?? []).some(({ owned_by: owner }) => owner === 'vllm')) return true;
    // Without the key there is no list: the version and the format of the refusal identify vLLM.
    const list = answers[MODELS];
    const refuses = list?.kind === 'answered' && list.asksForKey && refusalSchema.safeParse(list.json).success;
    return refuses && bodyAs(answers[VERSION], versionSchema) !== null;
  },
  followUps: () => [HEALTH],
  read(answers) {
    const version = bodyAs(answers[VERSION], versionSchema)?.version ?? null;
    if (asksForKey(answers[MODELS])) return { ...KEY_NEEDED, version };
    const health = statusOf(answers[HEALTH]);
    if (health !== 200)
      return serverState({ version, state: 'not_running', reasonCode: health === 503 ? 'engine_dead' : 'health_not_answered' });
    const native = nativePathsOf('vllm', version);
    const models = (listedModels(answers) ?? []).map((entry) => ({
      ...readyModel(entry, 'llm', 'loaded'),
      tasks: [...TASKS, ...native],
      details: { root: entry.root ?? null, ...contextOf(entry.max_model_len) },
    }));
    return serverState({ version, models });
  },
};
