// Assigns waiting jobs to nodes, only on events that can make an assignment possible. Invariant between two events: no group of waiting
// jobs suits any schedulable node that was tried to the end. So a queued job is tried once, and a node that can take more jobs is tried with
// the waiting ones.
import type { DispatchDecision } from '../nodes/dispatcher';
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';
import { NodeTrial } from './node-trial';
import { type JobFacts, nodesThatFailed } from './machine/job-record';

export interface JobDispatchOptions {
  readonly table: Pick<JobTable, 'waiting' | 'get' | 'apply'>;
  readonly pool: {
    readonly dispatcher: Pick<NodePool['dispatcher'], 'candidate' | 'suits' | 'decide' | 'recordNoCandidate'>;
    records(): Iterable<Pick<NodeRecord, 'nodeId'>>;
    apply: NodePool['apply'];
  };
  readonly logger: Logger;
  readonly monotonicMs: () => number;
  /** Writes are failing. An assignment that is not durable cannot be sent, so nothing is decided. */
  readonly isStorageFailing: () => boolean;
  /** Calls back in a later turn of the event loop. */
  readonly defer: (callback: () => void) => void;
}

const US_PER_MS = 1000;
/** Groups of waiting jobs that are judged in one turn of the event loop: about 10 ms. */
const BUDGET_PER_TURN = 4000;
/** An assignment takes as long as this number of groups. */
const COST_OF_ASSIGNMENT = 40;

export class JobDispatch {
  readonly #options: JobDispatchOptions;
  readonly #nodesToTry = new Set<string>();
  /** The node that is being tried. */
  #trial: NodeTrial | null = null;
  /** Of the budget of this turn. */
  #spent = 0;
  #isRunning = false;
  #hasStopped = false;

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

  /** No later turn goes on. */
  stop(): void {
    this.#hasStopped = true;
  }

  /**
   * A decision can make further nodes available. They are added to the set and tried in the same loop. The work of one turn of the event
   * loop is bounded. A later turn goes on, with a search that was not finished first.
   */
  #tryNodes(): void {
    if (this.#isRunning || this.#hasStopped || this.#options.isStorageFailing()) return;
    this.#isRunning = true;
    try {
      while (this.#hasBudget() && (this.#trial ??= this.#nextTrial()) !== null) if (this.#goOn(this.#trial)) this.#trial = null;
    } finally {
      this.#isRunning = false;
    }
  }

  /** The next node that can take a job. An event during its trial may help it, so it is then tried again. */
  #nextTrial(): NodeTrial | null {
    const { dispatcher } = this.#options.pool;
    for (const nodeId of this.#nodesToTry) {
      this.#nodesToTry.delete(nodeId);
      const node = dispatcher.candidate(nodeId);
      if (node === undefined) continue;
      return new NodeTrial(nodeId, this.#options.table.waiting.groupsFor(node), (requirements) => {
        const now = dispatcher.candidate(nodeId);
        return now !== undefined && dispatcher.suits(now, requirements);
      });
    }
    return null;
  }

  /** Returns whether the trial is over. */
  #goOn(trial: NodeTrial): boolean {
    const { dispatcher } = this.#options.pool;
    if (dispatcher.candidate(trial.nodeId) === undefined) return true;
    if (!trial.search(() => this.#spend(1))) return false;
    while (dispatcher.candidate(trial.nodeId) !== undefined) {
      if (!this.#spend(COST_OF_ASSIGNMENT)) return false;
      const job = trial.next();
      if (job === null || this.tryNow(job).node === null) return true;
    }
    return true;
  }

  #hasBudget(): boolean {
    return this.#spent < BUDGET_PER_TURN;
  }

  /** False: the budget of this turn is used up. The first work in a turn makes the next turn begin with a full budget. */
  #spend(cost: number): boolean {
    if (!this.#hasBudget()) return false;
    if (this.#spent === 0)
      this.#options.defer(() => {
        this.#spent = 0;
        this.#tryNodes();
      });
    this.#spent += cost;
    return true;
  }
}
