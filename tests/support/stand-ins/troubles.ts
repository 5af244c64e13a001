// The usual model servers, and the troubles of each: how it answers then, by its documentation or source.
import { LLAMA_BAD_KEY, LLAMA_LOADING, openLlamaCpp } from './llama-cpp';
import { LM_BAD_KEY, LM_V1_UNLOADED, openLmStudio } from './lm-studio';
import { openOllama } from './ollama';
import type { Fault, StandIn } from './stand-in';
import { openVllm, VLLM_UNAUTHORIZED } from './vllm';

export const CHAT = '/v1/chat/completions';

/** By path, in the form of `StandIn.faults`. */
type Faults = StandIn['faults'];

/** Equal for all servers. */
const EVERYWHERE = {
  '503': { status: 503, body: { error: { message: 'server busy, please try again' } } },
  hang: 'hang',
  truncated: 'half',
  slow: 'slow',
  endless: 'drip',
} as const satisfies Record<string, Fault>;

export type Trouble = 'loading' | '401' | keyof typeof EVERYWHERE;
export type RuntimeName = 'Ollama' | 'llama.cpp' | 'vLLM' | 'LM Studio';

interface TroubledRuntime {
  readonly open: () => Promise<StandIn>;
  /** One that is loaded. */
  readonly model: string;
  /** The path of its model list. */
  readonly lists: readonly string[];
  readonly loading: Faults | 'closed';
  readonly unauthorized: Faults;
}

export const RUNTIMES: Readonly<Record<RuntimeName, TroubledRuntime>> = {
  Ollama: {
    open: () => openOllama(),
    model: 'llama3.2:latest',
    lists: ['/api/tags'],
    // A request for the model waits for the load.
    loading: { '/api/ps': 'hang', [CHAT]: 'hang' },
    // Ollama has no keys: the refusal comes from a proxy before it.
    unauthorized: { '*': { status: 401, type: 'text/html', body: '<h1>401 Authorization Required</h1>' } },
  },
  'llama.cpp': {
    open: () => openLlamaCpp(),
    model: 'gemma-3-4b-it-Q4_K_M.gguf',
    lists: ['/v1/models'],
    loading: { '*': { status: 503, body: LLAMA_LOADING } },
    unauthorized: { '/props': LLAMA_BAD_KEY, [CHAT]: LLAMA_BAD_KEY },
  },
  vLLM: {
    open: () => openVllm(),
    model: 'qwen',
    lists: ['/v1/models'],
    // Its port opens when the model is loaded.
    loading: 'closed',
    unauthorized: { '/v1/models': VLLM_UNAUTHORIZED, [CHAT]: VLLM_UNAUTHORIZED },
  },
  'LM Studio': {
    open: () => openLmStudio(),
    model: 'google/gemma-3-12b',
    lists: ['/api/v1/models', '/api/v0/models'],
    // A request loads the model and waits for it.
    loading: { '/api/v1/models': { body: LM_V1_UNLOADED }, [CHAT]: 'slow' },
    unauthorized: { '*': LM_BAD_KEY },
  },
};

/** Makes the server answer with this trouble. `where`: the affected paths, for a trouble that is the same for all servers; default: all. */
export async function trouble(name: RuntimeName, standIn: StandIn, kind: Trouble, where: readonly string[] = ['*']): Promise<void> {
  const { loading, unauthorized } = RUNTIMES[name];
  if (kind === '401') standIn.faults = unauthorized;
  else if (kind !== 'loading') standIn.faults = Object.fromEntries(where.map((path) => [path, EVERYWHERE[kind]]));
  else if (loading === 'closed') await standIn.close();
  else standIn.faults = loading;
}
