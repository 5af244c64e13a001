// The counters of jobs, for `/metrics`.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AttemptOutcome, JobStatus } from '../../../shared/api/job';
import type { Route } from '../../../shared/api/prediction';
import type { CountedTokens } from '../dispatch/prediction/counted-tokens';
import { predictedMs } from '../dispatch/prediction/cost';
import type { ForecastNode } from '../dispatch/prediction/forecast';
import { NodeOutput } from './node-output';
import { gpuMsOf } from './machine/gpu-time';
import type { Attempt, JobRecord } from './machine/job-record';
import { RecentWork } from './recent-work';

/** A job that succeeded. Null: not known. */
export interface MeasuredJob {
  readonly model: string;
  readonly elapsedMs: number;
  readonly firstTokenMs: number | null;
  readonly forecast: ForecastNode | null;
}

/** Model ids come from nodes: later models count as `other`. */
const MAX_MODEL_LABELS = 50;
const OTHER_MODELS = 'other';
const ERROR_BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5];
const FIRST_TOKEN_BUCKETS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120];
const WAIT_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 3600];

export class JobStats {
  /** For the history of the pool. */
  readonly recent = new RecentWork();
  readonly nodeOutput = new NodeOutput();
  readonly #queueWait: Histogram;
  readonly #attempts: Counter<'outcome'>;
  readonly #staleResults: Counter;
  readonly #refused: Counter<'code'>;
  readonly #routes: Counter<'route'>;
  readonly #predictionError: Histogram;
  readonly #firstToken: Histogram<'model'>;
  readonly #tokens: Counter<'model' | 'type'>;
  readonly #requests: Counter<'model' | 'outcome'>;
  readonly #gpuSeconds: Counter<'model'>;
  readonly #models = new Set<string>();

  constructor(registry: Registry, countByStatus: () => Promise<ReadonlyMap<JobStatus, number>>) {
    const registers = [registry];
    new Gauge({
      name: 'muster_jobs',
      help: 'Stored jobs, by status.',
      labelNames: ['status'],
      registers,
      async collect() {
        const counts = await countByStatus();
        this.reset();
        for (const [status, count] of counts) this.set({ status }, count);
      },
    });
    const help = 'Time from entering the queue to the assignment.';
    this.#queueWait = new Histogram({ name: 'muster_job_queue_wait_seconds', help, buckets: WAIT_BUCKETS_SECONDS, registers });
    this.#attempts = new Counter({
      name: 'muster_job_attempts_total',
      help: 'Attempts that ended, by outcome.',
      labelNames: ['outcome'],
      registers,
    });
    this.#staleResults = new Counter({
      name: 'muster_stale_results_total',
      help: 'Results that changed nothing: repeated, or of an older attempt.',
      registers,
    });
    this.#refused = new Counter({
      name: 'muster_jobs_refused_total',
      help: 'Submissions that were refused, by code.',
      labelNames: ['code'],
      registers,
    });
    this.#routes = new Counter({
      name: 'muster_route_decisions_total',
      help: 'Nodes that were chosen for a job, by how they were chosen.',
      labelNames: ['route'],
      registers,
    });
    this.#predictionError = new Histogram({
      name: 'muster_prediction_error_ratio',
      help: 'Difference between the predicted and the measured duration of a job, divided by the measured one.',
      buckets: ERROR_BUCKETS,
      registers,
    });
    this.#firstToken = new Histogram({
      name: 'muster_first_token_seconds',
      help: 'Time from the assignment of a job to the first part of its answer, by model.',
      labelNames: ['model'],
      buckets: FIRST_TOKEN_BUCKETS_SECONDS,
      registers,
    });
    this.#tokens = new Counter({
      name: 'muster_tokens_total',
      help: 'Tokens of jobs that ended, by model. Prompt tokens include cached ones. Models without a successful job count as other.',
      labelNames: ['model', 'type'],
      registers,
    });
    this.#requests = new Counter({
      name: 'muster_requests_total',
      help: 'Jobs that ended, by model and outcome. Models without a successful job count as other.',
      labelNames: ['model', 'outcome'],
      registers,
    });
    this.#gpuSeconds = new Counter({
      name: 'muster_gpu_seconds_total',
      help: 'Time that nodes worked on attempts, by model. Attempts beside each other add up.',
      labelNames: ['model'],
      registers,
    });
  }

  routed(route: Route): void {
    this.#routes.inc({ route });
  }

  measured({ model, elapsedMs, firstTokenMs, forecast }: MeasuredJob): void {
    const label = this.#labelOf(model);
    // The figures of other nodes are not a prediction of a node that has not run the model.
    if (forecast?.isTried === true && elapsedMs > 0)
      this.#predictionError.observe(Math.abs(predictedMs(forecast.terms) - elapsedMs) / elapsedMs);
    if (firstTokenMs !== null) this.#firstToken.observe({ model: label }, firstTokenMs / 1000);
  }

  /** `tokens`: as the usage of the pool counts them. Null: none. */
  jobEnded({ facts, status }: JobRecord, tokens: CountedTokens | null): void {
    this.recent.jobEnded();
    const model = this.#knownLabelOf(facts.task.model);
    this.#requests.inc({ model, outcome: status });
    if (tokens === null) return;
    this.#tokens.inc({ model, type: 'prompt' }, tokens.prompt);
    this.#tokens.inc({ model, type: 'cached' }, tokens.cached);
    this.#tokens.inc({ model, type: 'output' }, tokens.output);
  }

  worked(model: string, attempt: Attempt): void {
    this.#gpuSeconds.inc({ model: this.#knownLabelOf(model) }, gpuMsOf(attempt) / 1000);
  }

  /** The names of models in requests come from clients, so they make no labels. */
  #knownLabelOf(model: string): string {
    return this.#models.has(model) ? model : OTHER_MODELS;
  }

  #labelOf(model: string): string {
    if (this.#models.size < MAX_MODEL_LABELS) this.#models.add(model);
    return this.#models.has(model) ? model : OTHER_MODELS;
  }

  waited(ms: number): void {
    this.#queueWait.observe(ms / 1000);
  }

  attemptEnded(outcome: AttemptOutcome, nodeId: string): void {
    this.#attempts.inc({ outcome });
    this.recent.attemptEnded(outcome, nodeId);
  }

  staleResult(): void {
    this.#staleResults.inc();
  }

  refused(code: string): void {
    this.#refused.inc({ code });
  }
}
