// Dispatch with its side effects: chooses a node, writes log lines, counts exclusions and missed jobs.
import type { Exclusions, Explanation, MissedJobs } from '../../../shared/api/dispatch';
import type { ChangeOutcome } from '../../../shared/api/what-if';
import type { ExclusionReason } from '../../../shared/protocol/status';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { Choice } from '../dispatch/choice';
import { choose } from '../dispatch/choose';
import { ExclusionAggregates, type ExclusionTally, isServedWhenIdle } from '../dispatch/exclusion-aggregates';
import { explain } from '../dispatch/explain';
import { firstExclusionCode, suits } from '../dispatch/filters';
import { ReasonGroups } from '../dispatch/reason-groups';
import { type LimitsChange, LimitsRun, type NodeChange, whatIf } from '../dispatch/what-if';
import { MissedJobsLog } from '../dispatch/missed-jobs-log';
import { jobWakeOf, nodeToWake } from '../dispatch/waking';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import type { InstalledModel } from '../lifecycle/node-report';
import { MissingModels } from './core/missing-models';
import type { NodeRegistry } from './node-registry';
import { MissedJobsCounter } from './missed-jobs-counter';
import type { SchedulerStats } from './scheduler-stats';
import { type HoldInput, MAX_HOLD_MS, nodeWorthWaitingFor } from '../dispatch/holding';
import { type JobRequirements, runModelOf } from '../dispatch/job-requirements';
import type { ForecastNode, RequestForecast } from '../dispatch/prediction/forecast';
import type { GivenSize } from '../dispatch/prediction/pool-rates';
import type { RequestShape } from '../dispatch/prediction/request-shape';
import { RequestForecasts } from './request-forecasts';

/** A choice. When no node passed, the exclusions by reason: the details of the error `NO_AVAILABLE_NODE`. */
export interface DispatchDecision extends Choice {
  /** The full node for which the job should wait, and the best free node; then `node` is null. Null: the job is not held. */
  readonly heldFor: { readonly full: ForecastNode; readonly free: ForecastNode } | null;
  /** The turn of the node after the job is assigned to it; 0 without a node. */
  readonly turn: number;
  readonly reasons: ExclusionTally | null;
}

type MayHold = Pick<HoldInput, 'held' | 'maxMs'>;

/** A job to be decided. */
export interface JobToDecide {
  readonly jobId: string;
  readonly requirements: JobRequirements;
  readonly shape: RequestShape;
  /** Nodes that are chosen only when no other node can run the job. */
  readonly avoided?: ReadonlySet<string>;
  /** The jobs that wait for each full node, and how long this job may wait at most, ms. Null: this job must not wait. */
  readonly hold: MayHold | null;
}

interface DispatcherOptions {
  readonly startedAt: Instant;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
}

/** As if no other job waited for a full node. */
const MAY_HOLD: MayHold = { held: new Map(), maxMs: MAX_HOLD_MS };
const USUAL_SIZE: GivenSize = { input: null, output: null };

export class Dispatcher {
  readonly #registry: NodeRegistry;
  readonly #options: DispatcherOptions;
  readonly #aggregates: ExclusionAggregates;
  readonly #missedJobsLog: MissedJobsLog;
  readonly #missedJobsCounter: MissedJobsCounter;
  /** What was learned of requests. */
  readonly requests: RequestForecasts;
  /** The models that were asked for and that no node has. */
  readonly missingModels: MissingModels;

  constructor(registry: NodeRegistry, options: DispatcherOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#aggregates = new ExclusionAggregates(options.startedAt.wallMs);
    this.#missedJobsLog = new MissedJobsLog(options.startedAt);
    this.requests = new RequestForecasts(registry.rates);
    this.#missedJobsCounter = new MissedJobsCounter(registry, options.clock, this.#missedJobsLog);
    this.missingModels = new MissingModels(options.startedAt.wallMs);
  }

  /** Number of nodes of the pool. */
  get nodeCount(): number {
    return this.#registry.size;
  }

  /** The record of a schedulable node. */
  candidate(nodeId: string): NodeRecord | undefined {
    return this.#registry.candidates.has(nodeId) ? this.#registry.get(nodeId) : undefined;
  }

