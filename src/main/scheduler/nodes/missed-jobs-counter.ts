// Tells the nodes that a decision passed over, off the decision's own path, and each by the record that it had at the decision: a node
// is told before it changes in a way that a job could see, and whoever does not is told shortly after, some nodes at a time. A
// decision itself costs what its candidates cost. Only when more is untold than may be kept, it asks the whole pool at once.
import type { JobRequirements } from '../../../shared/api/dispatch';
import type { Clock } from '../../platform/clock';
import { firstExclusion } from '../dispatch/filters';
import { hasSameDispatchOutcome } from '../dispatch/judged-alike';
import type { MissedJobsLog } from '../dispatch/missed-jobs-log';
import { PendingDecisions, type PendingLimits } from '../dispatch/pending-decisions';
import type { NodeRecord } from '../lifecycle/node-record';
import type { NodeRegistry } from './node-registry';

const GATHER_MS = 500;
/** Between two bites the event loop serves others. */
const PAUSE_MS = 5;

export interface CensusLimits extends PendingLimits {
  readonly checksPerBite: number;
}

/** A hundred thousand numbers are less than a megabyte, and more than a thousand decisions a second while the largest pool is told. */
const LIMITS: CensusLimits = { needs: 256, decisions: 100_000, checksPerBite: 1000 };

/** Everybody is told of the decisions up to one. */
interface Round {
  readonly upTo: number;
  readonly nodeIds: readonly string[];
  next: number;
}

export class MissedJobsCensus {
  readonly #registry: NodeRegistry;
  readonly #clock: Clock;
  readonly #log: MissedJobsLog;
  readonly #limits: CensusLimits;
  readonly #pending: PendingDecisions;
  #round: Round | null = null;
  #isSet = false;

  constructor(registry: NodeRegistry, clock: Clock, log: MissedJobsLog, limits = LIMITS) {
    this.#registry = registry;
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#pending = new PendingDecisions(limits);
    registry.beforeChange((previous, next) => {
      this.#changing(previous, next);
    });
  }

  /**
   * A job was decided for, and no record has changed since. Who got it need not be said: by the record that it had it passes every
   * filter, so it is not passed over.
   */
  decided(job: JobRequirements): void {
    const nowMs = this.#clock.monotonicMs();
    if (job.node_id !== undefined) {
      const wanted = this.#registry.get(job.node_id);
      if (wanted !== undefined) this.#judge(wanted, job, nowMs, 1);
    } else if (this.#pending.add(job, nowMs)) this.#wake(GATHER_MS);
    else for (const record of this.#registry.records()) this.#judge(record, job, nowMs, 1);
  }

  #changing(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (next === null || this.#pending.needs === 0) return;
    if (previous === null) this.#pending.take(next.nodeId);
    else if (!hasSameDispatchOutcome(previous, next, this.#registry.candidates.policy)) this.#tell(previous);
  }

  #tell(record: NodeRecord): void {
    for (const { job, times, newestMs } of this.#pending.take(record.nodeId)) this.#judge(record, job, newestMs, times);
  }

  #judge(record: NodeRecord, job: JobRequirements, atMs: number, times: number): void {
    const exclusion = firstExclusion(record, job, this.#registry.candidates.policy);
    if (exclusion !== null) this.#log.note(record.nodeId, exclusion, atMs, times);
  }

  #wake(delayMs: number): void {
    if (this.#isSet) return;
    this.#isSet = true;
    this.#clock.setTimer(delayMs, () => {
      this.#isSet = false;
      this.#bite();
    });
  }

  #bite(): void {
    const round = (this.#round ??= this.#begin());
    const end = Math.min(round.nodeIds.length, round.next + Math.ceil(this.#limits.checksPerBite / this.#pending.needs));
    for (const nodeId of round.nodeIds.slice(round.next, end)) {
      const record = this.#registry.get(nodeId);
      if (record !== undefined) this.#tell(record);
    }
    round.next = end;
    if (end < round.nodeIds.length) {
      this.#wake(PAUSE_MS);
      return;
    }
    this.#round = null;
    this.#pending.drop(round.upTo);
    if (this.#pending.needs > 0) this.#wake(GATHER_MS);
  }

  #begin(): Round {
    return { upTo: this.#pending.newest, nodeIds: Array.from(this.#registry.records(), ({ nodeId }) => nodeId), next: 0 };
  }
}
