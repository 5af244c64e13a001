// LocalAI: ready when `/readyz` says so; it loads what is asked for. Its list tells no kinds. It answers most of Ollama's paths too,
// with names of its own making that its other paths do not take: it is asked before Ollama.
import { z } from 'zod';
import type { Answers } from './answers';
import { asksForKey, type Flavour, KEY_NEEDED, running, statusOf } from './server-type';
import { listedModels, MODELS, readyModel } from './model-list';

const READY = '/readyz';

const startingSchema = z.object({ status: z.literal('starting') });

export const localAi: Flavour = {
  name: 'localai',
  paths: [READY, MODELS],
  matches: (answers) => answersReady(answers) && (listedModels(answers) !== null || asksForKey(answers[MODELS])),
  read(answers) {
    if (asksForKey(answers[MODELS])) return KEY_NEEDED;
    if (statusOf(answers[READY]) !== 200) return running({ state: 'starting', reasonCode: 'not_ready' });
    return running({ models: (listedModels(answers) ?? []).map((entry) => readyModel(entry, 'other', 'listed')) });
  },
};

/** Nothing or `OK`, while it starts a status: and no page of a web application that answers every path. */
function answersReady(answers: Answers): boolean {
  const ready = answers[READY];
  if (ready?.kind !== 'answered') return false;
  if (ready.status === 503 && startingSchema.safeParse(ready.json).success) return true;
  return (ready.status === 200 || ready.status === 503) && ready.json === undefined && ready.text.trim().length <= 2;
}
