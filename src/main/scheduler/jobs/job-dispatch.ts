// Assigns waiting jobs to nodes, only on events that can make an assignment possible. Invariant between two events: no waiting job suits any
// schedulable node that was tried to the end, except jobs that are held for a full node. So a queued job is tried once, and a node that can
// take more jobs is tried with the waiting ones.
import type { DispatchDecision } from '../nodes/dispatcher';
import type { Logger } from '../../platform/logger';
import type { NodeRecord } from '../lifecycle/node-record';
import type { JobTable } from './job-table';
import type { NodePool } from './node-pool';
import { NodeTrial } from './node-trial';
import { MAX_HOLD_MS } from '../dispatch/holding';
import { predictionOf, toHoldView } from '../dispatch/prediction-view';
import type { Clock } from '../../platform/clock';
import { HeldJobs, type HeldUntil } from './held-jobs';
import type { JobForecasts } from './job-forecasts';
import type { JobStats } from './job-stats';
import { expectedJobOf } from './machine/prediction';
import { jobDeadline } from './machine/job-deadline';
import { isWaiting, type JobFacts, type JobRecord, nodesThatFailed, waitingFacts } from './machine/job-record';
import { groupKey } from './machine/waiting-jobs';

export interface JobDispatchOptions {
  readonly table: Pick<JobTable, 'waiting' | 'get' | 'apply'>;
  readonly pool: {
    readonly dispatcher: Pick<NodePool['dispatcher'], 'candidate' | 'suits' | 'decide' | 'recordNoCandidate'>;
    records(): Iterable<Pick<NodeRecord, 'nodeId'>>;
    apply: NodePool['apply'];
  };
  readonly forecasts: Pick<JobForecasts, 'shapeOf' | 'assigned'>;
  readonly stats: Pick<JobStats, 'routed'>;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimer'>;
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

  readonly #held: HeldJobs;

  constructor(options: JobDispatchOptions) {
    this.#options = options;
    this.#held = new HeldJobs({
      clock: options.clock,
      maxMs: MAX_HOLD_MS,
      onDue: (jobId) => {
        this.#judgeAgain(jobId);
      },
    });
  }

  /** Whether jobs with the same requirements wait and are not held, so that there is no node for this job either. It is not in the queue. */
  hasUnserved(job: JobFacts): boolean {
    return this.#options.table.waiting.countWithSameRequirements(job) > this.#held.inGroup(groupKey(job.requirements));
  }

  /** The job has just been queued. When jobs with the same requirements wait and are not held, there is no node for it either. */
  queued(job: JobFacts): void {
    if (this.#options.isStorageFailing()) return;
    if (this.#options.table.waiting.countWithSameRequirements(job) > 1 + this.#held.inGroup(groupKey(job.requirements)))
      this.#options.pool.dispatcher.recordNoCandidate(job.jobId, job.requirements);
    else this.tryNow(job);
  }

  /** Assigns the job to the best node, or holds it for a full one if `mayHold`. Without any node returns the exclusions by reason. */
  tryNow(job: JobFacts, mayHold = true): DispatchDecision {
    const { pool, table, logger, clock, forecasts, stats } = this.#options;
    const { jobId, requirements } = job;
    const startMonotonicMs = clock.monotonicMs();
    const record = table.get(jobId);
    const heldForMs = mayHold ? this.#held.leftMs(jobId, deadlineOf(record)) : 0;
    const heldBefore = this.#held.nodeOf(jobId);
    this.#held.release(jobId);
    const decision = pool.dispatcher.decide({
      jobId,
      requirements,
      shape: forecasts.shapeOf(job),
      ...(record === undefined ? {} : { avoided: nodesThatFailed(record) }),
      hold: heldForMs > 0 ? { held: this.#held.byNode, maxMs: heldForMs } : null,
    });
    const { node, route, heldFor, turn } = decision;
    if (heldFor !== null) {
      const { nodeId, slotMs } = heldFor.full;
      this.#held.hold(jobId, { nodeId, groupKey: groupKey(requirements), why: toHoldView(heldFor.full, heldFor.free) }, heldForMs);
      if (nodeId !== heldBefore) logger.log('info', 'job_held', { job_id: jobId, node_id: nodeId, wait_ms: slotMs });
    }
    if (node === null) return decision;
    const decisionUs = Math.round((clock.monotonicMs() - startMonotonicMs) * US_PER_MS);
    const { nodeId } = node;
    forecasts.assigned(job, node, decision);
    this.#held.forget(jobId);
    if (route !== null) stats.routed(route);
    const expected = expectedJobOf(decision, startMonotonicMs);
    const { model: modelId } = job.task;
    pool.apply(nodeId, { type: 'job_assigned', jobId, modelId, turn, ...(expected === null ? {} : { expected }) });
    table.apply(jobId, { type: 'assigned', nodeId, prediction: predictionOf(decision) });
    logger.log('info', 'job_assigned', {
      job_id: jobId,
      node_id: nodeId,
      attempt: table.get(jobId)?.lastAttempt ?? null,
      required_models: requirements.requiredModels,
      candidates: decision.candidates,
      route,
      predicted_ms: expected === null ? null : Math.round(expected.endMonotonicMs - startMonotonicMs),
      decision_us: decisionUs,
    });
    return decision;
  }

  /** Null: the job is not held for a full node. */
  heldUntil(jobId: string): HeldUntil | null {
    return this.#held.of(jobId);
  }

  /** The job does not wait any more. */
  forget(jobId: string): void {
    this.#held.forget(jobId);
  }

  /** The node may be able to take a job that it could not take before. */
  tryNode(nodeId: string): void {
    this.#nodesToTry.add(nodeId);
    this.#tryNodes();
  }

  /** The node gets no jobs now, and is not full: the jobs that are held for it go to other nodes. */
  stopHoldingFor(nodeId: string): void {
    for (const jobId of [...(this.#held.byNode.get(nodeId) ?? [])]) this.#judgeAgain(jobId);
  }

  /** Tries all nodes: after a time in which events were ignored. */
  tryAllNodes(): void {
    for (const { nodeId } of this.#options.pool.records()) this.#nodesToTry.add(nodeId);
    this.#tryNodes();
  }

  /** No later turn goes on. */
  stop(): void {
    this.#hasStopped = true;
    this.#held.stop();
  }

  /** A job that was held. */
  #judgeAgain(jobId: string): void {
    this.#held.release(jobId);
    const record = this.#options.table.get(jobId);
    if (record === undefined || !isWaiting(record) || this.#hasStopped || this.#options.isStorageFailing()) return;
    this.tryNow(waitingFacts(record));
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
      return new NodeTrial({
        nodeId,
        groups: this.#options.table.waiting.groupsFor(node),
        suits: (requirements) => {
          const now = dispatcher.candidate(nodeId);
          return now !== undefined && dispatcher.suits(now, requirements);
        },
        isHeld: (jobId) => this.#held.nodeOf(jobId) !== undefined,
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
      if (job === null) return true;
      const { node, heldFor } = this.tryNow(job);
      if (heldFor !== null) trial.skip(job);
      else if (node === null) return true;
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

const deadlineOf = (record: JobRecord | undefined): number =>
  (record === undefined ? null : jobDeadline(record))?.atMonotonicMs ?? Infinity;
