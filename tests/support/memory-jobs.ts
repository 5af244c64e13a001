// Jobs in memory, by the contract of JobsPort. The test sets the outcome of each job instead of a pool.
import {
  type CancelReason,
  isTerminal,
  type JobError,
  type JobEvent,
  type JobList,
  type JobStatus,
  type JobSubmission,
  type JobView,
} from '../../src/shared/api/job';
import type { PoolFailures } from '../../src/shared/api/pool-failures';
import type { PredictionView } from '../../src/shared/api/prediction';
import { modelOfTask } from '../../src/shared/protocol/tasks';
import { fail, ok, type Result } from '../../src/shared/result';
import { resultBytes } from '../../src/main/scheduler/jobs/result-json';
import type { JobsPort, ShownJob, SubmitFailure, SubmitOptions, Submitted } from '../../src/main/scheduler/jobs/jobs-port';

/** One job, whose state the test sets. */
export class MemoryJob {
  readonly listeners = new Set<(event: JobEvent) => void>();
  view: JobView;
  cancelReason: CancelReason | null = null;
  #nextSeq = 0;

  constructor(
    jobId: string,
    readonly submission: JobSubmission,
    readonly options: SubmitOptions,
  ) {
    const { task } = submission;
    this.view = {
      job_id: jobId,
      status: 'queued',
      task: { kind: task.kind, path: task.kind === 'openai' ? task.path : null, model: modelOfTask(task), payload_bytes: 1 },
      priority: submission.priority,
      attempt: 0,
      max_attempts: submission.max_attempts,
      node_id: null,
      created_at: 1,
      started_at: null,
      finished_at: null,
      error: null,
      trace_id: options.traceId ?? 'trace',
      requirements: { required_models: [modelOfTask(task)], public: true },
      timeout_seconds: 300,
      queue_deadline_at: 60_001,
      total_deadline_at: null,
      attempts: [],
      result: null,
      waiting: null,
    };
  }

  run(nodeId = 'node-1', prediction?: PredictionView): void {
    const attempt = this.view.attempt + 1;
    const why = prediction === undefined ? {} : { prediction };
    const live = { attempt, node_id: nodeId, assigned_at: 2, started_at: 3, ended_at: null, outcome: null, error: null, ...why };
    this.#nextSeq = 0;
    this.#become({ status: 'running', attempt, node_id: nodeId, attempts: [...this.view.attempts, live] });
  }

  chunk(data: unknown, seq = this.#nextSeq): void {
    this.#nextSeq = seq + 1;
    this.#publish({ type: 'chunk', attempt: this.view.attempt, seq, data });
  }

  /** The attempt is over, and the job waits for another node. */
  lose(error: JobError = { code: 'node_lost', message: 'its node was lost', details: null }): void {
    const attempts = this.view.attempts.map((attempt) => ({ ...attempt, ended_at: 4, outcome: 'node_lost' as const, error }));
    this.#become({ status: 'queued', attempts });
  }

  succeed(output: unknown): void {
    const { attempt, node_id: nodeId } = this.view;
    const result = { attempt, node_id: nodeId ?? 'node-1', success: true, output, error: null, processing_time_ms: 5 };
    this.#become({ status: 'succeeded', result });
  }

  end(status: 'failed' | 'expired' | 'cancelled', error: JobError): void {
    this.#become({ status, error });
  }

  #become(change: Partial<JobView>): void {
    this.view = { ...this.view, ...change };
    this.#publish({ type: 'job', job: this.view });
  }

  #publish(event: JobEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

export class MemoryJobs implements JobsPort {
  readonly all: MemoryJob[] = [];
  /** The start of its ids. */
  idPrefix = 'job';
  /** Called with each new job, before its submitter learns of it. */
  onSubmit: (job: MemoryJob) => void = () => undefined;
  /** The answer to every submission, when it is not accepted. */
  refusal: SubmitFailure | null = null;

  submit(submission: JobSubmission, options: SubmitOptions): Promise<Result<Submitted, SubmitFailure>> {
    if (this.refusal !== null) return Promise.resolve(fail(this.refusal));
    const job = new MemoryJob(`${this.idPrefix}-${String(this.all.length + 1)}`, submission, options);
    this.all.push(job);
    this.onSubmit(job);
    return Promise.resolve(ok({ jobId: job.view.job_id, status: job.view.status, created: true }));
  }

  get(jobId: string): Promise<JobView | null> {
    return Promise.resolve(this.#find(jobId)?.view ?? null);
  }

  async read(jobId: string): Promise<ShownJob | null> {
    const view = await this.get(jobId);
    return view === null ? null : { view: { ...view, result: null }, result: view.result === null ? null : resultBytes(view.result) };
  }

  async getWithoutOutput(jobId: string): Promise<JobView | null> {
    const view = await this.get(jobId);
    return view === null ? null : { ...view, result: view.result === null ? null : { ...view.result, output: null } };
  }

  submitterOf(jobId: string): ReturnType<JobsPort['submitterOf']> {
    const job = this.#find(jobId);
    return Promise.resolve(job === undefined ? null : { id: job.options.submitter?.id ?? null });
  }

  resultBytes(): Promise<number> {
    return Promise.resolve(0);
  }

  failures = (): Promise<PoolFailures> => Promise.resolve({ since: 0, failed: 0, jobs: [] });

  /** No job of this store keeps its task. */
  retry(): ReturnType<JobsPort['retry']> {
    return Promise.resolve(fail({ code: 'INVALID_STATE', reason: 'payload_not_kept' }));
  }

  list(): Promise<JobList> {
    const count = (status: JobStatus): number => this.all.filter(({ view }) => view.status === status).length;
    const open = { queued: count('queued'), assigned: count('assigned'), running: count('running') };
    return Promise.resolve({ jobs: this.all.map(({ view }) => view), next_cursor: null, open });
  }

  cancel(jobId: string, reason: CancelReason): Promise<Result<JobView, 'not_found' | 'already_ended'>> {
    const job = this.#find(jobId);
    if (job === undefined) return Promise.resolve(fail('not_found'));
    if (isTerminal(job.view.status)) return Promise.resolve(fail('already_ended'));
    job.cancelReason = reason;
    job.end('cancelled', { code: 'cancelled', message: reason, details: null });
    return Promise.resolve(ok(job.view));
  }

  follow(jobId: string, listener: (event: JobEvent) => void): (() => void) | null {
    const job = this.#find(jobId);
    if (job === undefined || isTerminal(job.view.status)) return null;
    job.listeners.add(listener);
    listener({ type: 'job', job: job.view });
    return () => {
      job.listeners.delete(listener);
    };
  }

  #find(jobId: string): MemoryJob | undefined {
    return this.all.find(({ view }) => view.job_id === jobId);
  }
}
