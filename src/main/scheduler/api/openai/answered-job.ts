// The job behind an answer, as its writer sees it: in this process, or at the leader of a cluster.
import type { CancelReason, JobEvent, JobView } from '../../../../shared/api/job';
import type { Clock } from '../../../platform/clock';
import type { JobsPort } from '../../jobs/jobs-port';
import type { BusyChecks } from './busy-checks';
import { BusyWait } from './busy-wait';
import { jobFailure } from './core/job-failure';
import type { OpenAiFailure } from './core/openai-error';
import { followToEnd } from './follow-to-end';
import type { OpenAiPool } from './openai-requests';

export interface AnswerListener {
  readonly event: (event: JobEvent) => void;
  /** The job is unknown, or cannot be read. */
  readonly missing: () => void;
  /** The answer ends with this error, and the job is cancelled. */
  readonly mustEnd: (failure: OpenAiFailure, reason: CancelReason) => void;
}

export interface AnsweredJob {
  /** Calls back with the events of the job, at least its end. Returns a function that ends the calls. */
  follow(listener: AnswerListener): () => void;
  /** Has no effect on a job that has ended meanwhile. */
  cancel(reason: CancelReason): void;
  /** The error of a job that ended without success. */
  failureOf(job: JobView): OpenAiFailure;
  /** Null: no such node. */
  nodeName(nodeId: string): string | null;
}

export interface OpenJobOptions {
  readonly jobs: Pick<JobsPort, 'follow' | 'get' | 'cancel'>;
  readonly pool: Pick<OpenAiPool, 'explain' | 'nodeName'>;
  readonly clock: Clock;
  /** How long a request waits for nodes that only their owners' load keeps from it. */
  readonly busyTimeoutMs: number;
  readonly busyChecks: BusyChecks;
}

/** A job of the scheduler in this process. */
export class OpenJob implements AnsweredJob {
  readonly #options: OpenJobOptions;
  readonly #jobId: string;

  constructor(options: OpenJobOptions, jobId: string) {
    this.#options = options;
    this.#jobId = jobId;
  }

  follow({ event, missing, mustEnd }: AnswerListener): () => void {
    const busyWait = new BusyWait(this.#options, (failure) => {
      mustEnd(failure, 'pool_busy');
    });
    const take = (each: JobEvent): void => {
      if (each.type === 'job' && each.job.status === 'queued') busyWait.begin(each.job);
      else busyWait.stop();
      event(each);
    };
    const unfollow = followToEnd(this.#options.jobs, this.#jobId, take, missing);
    return () => {
      busyWait.stop();
      unfollow();
    };
  }

  cancel(reason: CancelReason): void {
    void this.#options.jobs.cancel(this.#jobId, reason);
  }

  failureOf(job: JobView): OpenAiFailure {
    return jobFailure(job, (nodeLimit) => this.#options.pool.explain(job.requirements, nodeLimit));
  }

  nodeName(nodeId: string): string | null {
    return this.#options.pool.nodeName(nodeId);
  }
}
