// LocalAI: ready when `/readyz` says so; it loads what is asked for. Its list tells no kinds.
import { asksForKey, type Flavour, KEY_NEEDED, running, statusOf } from '../http/flavour';
import { listedModels, MODELS, readyModel } from './model-list-mapping';

const READY = '/readyz';

export const localAi: Flavour = {
  name: 'localai',
  paths: [READY, MODELS],
  matches: (answers) => {
    const ready = answers[READY];
    // An empty answer or `OK`, and no page of a web application that answers every path.
    const answersReady = ready?.kind === 'answered' && (ready.status === 200 || ready.status === 503) && ready.text.trim().length <= 2;
    return answersReady && (listedModels(answers) !== null || asksForKey(answers[MODELS]));
  },
  read(answers) {
    if (asksForKey(answers[MODELS])) return KEY_NEEDED;
    if (statusOf(answers[READY]) !== 200) return running({ state: 'starting', reasonCode: 'not_ready' });
    return running({ models: (listedModels(answers) ?? []).map((entry) => readyModel(entry, 'other', 'listed')) });
  },
};
