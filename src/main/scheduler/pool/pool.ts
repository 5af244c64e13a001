// The single writer: whatever happens to a node goes through `apply`, which asks the pure lifecycle what becomes of it and
// performs the effects. Registrations, sweeps and operators' requests are decided in the files beside this one.
import { assertNever } from '../../../shared/assert-never';
import type { JobRequirements, Exclusions, Explanation } from '../../../shared/api/dispatch';
import type { NodeView, PoolSummary } from '../../../shared/api/node-view';
import { CLOSE_CODES } from '../../../shared/protocol/codes';
import type { NodeHeartbeat } from '../../../shared/protocol/node-messages';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { Dispatcher } from '../nodes/dispatcher';
import { mayUnblockJobs } from '../dispatch/opens-more';
import type { DispatchPolicy } from '../dispatch/policy';
import type { NodePool } from '../jobs/node-pool';
import type { PoolListener } from '../jobs/pool-listener';
import type { Effect, NodeEvent, RefusalCode, Transition } from '../lifecycle/events';
import type { EvictionPause } from '../lifecycle/mass-loss';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import { nodeStatusMessage } from '../lifecycle/node-status-message';
import type { LifecyclePolicy } from '../lifecycle/policy';
import { restoreRecord, type StoredNode } from '../lifecycle/restore-record';
import { transition } from '../lifecycle/transition';
import { NodeIdentities } from '../nodes/node-identities';
import type { NodeLink } from '../nodes/node-link';
import { NodeRegistry } from '../nodes/node-registry';
import { nodeViewOf } from '../nodes/core/node-view';
import { PoolEvents } from './pool-events';
import { IntervalQueue } from '../nodes/interval-queue';
import type { SchedulerStats } from '../nodes/scheduler-stats';
import { StateWriter } from '../nodes/state-writer';
import type { NodeStore } from '../nodes/node-store';
import { differsInStore } from '../nodes/core/stored-node';
import type { StoredIdentity } from '../nodes/core/stored-node-schema';

export interface SchedulerParts {
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

/** The outcome of an event for a node as the node is now. */
export interface Preview {
  readonly previous: NodeRecord | null;
  readonly outcome: Transition;
  readonly next: NodeRecord | null;
  readonly refusal: RefusalCode | null;
}

export class Scheduler implements NodePool {
  readonly identities = new NodeIdentities();
  readonly registry: NodeRegistry;
  readonly events: PoolEvents;
  readonly dispatcher: Dispatcher;
  readonly stateWriter: StateWriter;
  /** Whose turn it is to be told its status again. */
  readonly statusPushes: IntervalQueue<string>;
  readonly parts: SchedulerParts;
  readonly #links = new Map<string, NodeLink>();
  readonly #startedAt: Instant;
  /** Null: this scheduler has no jobs. */
  #jobs: PoolListener | null = null;
  #massLoss: (EvictionPause & { readonly sinceWallMs: number }) | null = null;

