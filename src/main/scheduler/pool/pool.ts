// The single writer of node records. Every event of a node goes through `apply`, which gets the next record from the pure lifecycle and
// performs the effects. Registration, sweeper and operations of operators have their own files and use the methods of this class.
import { assertNever } from '../../../shared/assert-never';
import type { Explanation } from '../../../shared/api/dispatch';
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import type { NodeRegister } from '../../../shared/protocol/node-messages';
import type { Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { ExclusionTally } from '../dispatch/exclusion-aggregates';
import { suits } from '../dispatch/filters';
import type { DispatchPolicy } from '../dispatch/policy';
import { mayUnblockJobs } from '../dispatch/requeue-hint';
import type { NodePool } from '../jobs/node-pool';
import type { PoolListener } from '../jobs/pool-listener';
import type { Effect, NodeEvent, RefusalCode } from '../lifecycle/events';
import type { EvictionPause, EvictionPauseState } from '../lifecycle/eviction-pause';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import { nodeStatusMessage } from '../lifecycle/node-status-message';
import type { LifecyclePolicy } from '../lifecycle/policy';
import { restoreRecord, type StoredNode } from '../lifecycle/restore-record';
import { planSweep, type SweepPlan } from '../lifecycle/sweep';
import { differsInStore } from '../nodes/core/stored-node';
import type { StoredIdentity } from '../nodes/core/stored-node-schema';
import { type DispatchDecision, Dispatcher } from '../nodes/dispatcher';
import { IntervalQueue } from '../nodes/interval-queue';
import { NodeIdentities } from '../nodes/node-identities';
import type { NodeLink } from '../nodes/node-link';
import { NodeRegistry } from '../nodes/node-registry';
import type { NodeStore } from '../nodes/node-store';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { StateWriter } from '../nodes/state-writer';
import { applyDurably, type DurableFailure } from './durable-change';
import { EffectLog } from './effect-log';
import { PoolEvents } from './pool-events';
import { type DatedEvictionPause, PoolViews } from './pool-views';
import { type Preview, previewOf, refusalIn } from './preview';
import { register, type Registered, type RegistrationRefusal } from './registration';
import type { JobRequirements } from '../dispatch/job-requirements';

export interface PoolOptions {
  readonly policy: LifecyclePolicy;
  readonly dispatchPolicy: DispatchPolicy;
  readonly statusPushIntervalMs: number;
  /** Largest frame that a registered node may send. */
  readonly maxMessageBytes: number;
  readonly store: NodeStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stats: SchedulerStats;
  readonly version: string;
}

export class Pool implements NodePool {
  readonly views: PoolViews;
  readonly #options: PoolOptions;
  readonly #identities = new NodeIdentities();
  readonly #registry: NodeRegistry;
  readonly #events: PoolEvents;
  readonly #dispatcher: Dispatcher;
  readonly #stateWriter: StateWriter;
  readonly #effectLog: EffectLog;
  /** The periodic status pushes of connected nodes. */
  readonly #statusPushes: IntervalQueue<string>;
  readonly #links = new Map<string, NodeLink>();
  /** Null: this pool has no jobs. */
  #jobs: PoolListener | null = null;
  #evictionPause: DatedEvictionPause | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { clock, policy, dispatchPolicy, store, logger, stats } = options;
    const startedAt = this.now();
    this.#registry = new NodeRegistry(policy, dispatchPolicy);
    this.#dispatcher = new Dispatcher(this.#registry, dispatchPolicy, { clock, logger, stats, startedAt });
    this.#stateWriter = new StateWriter(store, logger, (nodeId) => this.#registry.get(nodeId));
    this.#statusPushes = new IntervalQueue(options.statusPushIntervalMs);
    this.#effectLog = new EffectLog(logger, stats);
    this.views = new PoolViews({
      ...options,
      registry: this.#registry,
      dispatcher: this.#dispatcher,
      startedAtWallMs: startedAt.wallMs,
      evictionPause: () => this.#evictionPause,
      jobs: () => this.#jobs,
    });
    this.#events = new PoolEvents(clock, this.views);
  }

  now(): Instant {
    const { clock } = this.#options;
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  }

  /** Adds a stored node: not connected, with one full grace period to return (lifecycle §1). */
  restore(stored: StoredNode & StoredIdentity): void {
    this.#identities.restore(stored.nodeId, stored);
    this.#registry.keep(null, restoreRecord(stored, this.now()));
  }

  /** From now on `jobs` gets the events of nodes. */
  attachJobs(jobs: PoolListener): void {
    this.#jobs = jobs;
  }

  get jobs(): PoolListener | null {
    return this.#jobs;
  }

  register(link: NodeLink, message: NodeRegister, current: Registered | null): Promise<Result<Registered, RegistrationRefusal>> {
    return register({ ...this.#options, identities: this.#identities, pool: this }, link, message, current);
  }

  /** The node uses this link from now on. An older link is closed (protocol §2, node id). */
  attach(nodeId: string, link: NodeLink): void {
    const older = this.#links.get(nodeId);
    this.#links.set(nodeId, link);
    this.#statusPushes.start(nodeId, this.#options.clock.monotonicMs());
    if (older !== undefined && older !== link) older.close(CLOSE_CODES.replaced);
  }

  /** The connection ended. Ignored when the node uses another link, or none. */
  linkClosed(nodeId: string, link: NodeLink): void {
    if (this.#links.get(nodeId) !== link) return;
    this.#detach(nodeId);
    this.apply(nodeId, { type: 'connection_lost' });
  }

  linkOf(nodeId: string): NodeLink | undefined {
    return this.#links.get(nodeId);
  }

  /** The outcome of an event, without changing anything. */
  preview(nodeId: string, event: NodeEvent): Preview {
    return previewOf(this.#registry.get(nodeId) ?? null, event, this.now(), this.#options.policy);
  }

  /**
   * The only way to change a record. Returns why the request was refused, or null. `stored`: the preview of this event, which the store
   * already has. If the node has not changed since, the previewed outcome is applied and not written again.
   */
  apply(nodeId: string, event: NodeEvent, stored: Preview | null = null): RefusalCode | null {
    const previous = this.#registry.get(nodeId) ?? null;
    const isStored = stored !== null && stored.previous === previous;
    const [next, effects] = isStored ? stored.outcome : this.preview(nodeId, event).outcome;
    if (next !== previous) {
      this.#registry.keep(previous, next);
      if (next !== null) this.#events.nodeChanged(nodeId);
      // A new node is written before it is registered.
      if (!isStored && next !== null && previous !== null && differsInStore(previous, next)) this.#stateWriter.changed(nodeId);
    }
    // The node changed while the preview was written: the store has an outcome that did not happen.
    if (stored !== null && !isStored) this.#stateWriter.changed(nodeId);
    const link = this.#links.get(nodeId);
    for (const effect of effects) this.#perform(nodeId, effect, link, isStored);
    if (this.#jobs?.isWaiting === true && mayUnblockJobs(previous, next, this.#options.dispatchPolicy)) this.#jobs.tryNode(nodeId);
    return refusalIn(effects);
  }

  /** Like `apply`, but the change is durable before it is made. Null: the change was made. */
  applyDurably(nodeId: string, event: NodeEvent): Promise<DurableFailure | null> {
    return applyDurably({ ...this.#options, stateWriter: this.#stateWriter, pool: this }, nodeId, event);
  }

  record(nodeId: string): NodeRecord | undefined {
    return this.#registry.get(nodeId);
  }

  records(): IterableIterator<NodeRecord> {
    return this.#registry.records();
  }

  candidate(nodeId: string): NodeRecord | undefined {
    return this.#registry.candidates.has(nodeId) ? this.#registry.get(nodeId) : undefined;
  }

  suits(node: NodeRecord, job: JobRequirements): boolean {
    return suits(node, job, this.#options.dispatchPolicy);
  }

  decide(jobId: string, job: JobRequirements, avoided?: ReadonlySet<string>): DispatchDecision {
    return this.#dispatcher.decide(jobId, job, avoided);
  }

  recordNoCandidate(jobId: string, job: JobRequirements): void {
    this.#dispatcher.recordNoCandidate(jobId, job);
  }

  exclusionTally(job: JobRequirements): ExclusionTally {
    return this.#dispatcher.exclusionTally(job);
  }

  readonly isServed = (job: JobRequirements): boolean => this.#dispatcher.isServed(job);

  explain(job: JobRequirements, nodeLimit?: number): Explanation {
    return this.#dispatcher.explain(job, nodeLimit);
  }

  resetExclusions(): void {
    this.#dispatcher.resetExclusions();
  }

  isEvictionPaused(): boolean {
    return this.#evictionPause !== null;
  }

  jobsCounted(): void {
    this.#events.jobsCounted();
  }

  /** The nodes with due deadlines, and the next state of the eviction pause. Changes nothing. */
  planSweep(pauseState: EvictionPauseState, nowMonotonicMs: number, graceUntilMonotonicMs: number): SweepPlan {
    const { deadlines: queue, live } = this.#registry;
    const recordOf = (nodeId: string): NodeRecord | undefined => this.#registry.get(nodeId);
    return planSweep({ queue, pauseState, recordOf, live, nowMonotonicMs, graceUntilMonotonicMs }, this.#options.policy);
  }

  /** Pauses evictions. Null: the pause ends, and deferred jobs are requeued. */
  setEvictionPause(pause: EvictionPause | null): void {
    const before = this.#evictionPause;
    if (pause?.lost === before?.lost && pause?.of === before?.of) return;
    const { clock, logger } = this.#options;
    this.#evictionPause = pause === null ? null : { ...pause, sinceWallMs: before?.sinceWallMs ?? clock.wallMs() };
    if (before === null && pause !== null) logger.log('warn', 'mass_heartbeat_loss', { lost: pause.lost, of: pause.of });
    this.#events.poolChanged();
    if (pause === null) this.#jobs?.nodes.requeueDeferred();
  }

  /** Repeats the status to every node whose push interval has passed. */
  pushDueStatuses(nowMonotonicMs: number): void {
    for (const nodeId of this.#statusPushes.due(nowMonotonicMs)) {
      this.#statusPushes.start(nodeId, nowMonotonicMs);
      const record = this.#registry.get(nodeId);
      if (record !== undefined) this.#pushStatus(record, true, this.#links.get(nodeId));
    }
  }

  /** Writes changed nodes to the store: a few hundred at a time, or all of them. */
  writeChanges(options: { readonly all: boolean } = { all: false }): void {
    if (options.all) this.#stateWriter.writeAll();
    else this.#stateWriter.write();
  }

  subscribe(...args: Parameters<PoolEvents['subscribe']>): ReturnType<PoolEvents['subscribe']> {
    return this.#events.subscribe(...args);
  }

  /** Sends pending events, then ends all subscriptions. */
  stopEvents(): void {
    this.#events.flush();
    this.#events.stop();
  }

  #pushStatus(record: NodeRecord, periodic: boolean, link: NodeLink | undefined): void {
    const { clock, policy } = this.#options;
    link?.send(nodeStatusMessage(record, clock.wallMs(), periodic, policy));
  }

  #perform(nodeId: string, effect: Effect, link: NodeLink | undefined, isStored: boolean): void {
    this.#effectLog.log(nodeId, effect);
    switch (effect.type) {
      case 'status_changed':
        this.#pushStatus(effect.record, false, link);
        return;
      case 'close_socket':
        this.#detach(nodeId);
        link?.close(effect.code);
        return;
      case 'removed':
        this.#forget(nodeId);
        if (!isStored) this.#stateWriter.remove(nodeId);
        this.#events.nodeRemoved(nodeId, effect.reasonCode);
        return;
      case 'requeue_jobs':
        this.#jobs?.nodes.requeue(nodeId, effect.cause);
        return;
      // Only logged, or returned to the caller of `apply`.
      case 'model_failing':
      case 'health_checked':
      case 'heartbeat_timed_out':
      case 'refused':
        return;
      default:
        assertNever(effect);
    }
  }

  #detach(nodeId: string): void {
    this.#links.delete(nodeId);
    this.#statusPushes.stop(nodeId);
  }

  #forget(nodeId: string): void {
    this.#detach(nodeId);
    this.#identities.forget(nodeId);
    this.#dispatcher.forget(nodeId);
    this.#stateWriter.forget(nodeId);
  }
}
