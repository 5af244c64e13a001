// A scheduler of Muster, most often this pool's own on a usual port: it answers as a runtime would, and is none. Taken for one it
// would give its own models back to itself, and its jobs to itself.
import { healthzSchema } from '../../../../shared/api/node-view';
import type { Answers } from './answers';
import { bodyAs, type Flavour, running } from './server-type';
import { listedModels, MODELS } from './model-list';

/** Tells it where its list is empty or wants a token. */
const HEALTHZ = '/healthz';

export const musterPool: Flavour = {
  name: 'openai-compatible',
  paths: [MODELS, HEALTHZ],
  matches: (answers) => listsPool(answers) || bodyAs(answers[HEALTHZ], healthSchema) !== null,
  read: () => running({ state: 'wrong_service', reasonCode: 'muster_scheduler' }),
};

/** `protocol` is what no other program's health has. */
const healthSchema = healthzSchema.pick({ status: true, protocol: true, uptime_seconds: true });

/** Whether the list is a pool's, also behind a proxy that has no `/healthz`. */
export const listsPool = (answers: Answers): boolean =>
  (listedModels(answers) ?? []).some(({ owned_by: owner, muster }) => owner === 'muster' || (muster ?? null) !== null);
