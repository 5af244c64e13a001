// vLLM: its port opens when the model is loaded, and `/health` says whether the engine behind it lives. A key guards `/v1` alone.
import { z } from 'zod';
import { asksForKey, bodyAs, type Flavour, KEY_NEEDED, running, statusOf } from './server-type';
import { listedModels, MODELS, readyModel } from './model-list';

const HEALTH = '/health';
const VERSION = '/version';

const versionSchema = z.object({ version: z.string().max(64) });
/** Its own words, other than those of other servers with a `/version`. */
const refusalSchema = z.object({ error: z.literal('Unauthorized') });

export const vllm: Flavour = {
  name: 'vllm',
  paths: [VERSION, MODELS],
  matches: (answers) => {
    if ((listedModels(answers) ?? []).some(({ owned_by: owner }) => owner === 'vllm')) return true;
    // Without its key the list is hidden: then the version tells, and how it refuses.
    const list = answers[MODELS];
    const refuses = list?.kind === 'answered' && list.asksForKey && refusalSchema.safeParse(list.json).success;
    return refuses && bodyAs(answers[VERSION], versionSchema) !== null;
  },
  later: () => [HEALTH],
  read(answers) {
    const version = bodyAs(answers[VERSION], versionSchema)?.version ?? null;
    if (asksForKey(answers[MODELS])) return { ...KEY_NEEDED, version };
    const health = statusOf(answers[HEALTH]);
    if (health !== 200)
      return running({ version, state: 'not_running', reasonCode: health === 503 ? 'engine_dead' : 'health_not_answered' });
    const models = (listedModels(answers) ?? []).map((entry) => ({
      ...readyModel(entry, 'llm', 'loaded'),
      details: { root: entry.root ?? null, max_model_len: entry.max_model_len ?? null },
    }));
    return running({ version, models });
  },
};