  constructor(parts: SchedulerParts) {
    this.parts = parts;
    const { clock, policy, dispatchPolicy, store, logger } = parts;
    this.#startedAt = this.now();
    this.registry = new NodeRegistry(policy, dispatchPolicy);
    this.events = new PoolEvents(clock, this);
    this.dispatcher = new Dispatcher(this.registry, dispatchPolicy, { ...parts, startedAt: this.#startedAt });
    this.stateWriter = new StateWriter(store, logger, (nodeId) => this.registry.get(nodeId));
    this.statusPushes = new IntervalQueue(parts.statusPushIntervalMs);
  }

  now(): Instant {
    return { wallMs: this.parts.clock.wallMs(), monotonicMs: this.parts.clock.monotonicMs() };
  }

  /** A node that the store remembers: as it was, not connected, with one full grace to come back (lifecycle §1). */
  restore(stored: StoredNode & StoredIdentity): void {
    this.identities.restore(stored.nodeId, stored);
    this.registry.keep(null, restoreRecord(stored, this.now()));
  }

  /** From here on jobs are told what happens to nodes. */
  join(jobs: PoolListener): void {
    this.#jobs = jobs;
  }

  get jobs(): PoolListener | null {
    return this.#jobs;
  }

  isMassLoss(): boolean {
    return this.#massLoss !== null;
  }

  linkOf(nodeId: string): NodeLink | undefined {
    return this.#links.get(nodeId);
  }

  /** The node speaks through this link from now on; an older one is replaced (protocol §2, node id). */
  attach(nodeId: string, link: NodeLink): void {
    const older = this.#links.get(nodeId);
    this.#links.set(nodeId, link);
    this.statusPushes.start(nodeId, this.parts.clock.monotonicMs());
    if (older !== undefined && older !== link) older.close(CLOSE_CODES.replaced);
  }

  /** The socket closed. That of a node that has another one by now, or none any more, is nothing. */
  linkClosed(nodeId: string, link: NodeLink): void {
    if (this.#links.get(nodeId) !== link) return;
    this.#detach(nodeId);
    this.apply(nodeId, { type: 'connection_lost' });
  }

  heartbeat(message: NodeHeartbeat, graceUntilMs: number): void {
    this.apply(message.node_id, { type: 'heartbeat', message, graceUntilMs });
  }

  /** The outcome of an event, changing nothing: for a change that must be durable before it is made. */
  preview(nodeId: string, event: NodeEvent): Preview {
    const previous = this.registry.get(nodeId) ?? null;
    const outcome = transition(previous, event, this.now(), this.parts.policy);
    return { previous, outcome, next: outcome[0], refusal: refusalIn(outcome[1]) };
  }

  /**
   * The one way in which a record changes. Returns why the request was impossible, or null. `stored`: the preview of this event, which
   * the store has already. While the node is still as it was then, that outcome is taken and not written again.
   */
  apply(nodeId: string, event: NodeEvent, stored: Preview | null = null): RefusalCode | null {
    const previous = this.registry.get(nodeId) ?? null;
    const isStored = stored !== null && stored.previous === previous;
    const [next, effects] = isStored ? stored.outcome : transition(previous, event, this.now(), this.parts.policy);
    if (next !== previous) {
      this.registry.keep(previous, next);
      if (next !== null) this.events.nodeChanged(nodeId);
      // A new node was written before it was registered.
      if (!isStored && next !== null && previous !== null && differsInStore(previous, next)) this.stateWriter.changed(nodeId);
    }
    // The node changed while the preview was written: the store holds an outcome that did not come about.
    if (stored !== null && !isStored) this.stateWriter.changed(nodeId);
    const link = this.#links.get(nodeId);
    for (const effect of effects) this.#perform(nodeId, effect, link, isStored);
    if (this.#jobs?.isWaiting === true && mayUnblockJobs(previous, next, this.parts.dispatchPolicy)) this.#jobs.nodeOpened(nodeId);
    return refusalIn(effects);
  }

  pushStatus(record: NodeRecord, periodic: boolean, link: NodeLink | undefined = this.#links.get(record.nodeId)): void {
    link?.send(nodeStatusMessage(record, this.parts.clock.wallMs(), periodic, this.parts.policy));
  }

  jobsCounted(): void {
    this.events.jobsCounted();
  }

  setMassLoss(brake: EvictionPause | null): void {
    const before = this.#massLoss;
    if (brake?.lost === before?.lost && brake?.of === before?.of) return;
    this.#massLoss = brake === null ? null : { ...brake, sinceWallMs: before?.sinceWallMs ?? this.parts.clock.wallMs() };
    if (before === null && brake !== null) this.parts.logger.log('warn', 'mass_heartbeat_loss', { lost: brake.lost, of: brake.of });
    this.events.poolChanged();
    if (brake === null) this.#jobs?.nodes.releaseHeld();
  }

  node(nodeId: string): NodeView | null {
    const record = this.registry.get(nodeId);
    return record === undefined ? null : this.#view(record);
  }

  nodes(): NodeView[] {
    return Array.from(this.registry.records(), (record) => this.#view(record));
  }

  summary(): PoolSummary {
    const { policy, dispatchPolicy, version } = this.parts;
    const loss = this.#massLoss;
    return {
      scheduler_version: version,
      started_at: this.#startedAt.wallMs,
      required_models: [...policy.requiredModels],
      resource_thresholds: {
        cpu_percent: dispatchPolicy.cpuThresholdPercent,
        gpu_percent: dispatchPolicy.gpuThresholdPercent,
        mem_percent: dispatchPolicy.memoryThresholdPercent,
      },
      ...(this.#jobs === null ? {} : { open_jobs: this.#jobs.counts }),
      heartbeat_interval_seconds: policy.heartbeatIntervalMs / 1000,
      heartbeat_timeout_seconds: policy.heartbeatTimeoutMs / 1000,
      mass_loss: loss === null ? null : { lost: loss.lost, of: loss.of, since: loss.sinceWallMs },
    };
  }

  explain(job: JobRequirements, nodeLimit?: number): Explanation {
    return this.dispatcher.explain(job, nodeLimit);
  }

  exclusions(): Exclusions {
    return this.dispatcher.exclusions();
  }

  #view(record: NodeRecord): NodeView {
    return nodeViewOf(record, this.dispatcher.missedJobs(record.nodeId), this.parts.policy);
  }

  #detach(nodeId: string): void {
    this.#links.delete(nodeId);
    this.statusPushes.stop(nodeId);
  }

  #perform(nodeId: string, effect: Effect, link: NodeLink | undefined, isStored: boolean): void {
    const { logger, stats } = this.parts;
    switch (effect.type) {
      case 'status_changed': {
        const { from, to, reasonCode, msInPrevious } = effect;
        stats.statusChanged(to, reasonCode);
        const seconds = msInPrevious === null ? null : Math.round(msInPrevious) / 1000;
        logger.log('info', 'node_status_changed', { node_id: nodeId, from, to, reason_code: reasonCode, seconds_in_previous: seconds });
        this.pushStatus(effect.record, false, link);
        return;
      }
      case 'health_checked':
        if (!logger.isEnabled('debug')) return;
        logger.log('debug', 'health_check', {
          node_id: nodeId,
          ok: effect.ok,
          failed_checks: effect.failedChecks.map((check) => check.code),
          consecutive_successes: effect.consecutiveSuccesses,
          failures_in_window: effect.failuresInWindow,
        });
        return;
      case 'heartbeat_timed_out':
        logger.log('warn', 'heartbeat_timeout', { node_id: nodeId, last_seen_ms: effect.lastSeenAtMs, late_ms: Math.round(effect.lateMs) });
        return;
      case 'close_socket':
        this.#detach(nodeId);
        link?.close(effect.code);
        return;
      case 'removed':
        this.#forget(nodeId);
        if (!isStored) this.#removeFromStore(nodeId);
        logger.log('info', 'node_removed', { node_id: nodeId, reason_code: effect.reasonCode });
        this.events.nodeRemoved(nodeId, effect.reasonCode);
        return;
      case 'requeue_jobs':
        this.#jobs?.nodes.requeue(nodeId, effect.cause);
        return;
      // Whoever asked is told by what `apply` returns.
      case 'refused':
        return;
      default:
        assertNever(effect);
    }
  }

  #forget(nodeId: string): void {
    this.#detach(nodeId);
    this.identities.forget(nodeId);
    this.dispatcher.forget(nodeId);
    this.stateWriter.forget(nodeId);
  }

  #removeFromStore(nodeId: string): void {
    void this.parts.store.remove(nodeId).then((written) => {
      if (!written.ok) this.parts.logger.log('error', 'store_write_failed', { node_id: nodeId, reason: written.error.reason });
    });
  }
}

function refusalIn(effects: readonly Effect[]): RefusalCode | null {
  const refusal = effects.find((effect) => effect.type === 'refused');
  return refusal?.code ?? null;
}
