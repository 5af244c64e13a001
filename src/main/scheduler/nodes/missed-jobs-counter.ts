// Counts missed jobs for the nodes that a decision excluded. Counting happens after the decision, in batches, so that a decision costs
// no more than its candidates. Each node is counted with the record and the policy of the decision: before a change that can matter to a
// job, else within the next batches. When too many decisions are pending, the decision is counted for the whole pool at once, which takes
// about 1 ms for 1,000 nodes.
import type { Clock } from '../../platform/clock';
import { firstExclusion, firstExclusionCode } from '../dispatch/filters';
import type { MissedJobsLog } from '../dispatch/missed-jobs-log';
import { PendingDecisions, type PendingLimits } from '../dispatch/pending-decisions';
import { hasSameDispatchOutcome } from '../dispatch/requeue-hint';
import type { NodeRecord } from '../lifecycle/node-record';
import type { ChangeListener, NodeRegistry } from './node-registry';
import type { JobRequirements } from '../dispatch/job-requirements';

const COLLECT_MS = 500;
/** Between two batches the event loop handles other events. */
const PAUSE_MS = 5;

export interface MissedJobsLimits extends PendingLimits {
  readonly checksPerBatch: number;
}

/** 100,000 numbers take less than a megabyte. They allow 1,000 decisions a second while the largest pool is counted. */
const LIMITS: MissedJobsLimits = { groups: 256, decisions: 100_000, checksPerBatch: 1000 };

/** Counts the decisions up to one number for every node. */
interface Round {
  readonly upTo: number;
  readonly nodeIds: readonly string[];
  next: number;
}

export class MissedJobsCounter implements ChangeListener {
  readonly #registry: NodeRegistry;
  readonly #clock: Clock;
  readonly #log: MissedJobsLog;
  readonly #limits: MissedJobsLimits;
  readonly #pending: PendingDecisions;
  #round: Round | null = null;
  #isScheduled = false;

  constructor(registry: NodeRegistry, clock: Clock, log: MissedJobsLog, limits = LIMITS) {
    this.#registry = registry;
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#pending = new PendingDecisions(limits);
    registry.listen(this);
  }

  /**
   * A decision for a job. Must be called before a record changes. The chosen node needs no exception: it passes every filter with its
   * record, so it has not missed the job.
   */
  decided(job: JobRequirements): void {
    const nowMonotonicMs = this.#clock.monotonicMs();
    if (job.nodeId !== undefined) {
      const wanted = this.#registry.get(job.nodeId);
      if (wanted !== undefined) this.#check(wanted, job, nowMonotonicMs, 1);
    } else if (this.#pending.add(job, nowMonotonicMs)) this.#schedule(COLLECT_MS);
    else for (const record of this.#registry.records()) this.#check(record, job, nowMonotonicMs, 1);
  }

  beforeChange(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (next === null || this.#pending.groups === 0) return;
    if (previous === null) this.#pending.take(next.nodeId);
    else if (!hasSameDispatchOutcome(previous, next, this.#registry.candidates.policy)) this.#count(previous);
  }

  /** The policy decides nothing about an offline node, and changes only while at most two nodes are not offline. */
  beforePolicyChange(): void {
    if (this.#pending.groups === 0) return;
    for (const record of this.#registry.records()) if (record.status !== 'offline') this.#count(record);
  }

  #count(record: NodeRecord): void {
    for (const { job, times, newestMonotonicMs } of this.#pending.take(record.nodeId)) this.#check(record, job, newestMonotonicMs, times);
  }

  #check(record: NodeRecord, job: JobRequirements, atMonotonicMs: number, times: number): void {
    const { policy } = this.#registry.candidates;
    const code = firstExclusionCode(record, job, policy);
    if (code === null) return;
    this.#log.note(record.nodeId, { code, job, details: () => firstExclusion(record, job, policy) }, atMonotonicMs, times);
  }

  #schedule(delayMs: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.setTimer(delayMs, () => {
      this.#isScheduled = false;
      this.#processBatch();
    });
  }

  #processBatch(): void {
    const round = (this.#round ??= this.#startRound());
    const end = Math.min(round.nodeIds.length, round.next + Math.ceil(this.#limits.checksPerBatch / this.#pending.groups));
    for (const nodeId of round.nodeIds.slice(round.next, end)) {
      const record = this.#registry.get(nodeId);
      if (record !== undefined) this.#count(record);
    }
    round.next = end;
    if (end < round.nodeIds.length) {
      this.#schedule(PAUSE_MS);
      return;
    }
    this.#round = null;
    this.#pending.drop(round.upTo);
    if (this.#pending.groups > 0) this.#schedule(COLLECT_MS);
  }

  #startRound(): Round {
    return { upTo: this.#pending.newest, nodeIds: Array.from(this.#registry.records(), ({ nodeId }) => nodeId), next: 0 };
  }
}
