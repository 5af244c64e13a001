// Any other server with OpenAI's list of models: what it lists is all that is known. It is asked nothing else: at `/health` LiteLLM
// calls every model that it has, and SGLang generates a token.
import { asksForKey, type Flavour, KEY_NEEDED, running } from './server-type';
import { listedModels, MODELS, readyModel } from './model-list';
import { listsPool } from './muster-pool';

export const anyServer: Flavour = {
  name: 'openai-compatible',
  paths: [MODELS],
  matches: (answers) => (listedModels(answers) !== null && !listsPool(answers)) || asksForKey(answers[MODELS]),
  read(answers) {
    if (asksForKey(answers[MODELS])) return KEY_NEEDED;
    return running({ models: (listedModels(answers) ?? []).map((entry) => readyModel(entry, 'other', 'listed')) });
  },
};
