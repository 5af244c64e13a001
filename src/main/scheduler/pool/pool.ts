// The single writer of node records. Every event of a node goes through `apply`, which gets the next record from the pure lifecycle and
// performs the effects. Registration, sweeper and operations of operators have their own files and use the methods of this class.
import { assertNever } from '../../../shared/assert-never';
import type { LoadLimitsView } from '../../../shared/protocol/scheduler-messages';
import { loadLimitsView } from '../dispatch/availability-view';
import type { DispatchSettings } from '../dispatch/policy';
import { mayUnblockJobs } from '../dispatch/requeue-hint';
import type { NodePool } from '../jobs/node-pool';
import type { PoolListener } from '../jobs/pool-listener';
import type { Effect, NodeEvent, RefusalCode } from '../lifecycle/events';
import type { EvictionPause } from '../lifecycle/eviction-pause';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import { wasOnlySeen } from '../lifecycle/on-heartbeat';
import { restoreRecord, type StoredNode } from '../lifecycle/restore-record';
import type { NodeReport } from '../lifecycle/node-report';
import type { SweepPlan } from '../lifecycle/sweep';
import { differsInStore } from '../nodes/core/stored-node';
import type { StoredIdentity } from '../nodes/core/stored-node-schema';
import { Dispatcher } from '../nodes/dispatcher';
import { NodeAvailability } from '../nodes/node-availability';
import { NodeIdentities } from '../nodes/node-identities';
import { ControlRequests } from '../nodes/control-requests';
import type { NodeLink } from '../nodes/node-link';
import { NodeLinks } from '../nodes/node-links';
import { NodeRegistry } from '../nodes/node-registry';
import { StateWriter } from '../nodes/state-writer';
import { applyDurably, type DurableFailure } from './durable-change';
import { EffectLog } from './effect-log';
import { NodeLog } from './node-log';
import { announcePolicy } from './policy-change';
import { PoolEvents } from './pool-events';
import { Evictions } from './evictions';
import type { PoolOptions } from './pool-options';
import { PoolViews } from './pool-views';
import { type Preview, previewOf, refusalIn } from './preview';
import { StatusPushes } from './status-pushes';
import { Registrations } from './registration';
import { reportWithinMemory } from './report-within-memory';