  /** Whether a schedulable node can get this job. For a full node: whether only its load keeps the job away. */
  suits(node: NodeRecord, job: JobRequirements): boolean {
    return suits(node, job, this.#registry.policy);
  }

  /** Why a node with this record cannot take the job now. Null: it can. */
  exclusionOf(record: NodeRecord, job: JobRequirements): ExclusionReason | null {
    return firstExclusionCode(record, job, this.#registry.policy);
  }

  /**
   * Chooses a node for a job. Counts a missed job for every other node, a little later. With debug logs it also checks the whole pool.
   */
  decide(job: JobToDecide): DispatchDecision {
    const { jobId, requirements } = job;
    const { clock, stats } = this.#options;
    const startMonotonicMs = clock.monotonicMs();
    const modelId = runModelOf(requirements);
    const forecast = modelId === null ? null : this.requests.forecastFor(modelId, job.shape);
    const choice = choose(this.#registry.candidates, requirements, forecast, job.avoided);
    const full = this.#heldFor(choice, job, modelId, forecast, startMonotonicMs);
    const [free] = choice.forecasts;
    const heldFor = full === null || free === undefined ? null : { full, free };
    stats.decided(clock.monotonicMs() - startMonotonicMs);
    if (heldFor !== null) return { ...choice, node: null, heldFor, turn: 0, reasons: null };
    if (choice.node === null) return { ...choice, heldFor, turn: 0, reasons: this.recordNoCandidate(jobId, requirements) };
    this.#recordExcluded(jobId, requirements);
    return { ...choice, heldFor, turn: this.#registry.turns.nextTurn(choice.node, modelId ?? ''), reasons: null };
  }

  #heldFor(
    { node, forecasts }: Choice,
    { requirements, hold }: Pick<JobToDecide, 'requirements' | 'hold'>,
    modelId: string | null,
    forecast: RequestForecast | null,
    nowMonotonicMs: number,
  ): ForecastNode | null {
    const [best] = forecasts;
    const { policy, full } = this.#registry;
    if (node === null || best === undefined || hold === null || modelId === null || forecast === null || !policy.holdsJobs) return null;
    return nodeWorthWaitingFor({ full, policy, nowMonotonicMs, ...hold }, requirements, modelId, forecast, best);
  }

  /**
   * Counts a job for which there is no node: none passes, or jobs with the same requirements already wait. Uses a live tally, so that a
   * thousand such jobs do not read the whole pool a thousand times.
   */
  recordNoCandidate(jobId: string, job: JobRequirements): ExclusionTally {
    this.#recordExcluded(jobId, job);
    const tally = this.exclusionTally(job);
    this.#aggregates.add(tally, runModelOf(job));
    this.#options.logger.log('warn', 'dispatch_no_candidate', { job_id: jobId, reasons: tally });
    return tally;
  }

  /** Number of excluded nodes per reason. Counts and logs nothing. */
  exclusionTally(job: JobRequirements): ExclusionTally {
    return this.#registry.tallies.of(job, this.#registry.records());
  }

  /** Whether a node can take the job now. Counts and logs nothing. */
  isFree(job: JobRequirements): boolean {
    return choose(this.#registry.candidates, job, this.#expectedForecast(job)).node !== null;
  }

  /** Whether a node can take the job now, or only lacks capacity. Counts and logs nothing. */
  isServed(job: JobRequirements): boolean {
    return this.isFree(job) || isServedWhenIdle(this.exclusionTally(job));
  }

  /** The sleeping node that is woken for the job. Null: none is, or another node can take the job soon. */
  nodeToWake(job: JobRequirements): NodeRecord | null {
    if (this.isFree(job)) return null;
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    return nodeToWake(this.#registry.records(), job, { policy: this.#registry.policy, nowMonotonicMs, tally: this.exclusionTally(job) });
  }

  /** `nodeLimit` bounds the nodes that are listed with all their exclusions. Held as if no other job waited for a full node. */
  explain(job: JobRequirements, nodeLimit?: number, size?: GivenSize): Explanation {
    const forecast = this.#expectedForecast(job, size);
    const toDecide = { requirements: job, hold: MAY_HOLD };
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    const holdFor = (choice: Choice): ForecastNode | null => this.#heldFor(choice, toDecide, runModelOf(job), forecast, nowMonotonicMs);
    const woken = this.nodeToWake(job);
    return { ...explain(this.#registry, job, { nodeLimit, forecast, holdFor }), ...(woken === null ? {} : { wake: jobWakeOf(woken) }) };
  }

  /** The nodes that the job cannot use, by their first reason. */
  reasonGroups(job: JobRequirements): ReasonGroups {
    const { policy } = this.#registry;
    return new ReasonGroups({ job, policy, nowMonotonicMs: this.#options.clock.monotonicMs() });
  }

  /** Where the job would go if a node was changed. */
  whatIf(job: JobRequirements, change: NodeChange, size: GivenSize, sample: InstalledModel | null): ChangeOutcome {
    return whatIf(this.#registry, job, this.#expectedForecast(job, size), change, sample);
  }

  /** Where the job would go with other limits of the load. */
  limitsRun(job: JobRequirements, change: LimitsChange, size?: GivenSize): LimitsRun {
    return new LimitsRun(this.#registry, job, this.#expectedForecast(job, size), change);
  }

  /** Of a job of which only the requirements are known. */
  #expectedForecast(job: JobRequirements, size: GivenSize = USUAL_SIZE): RequestForecast | null {
    const modelId = runModelOf(job);
    const { requiredTask: task } = job;
    return modelId === null ? null : this.requests.expectedFor(modelId, task?.modelId === modelId ? task.task : null, size);
  }

  /** Counts those of the models that no node has. */
  noteAsked(modelIds: readonly string[]): void {
    for (const modelId of modelIds)
      if (!this.#registry.offers.has(modelId)) this.missingModels.asked(modelId, this.#options.clock.wallMs());
  }

  hasModel(modelId: string): boolean {
    return this.#registry.offers.has(modelId);
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
    this.requests.forget(nodeId);
  }

  /** Counts a missed job for each node that a decision excluded. Debug logs name these nodes. */
  #recordExcluded(jobId: string, job: JobRequirements): void {
    this.#missedJobsCounter.decided(job);
    const { logger } = this.#options;
    if (!logger.isEnabled('debug')) return;
    for (const record of this.#registry.records()) {
      const reason = this.exclusionOf(record, job);
      if (reason !== null) logger.log('debug', 'dispatch_candidate_excluded', { job_id: jobId, node_id: record.nodeId, reason });
    }
  }
}
