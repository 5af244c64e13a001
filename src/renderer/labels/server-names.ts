// Product names of model servers: the same in every language. Null: no name.
import type { RuntimeType } from '../../shared/api/agent-view';

export const SERVER_NAMES: Readonly<Record<RuntimeType, string | null>> = {
  folders: null,
  ollama: 'Ollama',
  'llama.cpp': 'llama.cpp',
  vllm: 'vLLM',
  'lm-studio': 'LM Studio',
  localai: 'LocalAI',
  'whisper.cpp': 'whisper.cpp',
  'openai-compatible': null,
};
