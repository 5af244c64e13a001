// Any other server with OpenAI's list of models. The probe sends no other request to such a server, because `/health` has side effects:
// LiteLLM calls all its models, and SGLang generates a token.
import { asksForKey, type ServerType, KEY_NEEDED, serverState } from './server-type';
import { listedModels, MODELS, readyModel } from './model-list';
import { listsPool } from './muster-pool';

export const anyServer: ServerType = {
  name: 'openai-compatible',
  paths: [MODELS],
  matches: (answers) => (listedModels(answers) !== null && !listsPool(answers)) || asksForKey(answers[MODELS]),
  read(answers) {
    if (asksForKey(answers[MODELS])) return KEY_NEEDED;
    return serverState({ models: (listedModels(answers) ?? []).map((entry) => readyModel(entry, 'other', 'listed')) });
  },
};
