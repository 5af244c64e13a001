// Gives waiting jobs to nodes, on the events that could help and at no other time. Invariant between two events: no group of
// waiting jobs fits any node that could take a job now; so a queued job is tried once, and a node that opens tries what it fits.
import { suits } from '../dispatch/filters';
import type { Decision } from '../nodes/dispatcher';
import type { Logger } from '../../platform/logger';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';
import { type JobFacts, nodesThatFailed } from './machine/job-record';

export interface JobDispatchParts {
  readonly book: JobTable;
  readonly pool: NodePool;
  readonly logger: Logger;
  readonly monotonicMs: () => number;
  /** The disk takes nothing: what is not durable could not be sent, so nothing is decided. */
  readonly isStorageFailing: () => boolean;
}

const US_PER_MS = 1000;

export class JobDispatch {
  readonly #parts: JobDispatchParts;
  readonly #opened = new Set<string>();
  #isRunning = false;

  constructor(parts: JobDispatchParts) {
    this.#parts = parts;
  }

  /** It has just begun to wait. Where others that need the same wait already, there is no node for it either. */
  queued(job: JobFacts): void {
    if (this.#parts.isStorageFailing()) return;
    if (this.#parts.book.waiting.countAlike(job) > 1) this.#parts.pool.dispatcher.decidedAlike(job.jobId, job.requirements);
    else this.tryNow(job);
  }

  /** Gives the job to the best node if there is one; with the reasons if there is none. */
  tryNow(job: JobFacts): Decision {
    const { pool, book, logger, monotonicMs } = this.#parts;
    const startMs = monotonicMs();
    const record = book.get(job.jobId);
    const avoided = record === undefined ? undefined : nodesThatFailed(record);
    const decision = pool.dispatcher.decide(job.jobId, job.requirements, avoided);
    if (decision.node === null) return decision;
    const decisionUs = Math.round((monotonicMs() - startMs) * US_PER_MS);
    const { nodeId } = decision.node;
    pool.apply(nodeId, { type: 'job_assigned' });
    book.apply(job.jobId, { type: 'assigned', nodeId });
    logger.log('info', 'job_assigned', {
      job_id: job.jobId,
      node_id: nodeId,
      attempt: book.get(job.jobId)?.lastAttempt ?? null,
      required_models: job.requirements.required_models,
      candidates: decision.candidates,
      decision_us: decisionUs,
    });
    return decision;
  }

  /** A node may take a job that it could not take before. */
  opened(nodeId: string): void {
    this.#opened.add(nodeId);
    this.#run();
  }

  /** Every node that could take a job: after a pause, in which events were not acted on. */
  openedAll(): void {
    for (const { nodeId } of this.#parts.pool.registry.records()) this.#opened.add(nodeId);
    this.#run();
  }

  /** What a decision brings about may open further nodes: they take their turn. */
  #run(): void {
    if (this.#isRunning || this.#parts.isStorageFailing()) return;
    this.#isRunning = true;
    try {
      for (const nodeId of this.#opened) {
        this.#opened.delete(nodeId);
        while (this.#placeOneOn(nodeId));
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #placeOneOn(nodeId: string): boolean {
    const { pool, book } = this.#parts;
    const { registry } = pool;
    const node = registry.get(nodeId);
    if (node === undefined || !registry.candidates.has(nodeId)) return false;
    const job = book.waiting.firstFor(node, (requirements) => suits(node, requirements, registry.candidates.policy));
    return job !== null && this.tryNow(job).node !== null;
  }
}
