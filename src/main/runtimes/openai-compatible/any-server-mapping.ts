// Any other server with OpenAI's list of models: what it lists is all that is known, unless its health says that it is not there yet.
import { asksForKey, type Flavour, KEY_NEEDED, running, statusOf } from '../http/flavour';
import { listedModels, MODELS, readyModel } from './model-list-mapping';
import { listsPool } from './muster-pool-mapping';

const HEALTH = '/health';

export const anyServer: Flavour = {
  name: 'openai-compatible',
  paths: [HEALTH, MODELS],
  matches: (answers) => (listedModels(answers) !== null && !listsPool(answers)) || asksForKey(answers[MODELS]),
  read(answers) {
    if (asksForKey(answers[MODELS])) return KEY_NEEDED;
    if (statusOf(answers[HEALTH]) === 503) return running({ state: 'starting', reasonCode: 'loading_model' });
    return running({ models: (listedModels(answers) ?? []).map((entry) => readyModel(entry, 'other', 'listed')) });
  },
};
