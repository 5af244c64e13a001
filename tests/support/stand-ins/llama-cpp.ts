// The server of llama.cpp, with one model or as a router, by its documentation and source.
import { messagesRoutes } from './messages-answers';
import { timedChat, workRoutes } from './openai-answers';
import { type Handler, type Reply, StandIn, withKey } from './stand-in';

export const LLAMA_LOADING = { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } };
export const LLAMA_BAD_KEY: Reply = {
  status: 401,
  body: { error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } },
};
const NO_SUCH_FILE: Reply = { status: 404, body: { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } } };

export const LLAMA_MODELS = {
  models: [{ name: 'gemma-3-4b-it-Q4_K_M.gguf', model: 'gemma-3-4b-it-Q4_K_M.gguf', type: 'model', capabilities: ['completion'] }],
  object: 'list',
  data: [
    {
      id: 'gemma-3-4b-it-Q4_K_M.gguf',
      object: 'model',
      created: 1_735_142_223,
      owned_by: 'llamacpp',
      meta: { vocab_type: 2, n_vocab: 262_144, n_ctx_train: 131_072, n_embd: 2560, n_params: 3_880_099_328, size: 2_480_000_000 },
    },
  ],
};

export const LLAMA_PROPS = {
  default_generation_settings: { id: 0, id_task: -1, n_ctx: 4096, speculative: false, is_processing: false, params: {} },
  total_slots: 2,
  model_path: '/models/gemma-3-4b-it-Q4_K_M.gguf',
  chat_template: '...',
  modalities: { vision: false, audio: false },
  build_info: 'b7389-1a2b3c4d',
  is_sleeping: false,
};

export const routerModel = (id: string, status: object) => ({ id, object: 'model', owned_by: 'llamacpp', created: 1_765_000_000, status });
export const ROUTER_MODELS = {
  object: 'list',
  data: [
    routerModel('org/loaded-GGUF:Q4_K_M', { value: 'loaded', args: ['llama-server', '-ctx', '4096'] }),
    routerModel('org/unloaded-GGUF', { value: 'unloaded', args: [] }),
    routerModel('org/loading-GGUF', { value: 'loading', args: [] }),
    routerModel('org/sleeping-GGUF', { value: 'sleeping', args: [] }),
    routerModel('org/downloading-GGUF', { value: 'downloading', args: [] }),
    routerModel('org/failed-GGUF', { value: 'unloaded', args: [], failed: true, exit_code: 1 }),
  ],
};
export const ROUTER_PROPS = {
  role: 'router',
  max_instances: 4,
  models_autoload: true,
  model_alias: 'llama-server',
  model_path: 'none',
  default_generation_settings: { params: {}, n_ctx: 0 },
  build_info: 'b7389-1a2b3c4d',
};

export interface LlamaState {
  loading?: boolean;
  sleeping?: boolean;
  router?: boolean;
  /** Of a router: the states of its models, instead of `ROUTER_MODELS`. It loads no model on request. Loads stay at `loading` at first. */
  states?: Record<string, string>;
  key?: string;
  /** Default: a build that is not known to have the Messages API. */
  build?: string;
  /** Reports this many tokens per second for a chat. */
  perSecond?: number;
}

export function openLlamaCpp(state: LlamaState = {}): Promise<StandIn> {
  const key = state.key ?? null;
  const loaded =
    (handler: Handler): Handler =>
    (request, response) =>
      state.loading === true ? { status: 503, body: LLAMA_LOADING } : handler(request, response);
  const routed = () =>
    state.states === undefined
      ? ROUTER_MODELS
      : { object: 'list', data: Object.entries(state.states).map(([id, value]) => routerModel(id, { value, args: [] })) };
  const props = () => (state.states === undefined ? ROUTER_PROPS : { ...ROUTER_PROPS, models_autoload: false });
  const act = (from: string, to: string): Handler =>
    withKey(key, LLAMA_BAD_KEY, ({ body }) => {
      const { model } = JSON.parse(body.toString()) as { model: string };
      if (state.states?.[model] !== from) return { status: 400, body: { error: { code: 400, message: `model is not ${from}` } } };
      state.states[model] = to;
      return { body: { success: true } };
    });
  const timed = state.perSecond === undefined ? {} : { 'POST /v1/chat/completions': timedChat(state.perSecond) };
  const work = Object.entries({ ...workRoutes, ...messagesRoutes, ...timed }).map(
    ([route, handler]) => [route, withKey(key, LLAMA_BAD_KEY, loaded(handler))] as const,
  );
  return StandIn.open({
    routes: {
      ...Object.fromEntries(work),
      ...(state.router === true
        ? { 'POST /models/load': act('unloaded', 'loading'), 'POST /models/unload': act('loaded', 'unloaded') }
        : {}),
      // Public, as the list of models. Every other path requires the key.
      'GET /health': loaded(() => ({ body: { status: 'ok' } })),
      'GET /v1/models': loaded(() => ({ body: state.router === true ? routed() : LLAMA_MODELS })),
      'GET /props': withKey(
        key,
        LLAMA_BAD_KEY,
        loaded(() => ({
          body:
            state.router === true
              ? props()
              : { ...LLAMA_PROPS, ...(state.build === undefined ? {} : { build_info: state.build }), is_sleeping: state.sleeping === true },
        })),
      ),
    },
    otherwise: withKey(key, LLAMA_BAD_KEY, () => NO_SUCH_FILE),
  });
}
