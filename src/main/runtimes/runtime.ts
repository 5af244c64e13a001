// The interface of a runtime: it reports models and their readiness, and runs tasks on them.
import type { JobTimingsMessage } from '../../shared/protocol/job-timings';
import type { ModelAction } from '../../shared/protocol/model-control';
import type { Task } from '../../shared/protocol/tasks';
import type { PullEnd, PullProgress } from './core/pulls/pull';
import type { RunOutcome } from './core/runtime-outcome';
import type { RuntimeSnapshot } from './core/runtime-snapshot';
import type { RuntimePlace } from './core/runtime-use';

export type { RunOutcome } from './core/runtime-outcome';
export type { RuntimeModel, RuntimeSnapshot, RuntimeStatus } from './core/runtime-snapshot';

export interface RunContext {
  /** Aborted when the job is cancelled, its timeout is reached or the agent stops. Then its process or request must end. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** `X-Request-Id` for a model server. Absent: none. */
  readonly requestId?: string;
  /** Receives the JSON of each server-sent event of a streaming task, in order. */
  onChunk(data: unknown): void;
  /** Whether the result of a streaming task must contain its events. Default: false. */
  readonly keepStream?: boolean;
  /** Receives the timings of a successful run, before its end. `startedAtMonotonicMs`: the start of its request or program. */
  onTimings?(timings: JobTimingsMessage, startedAtMonotonicMs: number): void;
}

/** Makes a program download a model. Resolves at the end of the download or when the signal is aborted. Never rejects. */
export type Pull = (model: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal) => Promise<PullEnd>;

/** The end of the requests of an act. The next probes show its result. `message`: why the server refused it. */
export type ControlEnd = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Makes a program delete a model from the disk. Never rejects. */
export type Remove = (modelId: string, signal: AbortSignal) => Promise<ControlEnd>;

/** Makes a program load, unload, pin or unpin a model. Never rejects. */
export type Control = (modelId: string, action: ModelAction, signal: AbortSignal) => Promise<ControlEnd>;

export interface Runtime {
  readonly id: string;
  /** Equal for two runtimes that a configuration describes in the same way. Absent: only the runtime itself is the same. */
  readonly settings?: string;
  /** Where it computes, by its last probe. Absent: `commands`. */
  readonly place?: RuntimePlace;
  /** Never rejects: faults are in the snapshot. Bounded in time (2 s per request). Must not wake, load or pin a model. */
  probe(): Promise<RuntimeSnapshot>;
  /** Whether this runtime runs the task, by its last probe. */
  serves(task: Task): boolean;
  /** Runs the task to its end. Never rejects. */
  run(task: Task, context: RunContext): Promise<RunOutcome>;
  /** Defined if the runtime can download models, by its last probe. */
  readonly pull?: Pull | undefined;
  /** Defined if the runtime can change which models are in memory, by its last probe. */
  readonly control?: Control | undefined;
  /** Defined if the runtime can delete models from the disk, by its last probe. */
  readonly remove?: Remove | undefined;
  /**
   * Defined if the runtime detects changes by itself: then it calls the listener, and a new probe is due. Returns a function that
   * unsubscribes.
   */
  onChange?(listener: () => void): () => void;
}
