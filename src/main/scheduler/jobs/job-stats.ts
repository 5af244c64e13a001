// The counters of jobs, for `/metrics`.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AttemptOutcome, JobStatus } from '../../../shared/api/job';

const WAIT_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 3600];

export class JobStats {
  readonly #queueWait: Histogram;
  readonly #attempts: Counter<'outcome'>;
  readonly #staleResults: Counter;
  readonly #refused: Counter<'code'>;

  constructor(registry: Registry, countByStatus: () => ReadonlyMap<JobStatus, number>) {
    const registers = [registry];
    new Gauge({
      name: 'muster_jobs',
      help: 'Stored jobs, by status.',
      labelNames: ['status'],
      registers,
      collect() {
        this.reset();
        for (const [status, count] of countByStatus()) this.set({ status }, count);
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
  }

  waited(ms: number): void {
    this.#queueWait.observe(ms / 1000);
  }

  attemptEnded(outcome: AttemptOutcome): void {
    this.#attempts.inc({ outcome });
  }

  staleResult(): void {
    this.#staleResults.inc();
  }

  refused(code: string): void {
    this.#refused.inc({ code });
  }
}
