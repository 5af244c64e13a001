// What one look at a runtime found: whether it answers, and its models with their readiness.
import type { CapabilityState, InstalledModel } from '../../shared/protocol/node-messages';

/** A program on this machine that serves models, and whether it answers. */
export interface RuntimeStatus {
  /** Stable within this machine, e.g. `folders` or `http://127.0.0.1:11434`. */
  readonly id: string;
  readonly flavour: 'folders' | 'ollama' | 'llama.cpp' | 'vllm' | 'lm-studio' | 'localai' | 'whisper.cpp' | 'openai-compatible';
  /** Null for model folders. */
  readonly url: string | null;
  readonly version: string | null;
  readonly state: 'running' | 'starting' | 'not_running' | 'unauthorized' | 'wrong_service';
  /** e.g. `ok`, `refused`, `timeout`, `key_needed`, `loading_model`, `http_500`, `unreadable_answer`. */
  readonly reasonCode: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly checkedAtMs: number | null;
}

/** A model and whether it is ready: what the heartbeat says, with the facts behind it for its owner. */
export interface RuntimeModel {
  readonly runtimeId: string;
  readonly model: InstalledModel;
  /** The runtime does not tell its kind: nothing may be asked of it by this kind alone. Absent: it is told. */
  readonly kindIsGuess?: boolean;
  readonly state: CapabilityState;
  /** e.g. `loaded`, `cold` (ready, loads on use), `loading`, `downloading`, `all_verified`, `runtime_not_running`. */
  readonly reasonCode: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly sizeBytes: number | null;
  readonly progress: number | null;
  readonly checkedAtMs: number | null;
}

export interface RuntimeSnapshot {
  readonly runtime: RuntimeStatus;
  readonly models: readonly RuntimeModel[];
}
