// Assigns waiting jobs to nodes, only on events that can make an assignment possible. Invariant between two events: no group of waiting
// jobs suits any schedulable node. So a queued job is tried once, and a node that can take more jobs is tried with the waiting ones.
import type { DispatchDecision } from '../nodes/dispatcher';
import type { Logger } from '../../platform/logger';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';
import { type JobFacts, nodesThatFailed } from './machine/job-record';

export interface JobDispatchOptions {
  readonly table: JobTable;
  readonly pool: NodePool;
  readonly logger: Logger;
  readonly monotonicMs: () => number;
  /** Writes are failing. An assignment that is not durable cannot be sent, so nothing is decided. */
  readonly isStorageFailing: () => boolean;
}

const US_PER_MS = 1000;

export class JobDispatch {
  readonly #options: JobDispatchOptions;
  readonly #nodesToTry = new Set<string>();
  #isRunning = false;

  constructor(options: JobDispatchOptions) {
    this.#options = options;
  }

  /** The job has just been queued. When jobs with the same requirements already wait, there is no node for it either. */
  queued(job: JobFacts): void {
    if (this.#options.isStorageFailing()) return;
    if (this.#options.table.waiting.countWithSameRequirements(job) > 1)
      this.#options.pool.dispatcher.recordNoCandidate(job.jobId, job.requirements);
    else this.tryNow(job);
  }

  /** Assigns the job to the best node. Without a node returns the exclusions by reason. */
  tryNow(job: JobFacts): DispatchDecision {
    const { pool, table, logger, monotonicMs } = this.#options;
    const startMonotonicMs = monotonicMs();
    const record = table.get(job.jobId);
    const avoided = record === undefined ? undefined : nodesThatFailed(record);
    const decision = pool.dispatcher.decide(job.jobId, job.requirements, avoided);
    if (decision.node === null) return decision;
    const decisionUs = Math.round((monotonicMs() - startMonotonicMs) * US_PER_MS);
    const { nodeId } = decision.node;
    pool.apply(nodeId, { type: 'job_assigned', jobId: job.jobId, modelId: job.task.model, turn: decision.turn });
    table.apply(job.jobId, { type: 'assigned', nodeId });
    logger.log('info', 'job_assigned', {
      job_id: job.jobId,
      node_id: nodeId,
      attempt: table.get(job.jobId)?.lastAttempt ?? null,
      required_models: job.requirements.requiredModels,
      candidates: decision.candidates,
      decision_us: decisionUs,
    });
    return decision;
  }

  /** The node may be able to take a job that it could not take before. */
  tryNode(nodeId: string): void {
    this.#nodesToTry.add(nodeId);
    this.#tryNodes();
  }

  /** Tries all nodes: after a time in which events were ignored. */
  tryAllNodes(): void {
    for (const { nodeId } of this.#options.pool.records()) this.#nodesToTry.add(nodeId);
    this.#tryNodes();
  }

  /** A decision can make further nodes available. They are added to the set and tried in the same loop. */
  #tryNodes(): void {
    if (this.#isRunning || this.#options.isStorageFailing()) return;
    this.#isRunning = true;
    try {
      for (const nodeId of this.#nodesToTry) {
        this.#nodesToTry.delete(nodeId);
        while (this.#assignOneTo(nodeId));
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #assignOneTo(nodeId: string): boolean {
    const { pool, table } = this.#options;
    const node = pool.dispatcher.candidate(nodeId);
    if (node === undefined) return false;
    const job = table.waiting.firstFor(node, (requirements) => pool.dispatcher.suits(node, requirements));
    return job !== null && this.tryNow(job).node !== null;
  }
}
