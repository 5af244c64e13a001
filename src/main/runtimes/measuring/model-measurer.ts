// Runs the requested benchmarks, one at a time: starts and stops them, and stores the results. core/measuring/next-measurement.ts
// decides which one runs now, core/measuring/request.ts has the requests.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { RuntimeSet } from '../runtime-set';
import type { RuntimeModel } from '../core/runtime-snapshot';
import {
  type MeasurementCandidate,
  decideMeasurement,
  type MeasurementDecision,
  mustStop,
  type RunningMeasurement,
  type Preconditions,
} from '../core/measuring/next-measurement';
import { measure } from './measure';
import type { Measured, MeasuredSubject, MeasuringError } from '../core/measuring/measurement';
import type { MeasurementStore } from './measurement-store';
import { type MeasuringRequest, requestsFor } from '../core/measuring/request';

export interface ModelMeasurerOptions {
  readonly runtimes: Pick<RuntimeSet, 'snapshot' | 'serves' | 'run'>;
  readonly store: MeasurementStore;
  /** The configuration requests every ready model with a known kind once. */
  readonly measureAll: () => boolean;
  readonly preconditions: () => Preconditions;
  /** The GPUs and drivers that a result is valid for. */
  readonly hardware: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A measurement or a model's speed changed. */
  readonly onChange: () => void;
}

/** Jobs often come one after the other. A benchmark between them could load another model and delay the next job. */
const QUIET_MS = 10_000;

interface Running extends RunningMeasurement {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

export class ModelMeasurer {
  readonly #options: ModelMeasurerOptions;
  readonly #requested = new Set<string>();
  #running: Running | null = null;
  /** When a job was last running. */
  #lastJobAtMonotonicMs = -Infinity;
  #hadJobs = false;
  #quietTimer: Timer | null = null;
  #closed = false;

  constructor(options: ModelMeasurerOptions) {
    this.#options = options;
  }

