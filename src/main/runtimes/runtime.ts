// What a runtime is to the agent: it discovers models and their readiness, and runs tasks on them. One folder per runtime.
import type { CapabilityState, InstalledModel } from '../../shared/protocol/node-messages';
import type { Task } from '../../shared/protocol/tasks';

/** A program on this machine that serves models, and whether it answers. */
export interface RuntimeStatus {
  /** Stable within this machine, e.g. `ollama@127.0.0.1:11434`. */
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

export interface RunContext {
  /** Aborted when the job is cancelled, its time is over or the agent stops: the work must stop, its process or request too. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** One server-sent event's JSON of a streaming task, in order. */
  onChunk(data: unknown): void;
}

export type RunOutcome =
  | { readonly success: true; readonly output: unknown }
  | {
      readonly success: false;
      readonly error: {
        /** e.g. `runtime_unreachable`, `runtime_http_500`, `command_failed`, `timeout`, `cancelled`, `output_too_large`, `bad_request`. */
        readonly code: string;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>> & {
          /** Whether another attempt, perhaps on another node, may succeed. */
          readonly retryable: boolean;
        };
      };
    };

export interface Runtime {
  readonly id: string;
  /** Looks once. Never rejects: what is wrong is in the snapshot. Bounded in time (2 s a request), never waking or pinning a model. */
  discover(): Promise<RuntimeSnapshot>;
  /** Whether this runtime serves the task's model, as far as its last look knows. */
  serves(task: Task): boolean;
  /** Runs the task to its end. Never rejects. */
  run(task: Task, context: RunContext): Promise<RunOutcome>;
  /** Of a runtime that notices changes by itself: called when another look is worth while. Returns how to stop. */
  onChange?(listener: () => void): () => void;
}
