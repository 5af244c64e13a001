// The usual runtimes, and the troubles that each of them gets into in its own way: what it then answers, as its authors have it.
import { LLAMA_BAD_KEY, LLAMA_LOADING, openLlamaCpp } from './llama-cpp';
import { LM_BAD_KEY, LM_V1_UNLOADED, openLmStudio } from './lm-studio';
import { openOllama } from './ollama';
import type { Fault, StandIn } from './stand-in';
import { openVllm, VLLM_UNAUTHORIZED } from './vllm';

export const CHAT = '/v1/chat/completions';

/** By path, as a stand-in takes them. */
type Faults = StandIn['faults'];

/** Equal for all of them. */
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
  /** Where it tells what models it has. */
  readonly lists: readonly string[];
  readonly loading: Faults | 'closed';
  readonly unauthorized: Faults;
}

export const RUNTIMES: Readonly<Record<RuntimeName, TroubledRuntime>> = {
  Ollama: {
    open: () => openOllama(),
    model: 'llama3.2:latest',
    lists: ['/api/tags'],
    // Whoever asks for the model waits for it.
    loading: { '/api/ps': 'hang', [CHAT]: 'hang' },
    // It has no keys: something before it does.
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
    // Its port opens when it has loaded.
    loading: 'closed',
    unauthorized: { '/v1/models': VLLM_UNAUTHORIZED, [CHAT]: VLLM_UNAUTHORIZED },
  },
  'LM Studio': {
    open: () => openLmStudio(),
    model: 'google/gemma-3-12b',
    lists: ['/api/v1/models', '/api/v0/models'],
    // Whoever asks has the model loaded, and waits for it.
    loading: { '/api/v1/models': { body: LM_V1_UNLOADED }, [CHAT]: 'slow' },
    unauthorized: { '*': LM_BAD_KEY },
  },
};

/** `where`: what answers so, of a trouble that is equal for all; default: everything. */
export async function trouble(name: RuntimeName, standIn: StandIn, kind: Trouble, where: readonly string[] = ['*']): Promise<void> {
  const { loading, unauthorized } = RUNTIMES[name];
  if (kind === '401') standIn.faults = unauthorized;
  else if (kind !== 'loading') standIn.faults = Object.fromEntries(where.map((path) => [path, EVERYWHERE[kind]]));
  else if (loading === 'closed') await standIn.close();
  else standIn.faults = loading;
}
