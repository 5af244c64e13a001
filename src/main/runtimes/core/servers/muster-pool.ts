// A Muster scheduler, often this pool's own on a usual port. It answers like a runtime. If the agent used it as one, the pool would
// offer its own models to itself and send its jobs to itself.
import { healthzSchema } from '../../../../shared/api/node-view';
import type { Answers } from './answers';
import { bodyAs, type ServerType, serverState } from './server-type';
import { listedModels, MODELS } from './model-list';

/** Identifies a scheduler whose list is empty or requires a token. */
const HEALTHZ = '/healthz';

export const musterPool: ServerType = {
  name: 'openai-compatible',
  paths: [MODELS, HEALTHZ],
  matches: (answers) => listsPool(answers) || bodyAs(answers[HEALTHZ], healthSchema) !== null,
  read: () => serverState({ state: 'wrong_service', reasonCode: 'muster_scheduler' }),
};

/** Only Muster's health response has `protocol`. */
const healthSchema = healthzSchema.pick({ status: true, protocol: true, uptime_seconds: true });

/** Whether the list is a scheduler's. This also works behind a proxy without `/healthz`. */
export const listsPool = (answers: Answers): boolean =>
  (listedModels(answers) ?? []).some(({ owned_by: owner, muster }) => owner === 'muster' || (muster ?? null) !== null);
