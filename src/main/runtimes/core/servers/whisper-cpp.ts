// The server of whisper.cpp: one model that has no name, and a page that says what it is. Builds without `/health` do not tell
// whether the model is there: unknown is not ready.
import { type Flavour, type FoundModel, PAGE, running, statusOf } from './server-type';

const HEALTH = '/health';

/** What it is called in the pool, since it has no name of its own. */
export const WHISPER_CPP_MODEL = 'whisper.cpp';

const model: FoundModel = {
  modelId: WHISPER_CPP_MODEL,
  kind: 'asr',
  kindIsGuess: false,
  version: 'unknown',
  tasks: ['/v1/audio/transcriptions'],
  state: 'ready',
  reasonCode: 'loaded',
  details: {},
  sizeBytes: null,
};

export const whisperCpp: Flavour = {
  name: 'whisper.cpp',
  paths: [PAGE],
  matches: (answers) => {
    const page = answers[PAGE];
    return page?.kind === 'answered' && page.text.includes('Whisper.cpp Server');
  },
  later: () => [HEALTH],
  read(answers) {
    switch (statusOf(answers[HEALTH])) {
      case 200:
        return running({ models: [model] });
      case 503:
        return running({
          state: 'starting',
          reasonCode: 'loading_model',
          models: [{ ...model, state: 'not_installed', reasonCode: 'loading' }],
        });
      default:
        return running({ reasonCode: 'health_unknown', models: [{ ...model, state: 'error', reasonCode: 'readiness_unknown' }] });
    }
  },
};
