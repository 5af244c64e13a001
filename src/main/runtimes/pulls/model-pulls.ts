// Downloads the wanted models with Ollama, one at a time, and retries failed downloads. core/pulls/downloads.ts decides which are wanted,
// core/pulls/pull-machine.ts which is next and what the view shows. A paused download goes on later: Ollama keeps the downloaded part.
import type { Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Pull } from '../runtime';
import type { RuntimeModel } from '../core/runtime-snapshot';
import {
  type ChangedDownload,
  type DownloadFault,
  type Downloads,
  NO_DOWNLOADS,
  onlyMissing,
  wantedName,
  wantedNames,
  withoutRequest,
  withPause,
  withRequest,
} from '../core/pulls/downloads';
import type { PullEnd } from '../core/pulls/pull';
import { bytesPerSecond, type SpeedSample, withSample } from '../core/pulls/pull-speed';
import {
  listedNames,
  modelsToPull,
  nextPull,
  type PullFailure,
  type PullState,
  pullView,
  retryDelayMs,
  WAITING,
} from '../core/pulls/pull-machine';

/** A running runtime that can download models. */
export interface PullingRuntime {
  readonly id: string;
  readonly pull: Pull;
  /** Probes its models now. */
  refresh(): Promise<void>;
}

/** Downloads that survive a restart. */
export interface KeptDownloads {
  read(): Downloads;
  /** In the background. */
  write(downloads: Downloads): void;
  /** Resolves when the last write has ended. */
  written(): Promise<void>;
}

export interface ModelPullsOptions {
  /** The models of the configuration. `want` changes them. */
  readonly wanted: readonly string[];
  /** Default: requests end with this object. */
  readonly kept?: KeptDownloads;
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
  #configured: readonly string[];
  #downloads: Downloads;
  readonly #states = new Map<string, PullState>();
  #running: { readonly name: string; readonly abort: AbortController } | null = null;
  #retryTimer: Timer | null = null;
  #publishTimer: Timer | null = null;
  #stopped = false;

  constructor(options: ModelPullsOptions) {
    this.#options = options;
    this.#configured = listedNames(options.wanted);
    this.#downloads = options.kept?.read() ?? NO_DOWNLOADS;
    for (const name of this.#downloads.paused) this.#states.set(name, { kind: 'paused', progress: null });
  }

  /** Whether any model is wanted. */
  get wantsAny(): boolean {
    return this.#wanted().length > 0;
  }

  /** The wanted models that no runtime has yet. */
  snapshot(): readonly RuntimeModel[] {
    const { models, clock } = this.#options;
    const runtimeId = this.#options.runtime()?.id ?? null;
    const checkedAtWallMs = clock.wallMs();
    return modelsToPull(this.#wanted(), models()).map((name) =>
      pullView(name, this.#stateOf(name), { runtimeId, checkedAtWallMs, isRequested: !this.#configured.includes(name) }),
    );
  }

  /** Downloads the model, or continues its paused download. Null: requested. */
  request(model: string): DownloadFault | null {
    return this.#act(withRequest(this.#downloads, this.#configured, model), (name) => {
      if (this.#stateOf(name).kind !== 'pulling') this.#states.delete(name);
    });
  }

  /** Null: paused. */
  pause(model: string): DownloadFault | null {
    return this.#act(withPause(this.#downloads, this.#configured, model), (name) => {
      const state = this.#stateOf(name);
      if (state.kind === 'paused') return;
      this.#states.set(name, { kind: 'paused', progress: state.kind === 'pulling' ? state.progress : null });
      this.#abort(name);
    });
  }

  /** Ends the request of the owner. Null: cancelled. */
  cancel(model: string): DownloadFault | null {
    return this.#act(withoutRequest(this.#downloads, this.#configured, model), (name) => {
      this.#states.delete(name);
      this.#abort(name);
    });
  }

  /** Whether the configuration wants the model. */
  isConfigured(model: string): boolean {
    return this.#configured.includes(wantedName(this.#downloads, this.#configured, model) ?? '');
  }

  /** Models or runtimes changed, or a retry is due: starts the next download. */
  update(): void {
    const { models, clock } = this.#options;
    if (this.#stopped || this.#running !== null) return;
    this.#retryTimer?.cancel();
    const runtime = this.#options.runtime();
    const names = modelsToPull(this.#wanted(), models());
    for (const name of this.#states.keys()) if (!names.includes(name)) this.#states.delete(name);
    this.#keep(onlyMissing(this.#downloads, names));
    if (runtime === null) return;
    const name = nextPull(names, this.#states, clock.monotonicMs());
    if (name !== null) void this.#run(name, runtime);
    else this.#scheduleRetry();
  }

  /** From now on the configuration wants these models. A download that is not wanted any more is stopped. */
  want(names: readonly string[]): void {
    this.#configured = listedNames(names);
    if (this.#running !== null && !this.#wanted().includes(this.#running.name)) this.#running.abort.abort();
    this.update();
  }

  /** Resolves when the downloads of the owner are on disk. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retryTimer?.cancel();
    this.#cancelPublish();
    this.#running?.abort.abort();
    await this.#options.kept?.written();
  }

  #wanted(): readonly string[] {
    return wantedNames(this.#downloads, this.#configured);
  }

  #act(changed: Result<ChangedDownload, DownloadFault>, apply: (name: string) => void): DownloadFault | null {
    if (!changed.ok) return changed.error;
    apply(changed.value.name);
    this.#keep(changed.value.downloads);
    this.#changed();
    return null;
  }

  #stateOf(name: string): PullState {
    return this.#states.get(name) ?? WAITING;
  }

  #keep(downloads: Downloads): void {
    if (JSON.stringify(downloads) === JSON.stringify(this.#downloads)) return;
    this.#downloads = downloads;
    this.#options.kept?.write(downloads);
  }

  #abort(name: string): void {
    if (this.#running?.name === name) this.#running.abort.abort();
  }

  #changed(): void {
    this.#options.onChange();
    this.update();
  }

  async #run(name: string, runtime: PullingRuntime): Promise<void> {
    const { clock, logger } = this.#options;
    const before = this.#states.get(name);
    let failures = before?.kind === 'failed' ? before.failures : 0;
    const abort = new AbortController();
    this.#running = { name, abort };
    let firstBytes: number | null = null;
    let samples: readonly SpeedSample[] = [];
    this.#publish(name, { kind: 'pulling', progress: NO_PROGRESS, bytesPerSecond: null });
    logger.log('info', 'model_pull_started', { model_id: name, runtime: runtime.id });
    const end = await runtime.pull(
      name,
      (progress) => {
        if (abort.signal.aborted) return;
        firstBytes ??= progress.totalBytes === 0 ? null : progress.completedBytes;
        if (firstBytes !== null && progress.completedBytes > firstBytes) failures = 0;
        samples = withSample(samples, { atMonotonicMs: clock.monotonicMs(), completedBytes: progress.completedBytes });
        this.#states.set(name, { kind: 'pulling', progress, bytesPerSecond: bytesPerSecond(samples) });
        this.#schedulePublish();
      },
      abort.signal,
    );
    this.#cancelPublish();
    if (this.#stopped) return;
    if (abort.signal.aborted) {
      this.#running = null;
      logger.log('info', 'model_pull_stopped', { model_id: name, runtime: runtime.id });
      this.#changed();
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
    this.#changed();
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
