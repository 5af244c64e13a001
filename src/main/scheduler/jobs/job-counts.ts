// What attempts and jobs that ended count as: in the metrics, the usage of the pool (ADR 0048) and the limits of keys (ADR 0047). All three get
// the job in the same turn of the event loop, with the same tokens.
import { totalOf } from '../dispatch/prediction/counted-tokens';
import type { JobForecasts } from './job-forecasts';
import type { JobMeter } from './job-meter';
import type { JobStats } from './job-stats';
import type { JobUsage } from './job-usage';
import type { JobRecord } from './machine/job-record';

interface JobCountsOptions {
  readonly stats: Pick<JobStats, 'attemptEnded' | 'worked' | 'jobEnded'>;
  readonly forecasts: Pick<JobForecasts, 'attemptEnded' | 'tokensOf' | 'forget'>;
  /** Undefined: use is not counted. */
  readonly usage: JobUsage | undefined;
  readonly meter: JobMeter;
}

export class JobCounts {
  readonly #options: JobCountsOptions;

  constructor(options: JobCountsOptions) {
    this.#options = options;
  }

  /** The job may be assigned again. */
  attemptEnded({ facts, attempts }: JobRecord): void {
    const { stats, forecasts, usage } = this.#options;
    forecasts.attemptEnded(facts.jobId);
    const last = attempts.at(-1);
    if (last === undefined || last.outcome === null) return;
    stats.attemptEnded(last.outcome, last.nodeId);
    stats.worked(facts.task.model, last);
    usage?.attemptEnded(facts, last, forecasts.tokensOf(facts.jobId));
  }

  jobEnded(record: JobRecord): void {
    const { stats, forecasts, usage, meter } = this.#options;
    const { jobId } = record.facts;
    const tokens = forecasts.tokensOf(jobId);
    stats.jobEnded(record, tokens);
    usage?.jobEnded(record, tokens);
    meter.ended(jobId, totalOf(tokens));
    forecasts.forget(jobId);
  }

  /** The job could not be stored, so it counts as nothing. */
  refused(jobId: string): void {
    this.#options.meter.ended(jobId, 0);
    this.#options.forecasts.forget(jobId);
  }
}
