// The scheduler's pool as the rest of the program and the HTTP routes operate it: one implementation for both.
import type { Done, DrainRequest, PoolPort } from '../../contracts/ports';
import type { AppError, Outcome } from '../../../shared/api/app-api';
import type { JobsQuery } from '../../../shared/api/app-job';
import type { ExplainRequest, Explanation } from '../../../shared/api/dispatch';
import type { JobList, JobView } from '../../../shared/api/job';
import type { NodeView, PoolEvent } from '../../../shared/api/node-view';
import { type ErrorCode, messageIn } from '../../../shared/protocol/codes';
import { fail, ok, type Result } from '../../../shared/result';
import { cancelRefusal, type JobsPort } from '../jobs/jobs-port';
import type { NodeEvent, RefusalCode } from '../lifecycle/events';
import type { Scheduler } from './pool';
import { storedNodeFrom } from '../nodes/core/stored-node';

export class SchedulerPool implements PoolPort {
  readonly #scheduler: Scheduler;
  readonly #jobs: JobsPort;

  constructor(scheduler: Scheduler, jobs: JobsPort) {
    this.#scheduler = scheduler;
    this.#jobs = jobs;
  }

  subscribe(listener: (event: PoolEvent) => void): () => void {
    return this.#scheduler.events.subscribe((numbered) => {
      listener(numbered.event);
    }, null);
  }

  drain(nodeId: string, request: DrainRequest): Promise<Outcome<NodeView>> {
    const { timeout_seconds: timeoutSeconds, reason } = request;
    const timeoutMs = timeoutSeconds === undefined ? null : timeoutSeconds * 1000;
    return this.#operateOn(nodeId, { type: 'drain_requested', by: 'operator', reason: reason ?? null, timeoutMs });
  }

  resume(nodeId: string): Promise<Outcome<NodeView>> {
    return this.#operateOn(nodeId, { type: 'resume_requested', by: 'operator' });
  }

  remove(nodeId: string): Promise<Done> {
    return this.#operate(nodeId, { type: 'removed' });
  }

  explain({ node_limit: nodeLimit, ...requirements }: ExplainRequest): Promise<Outcome<Explanation>> {
    return Promise.resolve(ok(this.#scheduler.explain(requirements, nodeLimit)));
  }

  exclusions(): Promise<Outcome<ReturnType<Scheduler['exclusions']>>> {
    return Promise.resolve(ok(this.#scheduler.exclusions()));
  }

  resetExclusions(): Promise<Done> {
    this.#scheduler.dispatcher.resetExclusions();
    return Promise.resolve(ok(undefined));
  }

  jobs({ status, limit, cursor }: JobsQuery): Promise<Outcome<JobList>> {
    return Promise.resolve(ok(this.#jobs.list({ status: status ?? null, limit, cursor: cursor ?? null })));
  }

  job(jobId: string): Promise<Outcome<JobView>> {
    const job = this.#jobs.get(jobId);
    return Promise.resolve(job === null ? noSuchJob(jobId) : ok(job));
  }

  async cancelJob(jobId: string): Promise<Done> {
    const cancelled = await this.#jobs.cancel(jobId, 'requested');
    if (cancelled.ok) return ok(undefined);
    const { code, details } = cancelRefusal(jobId, cancelled.error);
    return fail(appError(code, details));
  }

  /** Returns the node after the act. */
  async #operateOn(nodeId: string, event: NodeEvent): Promise<Outcome<NodeView>> {
    const done = await this.#operate(nodeId, event);
    if (!done.ok) return done;
    const node = this.#scheduler.node(nodeId);
    return node === null ? refused(nodeId, 'unknown_node') : ok(node);
  }

  /** An operator's act is durable before it is done: impossible or not written, nothing has changed. */
  async #operate(nodeId: string, event: NodeEvent): Promise<Done> {
    const { parts, stateWriter } = this.#scheduler;
    const { store, logger } = parts;
    const preview = this.#scheduler.preview(nodeId, event);
    const { next, refusal } = preview;
    if (refusal !== null) return refused(nodeId, refusal);
    // This write contains every change that waits to be written; one after it would bring the older state back.
    const hadChanged = stateWriter.forget(nodeId);
    const written = await (next === null ? store.remove(nodeId) : store.update(storedNodeFrom(next)));
    if (!written.ok) {
      if (hadChanged) stateWriter.changed(nodeId);
      logger.log('error', 'store_write_failed', { node_id: nodeId, reason: written.error.reason });
      return fail(appError('INTERNAL_ERROR', {}));
    }
    const refusedNow = this.#scheduler.apply(nodeId, event, preview);
    return refusedNow === null ? ok(undefined) : refused(nodeId, refusedNow);
  }
}

function refused(nodeId: string, refusal: RefusalCode): Result<never, AppError> {
  const details = { node_id: nodeId, reason: refusal };
  return fail(appError(refusal === 'unknown_node' ? 'NOT_FOUND' : 'INVALID_STATE', details));
}

const noSuchJob = (jobId: string) => fail(appError('NOT_FOUND', { job_id: jobId, reason: 'unknown_job' }));

const appError = (code: ErrorCode, details: AppError['details']): AppError => ({ code, message: messageIn(code, 'en'), details });
