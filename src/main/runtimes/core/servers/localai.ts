// LocalAI: `/readyz` reports readiness, and models are loaded on request. Its list has no kinds. It also answers most of Ollama's paths,
// but with names that its other paths do not accept, so it is recognised before Ollama.
import { z } from 'zod';
import type { Answers } from './answers';
import { asksForKey, type ServerType, KEY_NEEDED, serverState, statusOf } from './server-type';
import { listedModels, MODELS, readyModel } from './model-list';

const READY = '/readyz';

const startingSchema = z.object({ status: z.literal('starting') });

export const localAi: ServerType = {
  name: 'localai',
  paths: [READY, MODELS],
  matches: (answers) => answersReady(answers) && (listedModels(answers) !== null || asksForKey(answers[MODELS])),
  read(answers) {
    if (asksForKey(answers[MODELS])) return KEY_NEEDED;
    if (statusOf(answers[READY]) !== 200) return serverState({ state: 'starting', reasonCode: 'not_ready' });
    return serverState({ models: (listedModels(answers) ?? []).map((entry) => readyModel(entry, 'other', 'listed')) });
  },
};

/** An empty body or `OK`, or a status while it starts. This excludes web applications that answer every path with a page. */
function answersReady(answers: Answers): boolean {
  const ready = answers[READY];
  if (ready?.kind !== 'answered') return false;
  if (ready.status === 503 && startingSchema.safeParse(ready.json).success) return true;
  return (ready.status === 200 || ready.status === 503) && ready.json === undefined && ready.text.trim().length <= 2;
}
