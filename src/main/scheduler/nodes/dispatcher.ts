// Dispatch with its side effects: chooses a node, writes log lines, counts exclusions and missed jobs.
import type { Exclusion, Exclusions, Explanation, MissedJobs } from '../../../shared/api/dispatch';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { type Choice, choose } from '../dispatch/choose';
import { ExclusionAggregates, type ExclusionTally, isServedWhenIdle, tallyExclusions } from '../dispatch/exclusion-aggregates';
import { explain } from '../dispatch/explain';
import { suits } from '../dispatch/filters';
import { MissedJobsLog } from '../dispatch/missed-jobs-log';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import type { NodeRegistry } from './node-registry';
import { MissedJobsCounter } from './missed-jobs-counter';
import type { SchedulerStats } from './scheduler-stats';
import type { JobRequirements } from '../dispatch/job-requirements';

/** A choice. When no node passed, the exclusions by reason: the details of the error `NO_AVAILABLE_NODE`. */
export interface DispatchDecision extends Choice {
  /** The turn of the node after the job is assigned to it; 0 without a node. */
  readonly turn: number;
  readonly reasons: ExclusionTally | null;
}

interface DispatcherOptions {
  readonly startedAt: Instant;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
}

export class Dispatcher {
  readonly #registry: NodeRegistry;
  readonly #options: DispatcherOptions;
  readonly #aggregates: ExclusionAggregates;
  readonly #missedJobsLog: MissedJobsLog;
  readonly #missedJobsCounter: MissedJobsCounter;

  constructor(registry: NodeRegistry, options: DispatcherOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#aggregates = new ExclusionAggregates(options.startedAt.wallMs);
    this.#missedJobsLog = new MissedJobsLog(options.startedAt);
    this.#missedJobsCounter = new MissedJobsCounter(registry, options.clock, this.#missedJobsLog);
  }

  /** The record of a schedulable node. */
  candidate(nodeId: string): NodeRecord | undefined {
    return this.#registry.candidates.has(nodeId) ? this.#registry.get(nodeId) : undefined;
  }

  /** Whether a schedulable node can get this job. For a busy node: whether only its load keeps the job away. */
  suits(node: NodeRecord, job: JobRequirements): boolean {
    return suits(node, job, this.#registry.policy);
  }

  /**
   * Chooses a node for a job. Counts a missed job for every other node: at once when no node passes, else a little later. With debug logs
   * it also checks the whole pool.
   */
  decide(jobId: string, job: JobRequirements, avoided?: ReadonlySet<string>): DispatchDecision {
    const { clock, stats } = this.#options;
    const startMonotonicMs = clock.monotonicMs();
    const choice = choose(this.#registry.candidates, job, avoided);
    stats.decided(clock.monotonicMs() - startMonotonicMs);
    if (choice.node === null) return { ...choice, turn: 0, reasons: this.#tallyPool(jobId, job) };
    this.#missedJobsCounter.decided(job);
    if (this.#options.logger.isEnabled('debug'))
      tallyExclusions(this.#registry.records(), job, this.#registry.policy, this.#logExcluded(jobId));
    return { ...choice, turn: this.#registry.turns.nextTurn(choice.node, runModelOf(job)), reasons: null };
  }

  /**
   * Counts a job for which there is no node, because jobs with the same requirements already wait. Uses a live tally, so that a thousand
   * such jobs do not read the whole pool a thousand times.
   */
  recordNoCandidate(jobId: string, job: JobRequirements): void {
    this.#missedJobsCounter.decided(job);
    if (this.#options.logger.isEnabled('debug'))
      tallyExclusions(this.#registry.records(), job, this.#registry.policy, this.#logExcluded(jobId));
    this.#reportNoCandidate(jobId, this.exclusionTally(job));
  }

  /** Number of excluded nodes per reason. Counts and logs nothing. */
  exclusionTally(job: JobRequirements): ExclusionTally {
    return this.#registry.tallies.of(job, this.#registry.records());
  }

  /** Whether a node can take the job now. Counts and logs nothing. */
  isFree(job: JobRequirements): boolean {
    return choose(this.#registry.candidates, job).node !== null;
  }

  /** Whether a node can take the job now, or only lacks capacity. Counts and logs nothing. */
  isServed(job: JobRequirements): boolean {
    return this.isFree(job) || isServedWhenIdle(this.exclusionTally(job));
  }

  /** `nodeLimit` bounds the nodes that are listed with all their exclusions. */
  explain(job: JobRequirements, nodeLimit?: number): Explanation {
    return explain(this.#registry, job, nodeLimit);
  }

  exclusions(): Exclusions {
    return this.#aggregates.view();
  }

  resetExclusions(): void {
    this.#aggregates.reset(this.#options.clock.wallMs());
  }

  missedJobs(nodeId: string): MissedJobs {
    const { clock } = this.#options;
    return this.#missedJobsLog.view(nodeId, { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
  }

  forget(nodeId: string): void {
    this.#missedJobsLog.delete(nodeId);
  }

  #tallyPool(jobId: string, job: JobRequirements): ExclusionTally {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    const logExcluded = this.#logExcluded(jobId);
    const tally = tallyExclusions(this.#registry.records(), job, this.#registry.policy, (nodeId, exclusion) => {
      this.#missedJobsLog.note(nodeId, exclusion, nowMonotonicMs);
      logExcluded(nodeId, exclusion);
    });
    this.#reportNoCandidate(jobId, tally);
    return tally;
  }

  #reportNoCandidate(jobId: string, tally: ExclusionTally): void {
    this.#aggregates.add(tally);
    this.#options.logger.log('warn', 'dispatch_no_candidate', { job_id: jobId, reasons: tally });
  }

  #logExcluded(jobId: string): (nodeId: string, exclusion: Exclusion) => void {
    const { logger } = this.#options;
    if (!logger.isEnabled('debug')) return () => undefined;
    return (nodeId, { code }) => {
      logger.log('debug', 'dispatch_candidate_excluded', { job_id: jobId, node_id: nodeId, reason: code });
    };
  }
}

/** The model of the job's task. Requirements without a task: the first required model, if any. */
const runModelOf = ({ requiredTask, requiredModels }: JobRequirements): string => requiredTask?.modelId ?? requiredModels[0] ?? '';
