// The scheduler's pool as the rest of the program and the HTTP routes operate it: one implementation for both.
import type { Done, DrainRequest, PoolPort } from '../../contracts/ports';
import type { AppError, Outcome } from '../../../shared/api/app-api';
import type { JobsQuery } from '../../../shared/api/app-job';
import type { JobRequirements } from '../../../shared/api/dispatch';
import type { JobList, JobView } from '../../../shared/api/job';
import type { PoolEvent } from '../../../shared/api/node-view';
import { type ErrorCode, messageOf } from '../../../shared/protocol/codes';
import { fail, ok } from '../../../shared/result';
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

  drain(nodeId: string, request: DrainRequest): Promise<Done> {
    const { timeout_seconds: timeoutSeconds, reason } = request;
    const timeoutMs = timeoutSeconds === undefined ? null : timeoutSeconds * 1000;
    return this.#operate(nodeId, { type: 'drain_requested', by: 'operator', reason: reason ?? null, timeoutMs });
  }

  resume(nodeId: string): Promise<Done> {
    return this.#operate(nodeId, { type: 'resume_requested', by: 'operator' });
  }

  remove(nodeId: string): Promise<Done> {
    return this.#operate(nodeId, { type: 'removed' });
  }

  explain(requirements: JobRequirements): Promise<Outcome<ReturnType<Scheduler['explain']>>> {
    return Promise.resolve(ok(this.#scheduler.explain(requirements)));
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

  /** An operator's act is durable before it is done: impossible or not written, nothing has changed. */
  async #operate(nodeId: string, event: NodeEvent): Promise<Done> {
    const { store, logger } = this.#scheduler.parts;
    const { next, refusal } = this.#scheduler.preview(nodeId, event);
    if (refusal !== null) return refused(nodeId, refusal);
    const written = await (next === null ? store.remove(nodeId) : store.update(storedNodeFrom(next)));
    if (!written.ok) {
      logger.log('error', 'store_write_failed', { node_id: nodeId, reason: written.error.reason });
      return fail(appError('INTERNAL_ERROR', {}));
    }
    const refusedNow = this.#scheduler.apply(nodeId, event);
    if (refusedNow === null) return ok(undefined);
    // The node changed while this was written, so that the store is ahead of it.
    this.#scheduler.stateWriter.changed(nodeId);
    return refused(nodeId, refusedNow);
  }
}

function refused(nodeId: string, refusal: RefusalCode): Done {
  const details = { node_id: nodeId, reason: refusal };
  return fail(appError(refusal === 'unknown_node' ? 'NOT_FOUND' : 'INVALID_STATE', details));
}

const noSuchJob = (jobId: string) => fail(appError('NOT_FOUND', { job_id: jobId, reason: 'unknown_job' }));

const appError = (code: ErrorCode, details: AppError['details']): AppError => ({ code, message: messageOf(code), details });
