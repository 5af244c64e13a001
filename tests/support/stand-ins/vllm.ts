// The server of vLLM: `/health` is empty, and only `/v1` requires the key.
import { messagesRoutes } from './messages-answers';
import { workRoutes } from './openai-answers';
import { type Reply, StandIn, withKey } from './stand-in';

export const VLLM_MODELS = {
  object: 'list',
  data: [
    {
      id: 'qwen',
      object: 'model',
      created: 1_730_000_000,
      owned_by: 'vllm',
      root: 'Qwen/Qwen2.5-7B-Instruct',
      parent: null,
      max_model_len: 32_768,
      permission: [{ id: 'modelperm-1', object: 'model_permission', allow_sampling: true }],
    },
  ],
};

export const VLLM_UNAUTHORIZED: Reply = { status: 401, body: { error: 'Unauthorized' } };

export interface VllmState {
  engineDead?: boolean;
  /** Default: one without the Messages API. */
  version?: string;
  key?: string;
}

export function openVllm(state: VllmState = {}): Promise<StandIn> {
  const key = state.key ?? null;
  const work = Object.entries({ ...workRoutes, ...messagesRoutes }).map(
    ([route, handler]) => [route, withKey(key, VLLM_UNAUTHORIZED, handler)] as const,
  );
  return StandIn.open({
    routes: {
      ...Object.fromEntries(work),
      'GET /health': () => ({ status: state.engineDead === true ? 503 : 200 }),
      'GET /version': () => ({ body: { version: state.version ?? '0.11.0' } }),
      'GET /v1/models': withKey(key, VLLM_UNAUTHORIZED, () => ({ body: VLLM_MODELS })),
    },
    otherwise: () => ({ status: 404, body: { detail: 'Not Found' } }),
  });
}
