// Where a runtime computes, and when it last ran a task: with this the agent tells the load of the pool's jobs from the owner's.
import type { RuntimeType } from '../../../shared/api/agent-view';
import { portOfUrl } from '../../../shared/loopback';

/** A program of this machine that listens on a port. */
export interface LocalServer {
  readonly port: number;
  /** Names of its programs, in lower case. Empty: the type of the server is unknown. */
  readonly processNames: readonly string[];
}

/** `commands`: children of this process. */
export type RuntimePlace = 'commands' | 'other_machine' | LocalServer;

/** Instants of the monotonic clock: now, while a task runs. Null: no task has run. */
export interface RuntimesUse {
  readonly servers: readonly (LocalServer & { readonly id: string; readonly usedAtMonotonicMs: number | null })[];
  /** Of all runtimes that compute on this machine. */
  readonly jobAtMonotonicMs: number | null;
}

const PROCESS_NAMES: Readonly<Record<RuntimeType, readonly string[]>> = {
  folders: [],
  ollama: ['ollama'],
  'llama.cpp': ['llama-server'],
  vllm: ['vllm'],
  'lm-studio': ['lm-studio', 'lm studio', 'llmster'],
  localai: ['local-ai', 'localai'],
  'whisper.cpp': ['whisper-server'],
  'openai-compatible': [],
};

export function localServer(url: { readonly port: string; readonly protocol: string }, type: RuntimeType): LocalServer {
  return { port: portOfUrl(url), processNames: PROCESS_NAMES[type] };
}
