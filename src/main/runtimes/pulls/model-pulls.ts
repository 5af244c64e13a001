// Gets the models that the owner wants of Ollama, one at a time, and again after failures. What is next and what is shown is
// decided in pull-state-mapping; nothing is ever downloaded that the owner did not name.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Pull } from '../runtime';
import type { RuntimeModel } from '../core/runtime-snapshot';
import type { PullEnd } from '../core/pulls/pull';
import { missing, nextPull, type PullFailure, type PullState, pullView, retryDelayMs, WAITING, wantedNames } from '../core/pulls/pull-machine';

/** A runtime that answers and can download. */
export interface PullingRuntime {
  readonly id: string;
  readonly pull: Pull;
  /** Looks at its models now. */
  lookAgain(): Promise<void>;
}

export interface ModelPullsOptions {
  readonly wanted: readonly string[];
  /** The one that is to download; null: none runs that can. */
  readonly runtime: () => PullingRuntime | null;
  /** The models of this machine, whoever serves them. */
  readonly models: () => readonly RuntimeModel[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** What is shown changed. */
  readonly onChange: () => void;
}

/** Bytes come all the time: they are shown as often as a person would look. */
const SHOW_INTERVAL_MS = 1000;

const NO_PROGRESS = { status: '', completedBytes: 0, totalBytes: 0 };

export class ModelPulls {
  private readonly options: ModelPullsOptions;
  private readonly wanted: readonly string[];
  private readonly states = new Map<string, PullState>();
  private running: { readonly name: string; readonly abort: AbortController } | null = null;
  private retry: Timer | null = null;
  private showing: Timer | null = null;
  private stopped = false;

  constructor(options: ModelPullsOptions) {
    this.options = options;
    this.wanted = wantedNames(options.wanted);
  }

  /** Wanted, and not there yet. */
  seen(): readonly RuntimeModel[] {
    const { models, clock } = this.options;
    const id = this.options.runtime()?.id ?? null;
    return missing(this.wanted, models()).map((name) => pullView(name, this.states.get(name) ?? WAITING, id, clock.wallMs()));
  }

  /** Something changed that may let one begin: models, a runtime, the time. */
  look(): void {
    const { models, clock } = this.options;
    if (this.stopped || this.running !== null) return;
    this.retry?.cancel();
    const runtime = this.options.runtime();
    const names = missing(this.wanted, models());
    for (const name of this.states.keys()) if (!names.includes(name)) this.states.delete(name);
    if (runtime === null) return;
    const name = nextPull(names, this.states, clock.monotonicMs());
    if (name !== null) void this.run(name, runtime);
    else this.retryLater();
  }

  stop(): void {
    this.stopped = true;
    this.retry?.cancel();
    this.showNoMore();
    this.running?.abort.abort();
  }

  private async run(name: string, runtime: PullingRuntime): Promise<void> {
    const { logger } = this.options;
    const before = this.states.get(name);
    const failures = before?.kind === 'failed' ? before.failures : 0;
    const abort = new AbortController();
    this.running = { name, abort };
    let first: number | null = null;
    let got = false;
    this.show(name, { kind: 'pulling', progress: NO_PROGRESS });
    logger.log('info', 'model_pull_started', { model_id: name, runtime: runtime.id });
    const end = await runtime.pull(
      name,
      (progress) => {
        first ??= progress.totalBytes === 0 ? null : progress.completedBytes;
        got ||= first !== null && progress.completedBytes > first;
        this.states.set(name, { kind: 'pulling', progress });
        this.showSoon();
      },
      abort.signal,
    );
    this.showNoMore();
    if (this.stopped) return;
    if (end.end === 'done') {
      logger.log('info', 'model_pulled', { model_id: name, runtime: runtime.id });
      await runtime.lookAgain();
    }
    const failure = this.failureOf(name, end);
    this.running = null;
    if (failure === null) this.states.delete(name);
    else this.fail(name, failure, got ? 1 : failures + 1);
    this.options.onChange();
    this.look();
  }

  /** Null: it is there. */
  private failureOf(name: string, end: PullEnd): PullFailure | null {
    if (end.end === 'failed') return end;
    return missing([name], this.options.models()).length === 0 ? null : { code: 'pull_not_listed', message: null };
  }

  private fail(name: string, failure: PullFailure, failures: number): void {
    const { clock, logger, random } = this.options;
    const delayMs = retryDelayMs(failures, random());
    this.states.set(name, {
      kind: 'failed',
      failure: { code: failure.code, message: failure.message },
      failures,
      retryAtMs: clock.monotonicMs() + delayMs,
      retryAtWallMs: clock.wallMs() + delayMs,
    });
    logger.log('warn', 'model_pull_failed', { model_id: name, code: failure.code, reason: failure.message, retry_in_ms: delayMs });
  }

  private retryLater(): void {
    const { clock } = this.options;
    const times = [...this.states.values()].flatMap((state) => (state.kind === 'failed' ? [state.retryAtMs] : []));
    if (times.length === 0) return;
    this.retry = clock.setTimer(Math.max(0, Math.min(...times) - clock.monotonicMs()), () => {
      this.look();
    });
  }

  private show(name: string, state: PullState): void {
    this.states.set(name, state);
    this.options.onChange();
  }

  private showSoon(): void {
    this.showing ??= this.options.clock.setTimer(SHOW_INTERVAL_MS, () => {
      this.showing = null;
      this.options.onChange();
    });
  }

  private showNoMore(): void {
    this.showing?.cancel();
    this.showing = null;
  }
}
