// Measures the models of this machine, one at a time, on their owner's wish. Whether now is decided in decide-mapping, what is
// asked in request-mapping; here it is begun, stopped and remembered.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { RuntimeSet } from '../runtime-set';
import type { RuntimeModel } from '../core/runtime-snapshot';
import { type Candidate, decide, type Decision, mustGiveWay, type RunningMeasurement, type Surroundings } from '../core/measuring/next-measurement';
import { measure } from './measure';
import type { Measured, MeasuredSubject, MeasuringError } from '../core/measuring/measurement';
import type { MeasurementStore } from './measurement-store';
import { type MeasuringRequest, requestsFor } from '../core/measuring/request';

export interface ModelMeasurerOptions {
  readonly runtimes: Pick<RuntimeSet, 'seen' | 'serves' | 'run'>;
  readonly store: MeasurementStore;
  /** The configuration's wish: every ready model whose kind is told, once. */
  readonly measureAll: boolean;
  readonly surroundings: () => Surroundings;
  /** The GPUs and drivers that a figure counts for. */
  readonly hardware: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something to show or tell is new. */
  readonly onChange: () => void;
}

/** Jobs often come one after the other: none is kept waiting by a model that was loaded in between. */
const QUIET_MS = 10_000;

interface Running extends RunningMeasurement {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

export class ModelMeasurer {
  private readonly options: ModelMeasurerOptions;
  private readonly wishes = new Set<string>();
  private running: Running | null = null;
  /** When the last of this machine's jobs ended, as far as it was seen; monotonic ms. */
  private lastJobAtMs = -Infinity;
  private jobsRan = false;
  private quietTimer: Timer | null = null;
  private closed = false;

  constructor(options: ModelMeasurerOptions) {
    this.options = options;
  }

  /** The owner wants this model measured, also again. Why it cannot be; null: it will be, as soon as nothing is in the way. */
  wish(modelId: string): 'unknown_model' | 'no_suited_request' | null {
    const model = this.options.runtimes.seen().models.find(({ model: { model_id } }) => model_id === modelId);
    if (model === undefined) return 'unknown_model';
    if (this.requestFor(model) === null) return 'no_suited_request';
    if (this.running?.modelId !== modelId) this.wishes.add(modelId);
    this.consider();
    this.options.onChange();
    return null;
  }

  /** Models, jobs, load or the owner's wishes changed: a measurement begins, or what runs gives way. */
  consider(): void {
    const { clock, surroundings } = this.options;
    const now = surroundings();
    if (now.jobsRunning || this.jobsRan) this.lastJobAtMs = clock.monotonicMs();
    this.jobsRan = now.jobsRunning;
    if (mustGiveWay(now)) this.interrupt();
    if (this.closed) return;
    this.forgetVainWishes();
    const { next } = this.decision();
    if (next !== null) this.begin(next);
    if (!now.jobsRunning) this.wakeWhenQuiet();
  }

  /** The machine sleeps or slept: what runs would be measured wrong. It is tried again. */
  interrupt(): void {
    this.running?.abort.abort();
  }

  /** By model id. */
  measurements(): Decision['measurements'] {
    return this.decision().measurements;
  }

  /** The models with the speeds that hold for them now. */
  models(): readonly RuntimeModel[] {
    return this.options.runtimes.seen().models.map((seen) => {
      const measured = this.options.store.get(this.subjectOf(seen));
      const speed = measured?.outcome === 'answered' ? measured.tokensPerSecond : null;
      return speed === null ? seen : { ...seen, model: { ...seen.model, tokens_per_second: speed } };
    });
  }

  /** Stops what runs, and begins nothing any more. Resolves when it has stopped. */
  async close(): Promise<void> {
    this.closed = true;
    this.quietTimer?.cancel();
    this.interrupt();
    await this.running?.ended;
  }

  private decision(): Decision {
    const { runtimes, measureAll } = this.options;
    const candidates = runtimes.seen().models.map((model) => this.candidateOf(model));
    return decide(candidates, this.quietSurroundings(), this.running, measureAll);
  }

  private candidateOf(model: RuntimeModel): Candidate {
    const { model_id: modelId } = model.model;
    return {
      modelId,
      ready: model.state === 'ready',
      measurable: this.requestFor(model) !== null,
      kindIsGuess: model.kindIsGuess === true,
      measured: this.options.store.get(this.subjectOf(model)),
      wished: this.wishes.has(modelId),
    };
  }

  private begin(modelId: string): void {
    const { runtimes, clock } = this.options;
    const model = runtimes.seen().models.find(({ model: { model_id } }) => model_id === modelId);
    const request = model === undefined ? null : this.requestFor(model);
    if (model === undefined || request === null) return;
    const abort = new AbortController();
    const ended = this.run(this.subjectOf(model), request, abort.signal).finally(() => {
      this.running = null;
      if (this.closed) return;
      this.consider();
      this.options.onChange();
    });
    this.running = { modelId, sinceMs: clock.wallMs(), abort, ended };
    this.options.onChange();
  }

  /** What was stopped midway tells nothing: the wish stays. */
  private async run(subject: MeasuredSubject, request: MeasuringRequest, signal: AbortSignal): Promise<void> {
    const { runtimes, clock, logger, store } = this.options;
    const { modelId } = subject;
    logger.log('info', 'model_measuring', { model_id: modelId, runtime: subject.runtimeId });
    const measured = await measure(request, { runtimes, clock, signal }).catch((error: unknown): Measured => {
      // A bug of that runtime: the others go on.
      logger.log('error', 'runtime_failed', { model_id: modelId, reason: error instanceof Error ? error.name : typeof error });
      return { outcome: 'failed', code: 'internal_error' satisfies MeasuringError, message: null, measuredAtMs: clock.wallMs() };
    });
    if (signal.aborted) {
      logger.log('info', 'model_measuring_stopped', { model_id: modelId });
      return;
    }
    this.wishes.delete(modelId);
    store.set(subject, measured);
    logger.log('info', 'model_measured', { model_id: modelId, ...fieldsOf(measured) });
  }

  private requestFor({ model }: RuntimeModel): MeasuringRequest | null {
    return requestsFor(model.model_id, model.kind).find(({ task }) => this.options.runtimes.serves(task)) ?? null;
  }

  private subjectOf({ model, sizeBytes, runtimeId }: RuntimeModel): MeasuredSubject {
    return { modelId: model.model_id, version: model.version, sizeBytes, runtimeId, hardware: this.options.hardware() };
  }

  private forgetVainWishes(): void {
    const known = new Set(this.options.runtimes.seen().models.map(({ model }) => model.model_id));
    for (const modelId of this.wishes) if (!known.has(modelId)) this.wishes.delete(modelId);
  }

  private quietSurroundings(): Surroundings {
    const now = this.options.surroundings();
    return { ...now, jobsRunning: now.jobsRunning || this.quietInMs() > 0 };
  }

  private quietInMs(): number {
    return this.lastJobAtMs + QUIET_MS - this.options.clock.monotonicMs();
  }

  private wakeWhenQuiet(): void {
    this.quietTimer?.cancel();
    const quietInMs = this.quietInMs();
    if (quietInMs <= 0) return;
    this.quietTimer = this.options.clock.setTimer(quietInMs, () => {
      this.consider();
    });
  }
}

const fieldsOf = (measured: Measured) =>
  measured.outcome === 'answered' ? { tokens_per_second: measured.tokensPerSecond, took_ms: measured.tookMs } : { code: measured.code };
