// Which node gets a job and why the others do not: the pure choice, with its log lines and what is counted over time.
import type { Exclusion, Exclusions, Explanation, JobRequirements, MissedJobs } from '../../../shared/api/dispatch';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { type Choice, choose } from '../dispatch/choose';
import { ExclusionAggregates, type ExclusionTally, tallyExclusions } from '../dispatch/exclusion-aggregates';
import { explain } from '../dispatch/explain';
import { MissedJobsLog } from '../dispatch/missed-jobs-log';
import type { DispatchPolicy } from '../dispatch/policy';
import type { Instant } from '../lifecycle/node-record';
import type { NodeRegistry } from './node-registry';
import { MissedJobsCensus } from './missed-jobs-counter';
import type { SchedulerStats } from './scheduler-stats';

/** A choice, and when nobody passed the reasons by count: the details of a `NO_AVAILABLE_NODE`. */
export interface Decision extends Choice {
  readonly reasons: ExclusionTally | null;
}

interface Parts {
  readonly startedAt: Instant;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
}

export class Dispatcher {
  readonly #registry: NodeRegistry;
  readonly #policy: DispatchPolicy;
  readonly #parts: Parts;
  readonly #aggregates: ExclusionAggregates;
  readonly #missedJobs: MissedJobsLog;
  readonly #census: MissedJobsCensus;

  constructor(registry: NodeRegistry, policy: DispatchPolicy, parts: Parts) {
    this.#registry = registry;
    this.#policy = policy;
    this.#parts = parts;
    this.#aggregates = new ExclusionAggregates(parts.startedAt.wallMs);
    this.#missedJobs = new MissedJobsLog(parts.startedAt);
    this.#census = new MissedJobsCensus(registry, parts.clock, this.#missedJobs);
  }

  /**
   * Decides for a real job. Every node that does not pass is told as passed over, with the first filter it fails: at once when nobody
   * passes, else a little later. Looking at the whole pool for the debug log is what that log costs.
   */
  decide(jobId: string, job: JobRequirements, avoided?: ReadonlySet<string>): Decision {
    const { clock, stats } = this.#parts;
    const startMs = clock.monotonicMs();
    const choice = choose(this.#registry.candidates, job, avoided);
    stats.decided(clock.monotonicMs() - startMs);
    if (choice.node === null) return { ...choice, reasons: this.#noCandidate(jobId, job) };
    this.#census.decided(job);
    if (this.#parts.logger.isEnabled('debug')) tallyExclusions(this.#registry.records(), job, this.#policy, this.#logExcluded(jobId));
    return { ...choice, reasons: null };
  }

  /**
   * A real job that waits with others that need the same: there is no node for it either. The tally is kept up to date, so that a
   * thousand such jobs do not look at the whole pool a thousand times.
   */
  decidedAlike(jobId: string, job: JobRequirements): void {
    this.#census.decided(job);
    if (this.#parts.logger.isEnabled('debug')) tallyExclusions(this.#registry.records(), job, this.#policy, this.#logExcluded(jobId));
    this.#tell(jobId, this.whyNot(job));
  }

  /** How many nodes each reason keeps from such a job. Counts and logs nothing. */
  whyNot(job: JobRequirements): ExclusionTally {
    return this.#registry.tallies.of(job, this.#registry.records());
  }

  /** `nodeLimit`: at most so many nodes are shown with every filter that they do not pass. */
  explain(job: JobRequirements, nodeLimit?: number): Explanation {
    return explain(this.#registry, job, nodeLimit);
  }

  exclusions(): Exclusions {
    return this.#aggregates.view();
  }

  resetExclusions(): void {
    this.#aggregates.reset(this.#parts.clock.wallMs());
  }

  missedJobs(nodeId: string): MissedJobs {
    const { clock } = this.#parts;
    return this.#missedJobs.view(nodeId, { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
  }

  forget(nodeId: string): void {
    this.#missedJobs.delete(nodeId);
  }

  #noCandidate(jobId: string, job: JobRequirements): ExclusionTally {
    const nowMs = this.#parts.clock.monotonicMs();
    const logExcluded = this.#logExcluded(jobId);
    const tally = tallyExclusions(this.#registry.records(), job, this.#policy, (nodeId, exclusion) => {
      this.#missedJobs.note(nodeId, exclusion, nowMs);
      logExcluded(nodeId, exclusion);
    });
    this.#tell(jobId, tally);
    return tally;
  }

  #tell(jobId: string, tally: ExclusionTally): void {
    this.#aggregates.add(tally);
    this.#parts.logger.log('warn', 'dispatch_no_candidate', { job_id: jobId, reasons: tally });
  }

  #logExcluded(jobId: string): (nodeId: string, exclusion: Exclusion) => void {
    const { logger } = this.#parts;
    if (!logger.isEnabled('debug')) return () => undefined;
    return (nodeId, { code }) => {
      logger.log('debug', 'dispatch_candidate_excluded', { job_id: jobId, node_id: nodeId, reason: code });
    };
  }
}
