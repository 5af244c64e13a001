// The server of whisper.cpp: one model without a name, and a page that identifies the server. Builds without `/health` do not report
// whether the model is loaded: unknown is not ready.
import { type ServerType, type ServedModel, PAGE, serverState, statusOf } from './server-type';

const HEALTH = '/health';

/** The model id in the pool, because the model has no name. */
export const WHISPER_CPP_MODEL = 'whisper.cpp';

const model: ServedModel = {
  modelId: WHISPER_CPP_MODEL,
  kind: 'asr',
  kindIsGuess: false,
  version: 'unknown',
  tasks: ['/v1/audio/transcriptions', '/v1/audio/translations'],
  state: 'ready',
  reasonCode: 'loaded',
  details: {},
  sizeBytes: null,
};

export const whisperCpp: ServerType = {
  name: 'whisper.cpp',
  paths: [PAGE],
  matches: (answers) => {
    const page = answers[PAGE];
    return page?.kind === 'answered' && page.text.includes('Whisper.cpp Server');
  },
  followUps: () => [HEALTH],
  read(answers) {
    const health = statusOf(answers[HEALTH]);
    if (health === 200) return serverState({ models: [model] });
    if (health === 503)
      return serverState({
        state: 'starting',
        reasonCode: 'loading_model',
        models: [{ ...model, state: 'not_installed', reasonCode: 'loading' }],
      });
    return serverState({ reasonCode: 'health_unknown', models: [{ ...model, state: 'error', reasonCode: 'readiness_unknown' }] });
  },
};
