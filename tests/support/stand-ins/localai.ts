// LocalAI: `/readyz` reports when it is ready. It also answers Ollama's paths, with `:latest` after every name, and has no `/api/pull`.
import { workRoutes } from './openai-answers';
import { StandIn } from './stand-in';

export const LOCALAI_MODELS = {
  object: 'list',
  data: [
    { id: 'whisper-1', object: 'model' },
    { id: 'gpt-4', object: 'model' },
  ],
};

const OLLAMA_NAMES = {
  models: LOCALAI_MODELS.data.map(({ id }) => ({ name: `${id}:latest`, model: `${id}:latest`, size: 0, digest: 'sha256:0' })),
};

export interface LocalAiState {
  ready?: boolean;
}

export const openLocalAi = (state: LocalAiState = {}): Promise<StandIn> =>
  StandIn.open({
    routes: {
      ...workRoutes,
      'GET /healthz': () => ({ body: 'OK' }),
      'GET /readyz': () => (state.ready === false ? { status: 503, body: '' } : { body: 'OK' }),
      'GET /v1/models': () => ({ body: LOCALAI_MODELS }),
      'GET /api/version': () => ({ body: { version: '0.9.0' } }),
      'GET /api/tags': () => ({ body: OLLAMA_NAMES }),
      'GET /api/ps': () => ({ body: { models: null } }),
      'POST /v1/audio/speech': () => ({ type: 'audio/wav', body: Buffer.from('RIFF....WAVE') }),
    },
    otherwise: () => ({ status: 404, body: { error: { code: 404, message: 'Resource not found', type: '' } } }),
  });
