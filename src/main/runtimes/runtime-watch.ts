// Looks at one runtime again and again: one look at a time, more often when somebody watches, soon again after a miss.
// What a look means is decided in settle-mapping.
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { modelChanges } from './core/model-changes';
import type { Runtime, RuntimeSnapshot } from './runtime';
import { MISSES_UNTIL_NOT_RUNNING, type Settled, settle } from './core/hysteresis';

const WATCHED_INTERVAL_MS = 5000;
const INTERVAL_MS = 15_000;
/** A program that died is known as such within seconds, not after three whole intervals. */
const AFTER_MISS_MS = 1000;
/** What is being loaded is ready soon: the pool should know it then. */
const LOADING_INTERVAL_MS = 2000;
/** Up to this share is added or taken, so that runtimes and nodes are not looked at in step. */
const JITTER = 0.1;

export interface RuntimeWatchOptions {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly isWatched: () => boolean;
  /** A look found something else than the one before. */
  readonly onChange: () => void;
}

export class RuntimeWatch {
  readonly runtime: Runtime;
  private settled: Settled | null = null;
  private looking: Promise<void> | null = null;
  private timer: Timer | null = null;
  private stopped = false;
  private stopListening: (() => void) | null = null;

  constructor(private readonly options: RuntimeWatchOptions) {
    this.runtime = options.runtime;
  }

  /** Null before the first look. */
  snapshot(): RuntimeSnapshot | null {
    return this.settled?.snapshot ?? null;
  }

  /** Resolves after the first look. A watch that was stopped stays so. */
  async start(): Promise<void> {
    if (this.stopped) return;
    this.stopListening = this.runtime.onChange?.(() => void this.lookAgain()) ?? null;
    await this.lookAgain();
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.stopListening?.();
  }

  /** Looks now, after the look under way: what changed before the call is seen. */
  async lookAgain(): Promise<void> {
    await this.looking;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    await this.looking;
  }

  private async look(): Promise<void> {
    this.timer?.cancel();
    try {
      this.take(await this.runtime.discover());
    } catch (cause) {
      // A bug of that runtime: the others go on.
      this.options.logger.log('error', 'runtime_look_failed', {
        runtime: this.runtime.id,
        reason: cause instanceof Error ? cause.message : String(cause),
      });
    }
    this.timer?.cancel();
    if (this.stopped) return;
    this.timer = this.options.clock.setTimer(this.delayMs(), () => void this.lookAgain());
  }

  private take(found: RuntimeSnapshot): void {
    const before = this.settled;
    this.settled = settle(before, found);
    const { snapshot } = this.settled;
    if (before !== null && essence(before.snapshot) === essence(snapshot)) return;
    this.logChanges(before?.snapshot ?? null, snapshot);
    this.options.onChange();
  }

  private logChanges(before: RuntimeSnapshot | null, { runtime, models }: RuntimeSnapshot): void {
    const { logger } = this.options;
    const { state, reasonCode: reason, flavour } = runtime;
    // That nobody is at a usual address is no news.
    const isNoNews = before === null && state === 'not_running';
    if (state !== before?.runtime.state)
      logger.log(isNoNews ? 'debug' : 'info', 'runtime_state', { runtime: runtime.id, flavour, state, reason });
    for (const { modelId, now } of modelChanges(before?.models ?? [], models)) {
      const facts = { model_id: modelId, runtime: runtime.id };
      if (now === null) logger.log('info', 'model_gone', facts);
      else logger.log('info', 'model_state', { ...now.details, ...facts, state: now.state, reason: now.reasonCode });
    }
  }

  private delayMs(): number {
    const misses = this.settled?.misses ?? 0;
    const wasThere = this.settled?.snapshot.runtime.state !== 'not_running';
    const unsure = wasThere && misses > 0 && misses < MISSES_UNTIL_NOT_RUNNING;
    return Math.round((unsure ? AFTER_MISS_MS : this.intervalMs()) * (1 + JITTER * (2 * this.options.random() - 1)));
  }

  private intervalMs(): number {
    if (this.settled !== null && isLoading(this.settled.snapshot)) return LOADING_INTERVAL_MS;
    return this.options.isWatched() ? WATCHED_INTERVAL_MS : INTERVAL_MS;
  }
}

/** Whether something is on its way that the next look may find ready. */
const isLoading = ({ runtime, models }: RuntimeSnapshot): boolean =>
  runtime.state === 'starting' || models.some(({ reasonCode }) => reasonCode === 'loading');

/** What a look found, without when it looked. */
const essence = ({ runtime, models }: RuntimeSnapshot): string =>
  JSON.stringify([{ ...runtime, checkedAtMs: 0 }, models.map((model) => ({ ...model, checkedAtMs: 0 }))]);
