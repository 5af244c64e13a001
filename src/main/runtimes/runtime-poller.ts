// Polls one runtime: one probe at a time, more often while a user views the models, and soon again after a failed probe. The damping is
// in core/hysteresis.ts.
import { jitteredMs } from '../../shared/backoff';
import { messageOfError } from '../../shared/errors';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { modelChanges } from './core/runtime-snapshot';
import type { Runtime, RuntimeSnapshot } from './runtime';
import { type DampedSnapshot, FAILED_PROBES_UNTIL_NOT_RUNNING, withHysteresis } from './core/hysteresis';

const VIEWED_INTERVAL_MS = 5000;
const INTERVAL_MS = 15_000;
/** After a failed probe: a stopped program is detected within seconds instead of three intervals. */
const RETRY_INTERVAL_MS = 1000;
/** While a model is being loaded, so that the agent reports soon that the model is ready. */
const LOADING_INTERVAL_MS = 2000;
/** The interval varies by this share, so that runtimes and nodes are not probed at the same time. */
const JITTER = 0.1;

export interface RuntimePollerOptions {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly isViewed: () => boolean;
  /** The snapshot changed. */
  readonly onChange: () => void;
}

export class RuntimePoller {
  readonly #options: RuntimePollerOptions;
  readonly runtime: Runtime;
  #damped: DampedSnapshot | null = null;
  #probing: Promise<void> | null = null;
  #timer: Timer | null = null;
  #stopped = false;
  #stopListening: (() => void) | null = null;

  constructor(options: RuntimePollerOptions) {
    this.#options = options;
    this.runtime = options.runtime;
  }

  /** Null before the first probe. */
  snapshot(): RuntimeSnapshot | null {
    return this.#damped?.snapshot ?? null;
  }

  /** Resolves after the first probe. A stopped poller cannot be started again. */
  async start(): Promise<void> {
    if (this.#stopped) return;
    this.#stopListening = this.runtime.onChange?.(() => void this.refresh()) ?? null;
    await this.refresh();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#stopListening?.();
  }

  /** Probes now, after a running probe, so that changes before the call are included. */
  async refresh(): Promise<void> {
    await this.#probing;
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = null;
    });
    await this.#probing;
  }

  async #probe(): Promise<void> {
    this.#timer?.cancel();
    try {
      this.#apply(await this.runtime.probe());
    } catch (cause) {
      // A bug in one runtime must not stop the others.
      this.#options.logger.log('error', 'runtime_probe_failed', {
        runtime: this.runtime.id,
        reason: messageOfError(cause),
      });
    }
    this.#timer?.cancel();
    if (this.#stopped) return;
    this.#timer = this.#options.clock.setTimer(this.#delayMs(), () => void this.refresh());
  }

  #apply(found: RuntimeSnapshot): void {
    const before = this.#damped;
    this.#damped = withHysteresis(before, found);
    const { snapshot } = this.#damped;
    if (before !== null && contentOf(before.snapshot) === contentOf(snapshot)) return;
    this.#logChanges(before?.snapshot ?? null, snapshot);
    this.#options.onChange();
  }

  #logChanges(before: RuntimeSnapshot | null, { runtime, models }: RuntimeSnapshot): void {
    const { logger } = this.#options;
    const { state, reasonCode: reason, type } = runtime;
    // No server listens at most of the default addresses.
    const isExpected = before === null && state === 'not_running';
    if (state !== before?.runtime.state)
      logger.log(isExpected ? 'debug' : 'info', 'runtime_state', { runtime: runtime.id, type, state, reason });
    for (const { modelId, now } of modelChanges(before?.models ?? [], models)) {
      const facts = { model_id: modelId, runtime: runtime.id };
      if (now === null) {
        logger.log('info', 'model_gone', facts);
        continue;
      }
      const level = now.state === 'error' ? 'error' : 'info';
      logger.log(level, 'model_state', { ...now.details, ...facts, state: now.state, reason: now.reasonCode });
    }
  }

  #delayMs(): number {
    const failedProbes = this.#damped?.failedProbes ?? 0;
    const wasRunning = this.#damped?.snapshot.runtime.state !== 'not_running';
    const isUncertain = wasRunning && failedProbes > 0 && failedProbes < FAILED_PROBES_UNTIL_NOT_RUNNING;
    return jitteredMs(isUncertain ? RETRY_INTERVAL_MS : this.#intervalMs(), JITTER, this.#options.random());
  }

  #intervalMs(): number {
    if (this.#damped !== null && isLoading(this.#damped.snapshot)) return LOADING_INTERVAL_MS;
    return this.#options.isViewed() ? VIEWED_INTERVAL_MS : INTERVAL_MS;
  }
}

/** Whether a server is starting or a model is being loaded. */
const isLoading = ({ runtime, models }: RuntimeSnapshot): boolean =>
  runtime.state === 'starting' || models.some(({ reasonCode }) => reasonCode === 'loading');

/** The snapshot without the times of the probe, for comparison. */
const contentOf = ({ runtime, models }: RuntimeSnapshot): string =>
  JSON.stringify([{ ...runtime, checkedAtWallMs: 0 }, models.map((model) => ({ ...model, checkedAtWallMs: 0 }))]);
