// Ollama, as its API documents it.
import { pacedChat, workRoutes } from './openai-answers';
import { StandIn } from './stand-in';

export const OLLAMA_TAGS = {
  models: [
    {
      name: 'llama3.2:latest',
      model: 'llama3.2:latest',
      modified_at: '2025-05-04T17:37:44.706015396-07:00',
      size: 2_019_393_189,
      digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: '3.2B',
        quantization_level: 'Q4_K_M',
      },
      capabilities: ['completion', 'tools'],
    },
    {
      name: 'nomic-embed-text:latest',
      model: 'nomic-embed-text:latest',
      modified_at: '2025-05-04T17:37:44.706015396-07:00',
      size: 274_302_450,
      digest: '0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'nomic-bert',
        families: ['nomic-bert'],
        parameter_size: '137M',
        quantization_level: 'F16',
      },
    },
    {
      name: 'gpt-oss:120b-cloud',
      model: 'gpt-oss:120b-cloud',
      remote_model: 'gpt-oss:120b',
      remote_host: 'https://ollama.com:443',
      modified_at: '2025-09-23T22:42:44Z',
      size: 384,
      digest: '569662207105c9e3e3cdb7c5bf8ed2f1d0f2ff1c7ae66a1e9c3d7a5a3bf4e3c1',
      details: {
        parent_model: '',
        format: '',
        family: 'gptoss',
        families: ['gptoss'],
        parameter_size: '116.8B',
        quantization_level: 'MXFP4',
      },
    },
  ],
};

export const OLLAMA_PS = {
  models: [
    {
      name: 'llama3.2:latest',
      model: 'llama3.2:latest',
      size: 3_000_000_000,
      digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: '3.2B',
        quantization_level: 'Q4_K_M',
      },
      expires_at: '2025-06-04T14:38:31.83753-07:00',
      size_vram: 2_800_000_000,
      context_length: 4096,
    },
  ],
};

const LIST = {
  object: 'list',
  data: OLLAMA_TAGS.models.map(({ name }) => ({ id: name, object: 'model', created: 1_746_405_464, owned_by: 'library' })),
};

export interface OllamaState {
  loaded: boolean;
  /** Between the tokens of a streamed chat; default: they come at once. */
  paceMs?: number;
}

export const openOllama = (state: OllamaState = { loaded: true }): Promise<StandIn> =>
  StandIn.open({
    routes: {
      ...workRoutes,
      ...(state.paceMs === undefined ? {} : { 'POST /v1/chat/completions': pacedChat(state.paceMs) }),
      'GET /': () => ({ body: 'Ollama is running' }),
      'GET /api/version': () => ({ body: { version: '0.12.6' } }),
      'GET /api/tags': () => ({ body: OLLAMA_TAGS }),
      'GET /api/ps': () => ({ body: state.loaded ? OLLAMA_PS : { models: [] } }),
      'GET /v1/models': () => ({ body: LIST }),
    },
    otherwise: () => ({ status: 404, type: 'text/plain', body: '404 page not found' }),
  });
