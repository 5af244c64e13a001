// Downloads the configured models with Ollama, one at a time, and retries failed downloads. core/pulls/pull-machine.ts decides which is
// next and what the view shows. Only configured models are downloaded.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Pull } from '../runtime';
import type { RuntimeModel } from '../core/runtime-snapshot';
import type { PullEnd } from '../core/pulls/pull';
import {
  modelsToPull,
  nextPull,
  type PullFailure,
  type PullState,
  pullView,
  retryDelayMs,
  WAITING,
  configuredNames,
} from '../core/pulls/pull-machine';

/** A running runtime that can download models. */
export interface PullingRuntime {
  readonly id: string;
  readonly pull: Pull;
  /** Probes its models now. */
  refresh(): Promise<void>;
}

export interface ModelPullsOptions {
  /** `want` changes them. */
  readonly wanted: readonly string[];
  /** The runtime to download with. Null: none is running. */
  readonly runtime: () => PullingRuntime | null;
  /** The models of all runtimes of this machine. */
  readonly models: () => readonly RuntimeModel[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Random numbers in [0, 1). */
  readonly random: () => number;
  /** The view of a download changed. */
  readonly onChange: () => void;
}

/** Progress arrives many times a second. The view changes at most once per interval. */
const PUBLISH_INTERVAL_MS = 1000;

const NO_PROGRESS = { status: '', completedBytes: 0, totalBytes: 0 };

export class ModelPulls {
  readonly #options: ModelPullsOptions;
  #wanted: readonly string[];
  readonly #states = new Map<string, PullState>();
  #running: { readonly name: string; readonly abort: AbortController } | null = null;
  #retryTimer: Timer | null = null;
  #publishTimer: Timer | null = null;
  #stopped = false;

  constructor(options: ModelPullsOptions) {
    this.#options = options;
    this.#wanted = configuredNames(options.wanted);
  }

  /** The configured models that no runtime has yet. */
  snapshot(): readonly RuntimeModel[] {
    const { models, clock } = this.#options;
    const id = this.#options.runtime()?.id ?? null;
    return modelsToPull(this.#wanted, models()).map((name) => pullView(name, this.#states.get(name) ?? WAITING, id, clock.wallMs()));
  }

  /** Models or runtimes changed, or a retry is due: starts the next download. */
  update(): void {
    const { models, clock } = this.#options;
    if (this.#stopped || this.#running !== null) return;
    this.#retryTimer?.cancel();
    const runtime = this.#options.runtime();
    const names = modelsToPull(this.#wanted, models());
    for (const name of this.#states.keys()) if (!names.includes(name)) this.#states.delete(name);
    if (runtime === null) return;
    const name = nextPull(names, this.#states, clock.monotonicMs());
    if (name !== null) void this.#run(name, runtime);
    else this.#scheduleRetry();
  }

  /** From now on these models are wanted. A download of another model is stopped. */
  want(names: readonly string[]): void {
    this.#wanted = configuredNames(names);
    if (this.#running !== null && !this.#wanted.includes(this.#running.name)) this.#running.abort.abort();
    this.update();
  }

  stop(): void {
    this.#stopped = true;
    this.#retryTimer?.cancel();
    this.#cancelPublish();
    this.#running?.abort.abort();
  }

  async #run(name: string, runtime: PullingRuntime): Promise<void> {
    const { logger } = this.#options;
    const before = this.#states.get(name);
    let failures = before?.kind === 'failed' ? before.failures : 0;
    const abort = new AbortController();
    this.#running = { name, abort };
    let firstBytes: number | null = null;
    this.#publish(name, { kind: 'pulling', progress: NO_PROGRESS });
    logger.log('info', 'model_pull_started', { model_id: name, runtime: runtime.id });
    const end = await runtime.pull(
      name,
      (progress) => {
        firstBytes ??= progress.totalBytes === 0 ? null : progress.completedBytes;
        if (firstBytes !== null && progress.completedBytes > firstBytes) failures = 0;
        this.#states.set(name, { kind: 'pulling', progress });
        this.#schedulePublish();
      },
      abort.signal,
    );
    this.#cancelPublish();
    if (this.#stopped) return;
    if (!this.#wanted.includes(name)) {
      this.#running = null;
      logger.log('info', 'model_pull_stopped', { model_id: name, runtime: runtime.id });
      this.#options.onChange();
      this.update();
      return;
    }
    if (end.end === 'done') {
      logger.log('info', 'model_pulled', { model_id: name, runtime: runtime.id });
      await runtime.refresh();
    }
    const failure = this.#failureOf(name, end);
    this.#running = null;
    if (failure === null) this.#states.delete(name);
    else this.#fail(name, failure, failures + 1);
    this.#options.onChange();
    this.update();
  }

  /** Null: a runtime lists the model. */
  #failureOf(name: string, end: PullEnd): PullFailure | null {
    if (end.end === 'failed') return end;
    return modelsToPull([name], this.#options.models()).length === 0 ? null : { code: 'pull_not_listed', message: null };
  }

  #fail(name: string, failure: PullFailure, failures: number): void {
    const { clock, logger, random } = this.#options;
    const delayMs = retryDelayMs(failures, random());
    this.#states.set(name, {
      kind: 'failed',
      failure: { code: failure.code, message: failure.message },
      failures,
      retryAtMonotonicMs: clock.monotonicMs() + delayMs,
      retryAtWallMs: clock.wallMs() + delayMs,
    });
    logger.log('warn', 'model_pull_failed', { model_id: name, code: failure.code, reason: failure.message, retry_in_ms: delayMs });
  }

  #scheduleRetry(): void {
    const { clock } = this.#options;
    const times = [...this.#states.values()].flatMap((state) => (state.kind === 'failed' ? [state.retryAtMonotonicMs] : []));
    if (times.length === 0) return;
    this.#retryTimer = clock.setTimer(Math.max(0, Math.min(...times) - clock.monotonicMs()), () => {
      this.update();
    });
  }

  #publish(name: string, state: PullState): void {
    this.#states.set(name, state);
    this.#options.onChange();
  }

  #schedulePublish(): void {
    this.#publishTimer ??= this.#options.clock.setTimer(PUBLISH_INTERVAL_MS, () => {
      this.#publishTimer = null;
      this.#options.onChange();
    });
  }

  #cancelPublish(): void {
    this.#publishTimer?.cancel();
    this.#publishTimer = null;
  }
}
