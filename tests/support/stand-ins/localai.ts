// LocalAI: ready when `/readyz` says so.
import { workRoutes } from './openai-answers';
import { StandIn } from './stand-in';

export const LOCALAI_MODELS = {
  object: 'list',
  data: [
    { id: 'whisper-1', object: 'model' },
    { id: 'gpt-4', object: 'model' },
  ],
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
      'POST /v1/audio/speech': () => ({ type: 'audio/wav', body: Buffer.from('RIFF....WAVE') }),
    },
    otherwise: () => ({ status: 404, body: { error: { code: 404, message: 'Resource not found', type: '' } } }),
  });
