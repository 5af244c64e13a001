// What a runtime is to the agent: it discovers models and their readiness, and runs tasks on them. One folder per runtime.
import type { Task } from '../../shared/protocol/tasks';
import type { PullEnd, PullProgress } from './core/pulls/pull';
import type { RunOutcome } from './core/runtime-outcome';
import type { RuntimeSnapshot } from './core/runtime-snapshot';

export type { RunOutcome } from './core/runtime-outcome';
export type { RuntimeModel, RuntimeSnapshot, RuntimeStatus } from './core/runtime-snapshot';

export interface RunContext {
  /** Aborted when the job is cancelled, its time is over or the agent stops: the work must stop, its process or request too. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** One server-sent event's JSON of a streaming task, in order. */
  onChunk(data: unknown): void;
  /** Whether the result of a streaming task is to hold its events too; default: no. */
  readonly keepStream?: boolean;
}

/** Has a program download a model, until it has ended or the signal is aborted. Never rejects. */
export type Pull = (model: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal) => Promise<PullEnd>;

export interface Runtime {
  readonly id: string;
  /** Looks once. Never rejects: what is wrong is in the snapshot. Bounded in time (2 s a request), never waking or pinning a model. */
  discover(): Promise<RuntimeSnapshot>;
  /** Whether this runtime has the task's model and runs such tasks on it, as far as its last look knows. */
  serves(task: Task): boolean;
  /** Runs the task to its end. Never rejects. */
  run(task: Task, context: RunContext): Promise<RunOutcome>;
  /** Of a runtime that can download models, as far as its last look knows. */
  readonly pull?: Pull | undefined;
  /** Of a runtime that notices changes by itself: called when another look is worth while. Returns how to stop. */
  onChange?(listener: () => void): () => void;
}
