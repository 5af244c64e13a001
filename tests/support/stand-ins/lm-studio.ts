// LM Studio: answers 200 with an error in the body for every path that it does not have.
import { workRoutes } from './openai-answers';
import { responsesRoutes } from './responses-answers';
import { type Handler, type Reply, StandIn, withKey } from './stand-in';

export const LM_V1 = {
  models: [
    {
      type: 'llm',
      publisher: 'google',
      key: 'google/gemma-3-12b',
      display_name: 'Gemma 3 12B',
      architecture: 'gemma3',
      quantization: { name: 'Q4_K_M', bits_per_weight: 4 },
      size_bytes: 8_074_000_000,
      params_string: '12B',
      loaded_instances: [{ id: 'google/gemma-3-12b', config: { context_length: 4096 } }],
      max_context_length: 131_072,
      format: 'gguf',
      capabilities: { vision: true, trained_for_tool_use: false },
    },
    {
      type: 'embedding',
      publisher: 'nomic-ai',
      key: 'text-embedding-nomic-embed-text-v1.5',
      display_name: 'Nomic Embed Text v1.5',
      quantization: { name: 'F16', bits_per_weight: 16 },
      size_bytes: 274_290_560,
      loaded_instances: [],
      max_context_length: 2048,
      format: 'gguf',
    },
  ],
};

export const LM_V0 = {
  object: 'list',
  data: [
    {
      id: 'qwen2-vl-7b-instruct',
      object: 'model',
      type: 'vlm',
      publisher: 'mlx-community',
      arch: 'qwen2_vl',
      compatibility_type: 'mlx',
      quantization: '4bit',
      state: 'loaded',
      max_context_length: 32_768,
    },
    {
      id: 'text-embedding-nomic-embed-text-v1.5',
      object: 'model',
      type: 'embeddings',
      publisher: 'nomic-ai',
      arch: 'nomic-bert',
      compatibility_type: 'gguf',
      quantization: 'Q4_0',
      state: 'not-loaded',
      max_context_length: 2048,
    },
  ],
};

/** The same, on the disk and not loaded. */
export const LM_V1_UNLOADED = { models: LM_V1.models.map((model) => ({ ...model, loaded_instances: [] })) };

const LIST = {
  object: 'list',
  data: LM_V1.models.map(({ key }) => ({ id: key, object: 'model', owned_by: 'organization_owner' })),
};

export interface LmStudioState {
  /** Before 0.4 there is no `/api/v1`. */
  old?: boolean;
  /** Required on every path. */
  key?: string;
  /** Set: only these models are loaded, by their keys. Requests that load and unload change the list. */
  loaded?: string[];
  /** Set: a load fails with this message. */
  loadFault?: string;
}

export const LM_BAD_KEY: Reply = {
  status: 401,
  body: { error: { message: 'Invalid API token', type: 'invalid_request', code: 'invalid_api_key' } },
};

export const openLmStudio = (state: LmStudioState = {}): Promise<StandIn> => {
  const unexpected = ({ method, path }: { method: string; path: string }) => ({
    body: { error: `Unexpected endpoint or method. (${method} ${path})` },
  });
  const listed = () =>
    state.loaded === undefined
      ? LM_V1
      : {
          models: LM_V1.models.map((model) => ({
            ...model,
            loaded_instances: state.loaded?.includes(model.key) === true ? [{ id: `${model.key}:2` }] : [],
          })),
        };
  const routes: Record<string, Handler> = {
    ...workRoutes,
    ...responsesRoutes,
    'GET /api/v1/models': (request) => (state.old === true ? unexpected(request) : { body: listed() }),
    'POST /api/v1/models/load': ({ body }) => {
      const { model } = JSON.parse(body.toString()) as { model: string };
      if (state.loadFault !== undefined) return { status: 500, body: { error: { type: 'model_load_failed', message: state.loadFault } } };
      state.loaded = [...(state.loaded ?? []), model];
      return { body: { type: 'llm', instance_id: `${model}:2`, load_time_seconds: 9.1, status: 'loaded' } };
    },
    'POST /api/v1/models/unload': ({ body }) => {
      const { instance_id: id } = JSON.parse(body.toString()) as { instance_id: string };
      state.loaded = (state.loaded ?? []).filter((key) => `${key}:2` !== id);
      return { body: { instance_id: id } };
    },
    'GET /api/v0/models': () => ({ body: LM_V0 }),
    'GET /v1/models': () => ({ body: LIST }),
  };
  const guarded = (handler: Handler): Handler => withKey(state.key ?? null, LM_BAD_KEY, handler);
  return StandIn.open({
    routes: Object.fromEntries(Object.entries(routes).map(([route, handler]) => [route, guarded(handler)])),
    otherwise: guarded(unexpected),
  });
};