  /** Requests a benchmark, also a repeated one. Returns why it is impossible. Null: the benchmark runs as soon as the preconditions allow it. */
  request(modelId: string): 'unknown_model' | 'no_suited_request' | null {
    const model = this.#options.runtimes.snapshot().models.find(({ model: { model_id } }) => model_id === modelId);
    if (model === undefined) return 'unknown_model';
    if (this.#requestFor(model) === null) return 'no_suited_request';
    if (this.#running?.modelId !== modelId) this.#requested.add(modelId);
    this.update();
    this.#options.onChange();
    return null;
  }

  /** Models, jobs, load or requests changed: starts the next benchmark, or stops the running one. */
  update(): void {
    const { clock, preconditions } = this.#options;
    const now = preconditions();
    if (now.jobsRunning || this.#hadJobs) this.#lastJobAtMonotonicMs = clock.monotonicMs();
    this.#hadJobs = now.jobsRunning;
    if (mustStop(now)) this.interrupt();
    if (this.#closed) return;
    this.#dropUnknownRequests();
    const { next } = this.#decision();
    if (next !== null) this.#begin(next);
    if (!now.jobsRunning) this.#scheduleWhenQuiet();
  }

  /** The machine sleeps or slept: a running benchmark would be wrong. It is repeated. */
  interrupt(): void {
    this.#running?.abort.abort();
  }

  /** By model id. */
  measurements(): MeasurementDecision['measurements'] {
    return this.#decision().measurements;
  }

  /** The models with their valid speeds. */
  models(): readonly RuntimeModel[] {
    return this.#options.runtimes.snapshot().models.map((runtimeModel) => {
      const measured = this.#options.store.get(this.#subjectOf(runtimeModel));
      const speed = measured?.outcome === 'answered' ? measured.tokensPerSecond : null;
      return speed === null ? runtimeModel : { ...runtimeModel, model: { ...runtimeModel.model, tokens_per_second: speed } };
    });
  }

  /** Stops the running benchmark and starts no other. Resolves when it has stopped. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#quietTimer?.cancel();
    this.interrupt();
    await this.#running?.ended;
  }

  #decision(): MeasurementDecision {
    const { runtimes, measureAll } = this.#options;
    const candidates = runtimes.snapshot().models.map((model) => this.#candidateOf(model));
    return decideMeasurement(candidates, this.#currentPreconditions(), this.#running, measureAll());
  }

  #candidateOf(model: RuntimeModel): MeasurementCandidate {
    const { model_id: modelId } = model.model;
    return {
      modelId,
      ready: model.state === 'ready',
      measurable: this.#requestFor(model) !== null,
      kindIsGuess: model.kindIsGuess === true,
      measured: this.#options.store.get(this.#subjectOf(model)),
      requested: this.#requested.has(modelId),
    };
  }

  #begin(modelId: string): void {
    const { runtimes, clock } = this.#options;
    const model = runtimes.snapshot().models.find(({ model: { model_id } }) => model_id === modelId);
    const request = model === undefined ? null : this.#requestFor(model);
    if (model === undefined || request === null) return;
    const abort = new AbortController();
    const ended = this.#run(this.#subjectOf(model), request, abort.signal).finally(() => {
      this.#running = null;
      if (this.#closed) return;
      this.update();
      this.#options.onChange();
    });
    this.#running = { modelId, sinceWallMs: clock.wallMs(), abort, ended };
    this.#options.onChange();
  }

  /** A benchmark that was stopped has no result: its request stays. */
  async #run(subject: MeasuredSubject, request: MeasuringRequest, signal: AbortSignal): Promise<void> {
    const { runtimes, clock, logger, store } = this.#options;
    const { modelId } = subject;
    logger.log('info', 'model_measuring', { model_id: modelId, runtime: subject.runtimeId });
    const measured = await measure(request, { runtimes, clock, signal }).catch((error: unknown): Measured => {
      // A bug in one runtime must not stop the others.
      logger.log('error', 'runtime_failed', { model_id: modelId, reason: error instanceof Error ? error.name : typeof error });
      return { outcome: 'failed', code: 'internal_error' satisfies MeasuringError, message: null, measuredAtWallMs: clock.wallMs() };
    });
    if (signal.aborted) {
      logger.log('info', 'model_measuring_stopped', { model_id: modelId });
      return;
    }
    this.#requested.delete(modelId);
    store.set(subject, measured);
    logger.log('info', 'model_measured', { model_id: modelId, ...fieldsOf(measured) });
  }

  #requestFor({ model }: RuntimeModel): MeasuringRequest | null {
    return requestsFor(model.model_id, model.kind).find(({ task }) => this.#options.runtimes.serves(task)) ?? null;
  }

  #subjectOf({ model, sizeBytes, runtimeId }: RuntimeModel): MeasuredSubject {
    return { modelId: model.model_id, version: model.version, sizeBytes, runtimeId, hardware: this.#options.hardware() };
  }

  #dropUnknownRequests(): void {
    const known = new Set(this.#options.runtimes.snapshot().models.map(({ model }) => model.model_id));
    for (const modelId of this.#requested) if (!known.has(modelId)) this.#requested.delete(modelId);
  }

  #currentPreconditions(): Preconditions {
    const now = this.#options.preconditions();
    return { ...now, jobsRunning: now.jobsRunning || this.#quietInMs() > 0 };
  }

  #quietInMs(): number {
    return this.#lastJobAtMonotonicMs + QUIET_MS - this.#options.clock.monotonicMs();
  }

  #scheduleWhenQuiet(): void {
    this.#quietTimer?.cancel();
    const quietInMs = this.#quietInMs();
    if (quietInMs <= 0) return;
    this.#quietTimer = this.#options.clock.setTimer(quietInMs, () => {
      this.update();
    });
  }
}

const fieldsOf = (measured: Measured) =>
  measured.outcome === 'answered' ? { tokens_per_second: measured.tokensPerSecond, took_ms: measured.tookMs } : { code: measured.code };