export class Pool implements NodePool {
  readonly views: PoolViews;
  readonly nodeLog: NodeLog;
  readonly dispatcher: Dispatcher;
  readonly modelControl: ControlRequests;
  readonly registrations: Registrations;
  readonly #options: PoolOptions;
  readonly identities = new NodeIdentities();
  readonly #registry: NodeRegistry;
  readonly #events: PoolEvents;
  readonly availability: NodeAvailability;
  readonly #evictions: Evictions;
  readonly #stateWriter: StateWriter;
  readonly #effectLog: EffectLog;
  readonly #statusPushes: StatusPushes;
  readonly #links = new NodeLinks();
  /** Null: this pool has no jobs. */
  #jobs: PoolListener | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.modelControl = new ControlRequests(this, options);
    const { clock, policy, dispatchPolicy, store, logger, stats } = options;
    const startedAt = this.now();
    this.#registry = new NodeRegistry(policy, dispatchPolicy);
    this.dispatcher = new Dispatcher(this.#registry, { clock, logger, stats, startedAt });
    this.#evictions = new Evictions({ ...options, registry: this.#registry });
    this.availability = new NodeAvailability({
      registry: this.#registry,
      clock,
      logger,
      push: (record) => {
        this.#statusPushes.repeat(record);
      },
    });
    this.#stateWriter = new StateWriter(store, logger, (nodeId) => this.#registry.get(nodeId));
    this.#statusPushes = new StatusPushes({
      ...options,
      intervalMs: options.statusPushIntervalMs,
      registry: this.#registry,
      availability: this.availability,
      linkOf: (nodeId) => this.#links.get(nodeId),
    });
    this.nodeLog = new NodeLog(logger, clock, (nodeId) => this.#links.sourceOf(nodeId));
    this.registrations = new Registrations({ ...options, logger: this.nodeLog, identities: this.identities, pool: this });
    this.#effectLog = new EffectLog(this.nodeLog, stats);
    this.views = new PoolViews({
      ...options,
      registry: this.#registry,
      dispatcher: this.dispatcher,
      availability: this.availability,
      startedAtWallMs: startedAt.wallMs,
      now: () => this.now(),
      evictionPause: () => this.#evictions.pause,
      jobs: () => this.#jobs,
    });
    this.#events = new PoolEvents(clock, this.views);
    this.#registry.names.listen(this.#events.nodeChanged.bind(this.#events));
  }

  now(): Instant {
    const { clock } = this.#options;
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  }

  /** Adds a stored node: not connected, with one full grace period to return (lifecycle §1). */
  restore(stored: StoredNode & StoredIdentity): void {
    this.identities.restore(stored.nodeId, stored);
    const record = restoreRecord(stored, this.now());
    this.#registry.keep(null, record);
    this.availability.update(record, record.since.wallMs);
  }

  /** From now on `jobs` gets the events of nodes. */
  attachJobs(jobs: PoolListener): void {
    this.#jobs = jobs;
  }

  /** Dispatch uses these settings from now on. */
  configure(settings: DispatchSettings): void {
    if (this.#registry.configure(settings)) this.#policyChanged();
  }

  get jobs(): PoolListener | null {
    return this.#jobs;
  }

  /** The node uses this link from now on. An older link is closed (protocol §2, node id). */
  attach(nodeId: string, link: NodeLink): void {
    this.#links.attach(nodeId, link);
    this.#statusPushes.start(nodeId);
  }

  /** The connection ended; `isAsleep`: because the computer of the node goes to sleep. Ignored when the node uses another link, or none. */
  linkClosed(nodeId: string, link: NodeLink, isAsleep = false): void {
    if (this.#links.get(nodeId) !== link) return;
    this.#detach(nodeId);
    this.apply(nodeId, { type: 'connection_lost', isAsleep });
  }

  readonly linkOf = (nodeId: string): NodeLink | undefined => this.#links.get(nodeId);

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
    if (event.type === 'heartbeat' && previous !== null && next !== null && wasOnlySeen(previous, next)) return this.#seen(next, effects);
    if (next !== previous) {
      const isPolicyChanged = this.#registry.keep(previous, next);
      if (next !== null) this.#changed(next);
      if (isPolicyChanged) this.#policyChanged();
      // A new node is written before it is registered.
      if (!isStored && next !== null && previous !== null && differsInStore(previous, next)) this.#stateWriter.changed(nodeId);
    }
    // The node changed while the preview was written: the store has an outcome that did not happen.
    if (stored !== null && !isStored) this.#stateWriter.changed(nodeId);
    this.#effectLog.pauseChanged(nodeId, previous, next);
    const link = this.#links.get(nodeId);
    for (const effect of effects) this.#perform(nodeId, effect, link, isStored);
    this.#statusPushes.recordChanged(previous, next);
    if (this.#jobs?.isWaiting !== true) return refusalIn(effects);
    if (mayUnblockJobs(previous, next, this.#registry.policy)) this.#jobs.tryNode(nodeId);
    else if (!this.#registry.isFreeOrFull(nodeId)) this.#jobs.stopHoldingFor(nodeId);
    return refusalIn(effects);
  }

  /** Like `apply`, but the change is durable before it is made. Null: the change was made. */
  applyDurably(nodeId: string, event: NodeEvent): Promise<DurableFailure | null> {
    return applyDurably({ ...this.#options, stateWriter: this.#stateWriter, pool: this }, nodeId, event);
  }

  readonly record = (nodeId: string): NodeRecord | undefined => this.#registry.get(nodeId);

  readonly records = (): IterableIterator<NodeRecord> => this.#registry.records();

  get profileBytes(): number {
    return this.#registry.profileBytes;
  }

  /** The report, without its models when the memory for profiles is used up. */
  withinMemory(nodeId: string, report: NodeReport, remote: string): NodeReport {
    return reportWithinMemory(this, this.#options.limits, nodeId, report, remote);
  }

  limitsWith(record: NodeRecord): LoadLimitsView {
    return loadLimitsView(record, this.#registry.policyWith(record));
  }

  readonly isEvictionPaused = (): boolean => this.#evictions.pause !== null;

  readonly jobsCounted = (): void => {
    this.#events.jobsCounted();
  };

  planSweep(...args: Parameters<Evictions['planSweep']>): SweepPlan {
    return this.#evictions.planSweep(...args);
  }

  /** Pauses evictions. Null: the pause ends, and deferred jobs are requeued. */
  setEvictionPause(pause: EvictionPause | null): void {
    if (!this.#evictions.set(pause)) return;
    this.#events.poolChanged();
    if (pause === null) this.#jobs?.nodes.requeueDeferred();
  }

  /** Repeats the status to every node whose push interval has passed. */
  pushDueStatuses(nowMonotonicMs: number): void {
    void this.#statusPushes.repeatDue(nowMonotonicMs);
  }

  /** Writes a few hundred changed nodes to the store. */
  writeChanges(): void {
    this.#stateWriter.write();
  }

  /** Resolves when all changed nodes were written, or a write has failed. */
  readonly writeAllChanges = (): Promise<void> => this.#stateWriter.writeAll();

  readonly subscribe: PoolEvents['subscribe'] = (...args) => this.#events.subscribe(...args);

  /** Sends pending events, then ends all subscriptions. */
  stopEvents(): void {
    this.#events.flush();
    this.#events.stop();
  }

  #seen(record: NodeRecord, effects: readonly Effect[]): null {
    this.#registry.seen(record);
    this.#events.nodeChanged(record.nodeId);
    for (const effect of effects) this.#effectLog.log(record.nodeId, effect);
    return null;
  }

  #changed(record: NodeRecord): void {
    this.availability.update(record);
    this.#events.nodeChanged(record.nodeId);
  }

  #policyChanged(): void {
    void announcePolicy(this.#registry, this, (record) => {
      this.#changed(record);
      this.#statusPushes.repeat(record);
    });
  }

  #perform(nodeId: string, effect: Effect, link: NodeLink | undefined, isStored: boolean): void {
    this.#effectLog.log(nodeId, effect);
    switch (effect.type) {
      case 'status_changed':
        this.#statusPushes.changed(effect.record, link);
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
      case 'model_failing':
        this.#statusPushes.repeatTo(nodeId);
        return;
      // Only logged, or returned to the caller of `apply`.
      case 'health_checked':
      case 'heartbeat_timed_out':
      case 'wake_ended':
      case 'refused':
        return;
      default:
        assertNever(effect);
    }
  }

  #detach(nodeId: string): void {
    this.#links.delete(nodeId);
    this.#statusPushes.stop(nodeId);
    this.modelControl.disconnected(nodeId);
  }

  #forget(nodeId: string): void {
    this.#detach(nodeId);
    this.#links.forget(nodeId);
    this.identities.forget(nodeId);
    this.dispatcher.forget(nodeId);
    this.availability.forget(nodeId);
    this.#stateWriter.forget(nodeId);
  }
}
