// Everything that API, dashboard and metrics read from the pool. Nothing here changes the pool.
import type { Exclusions, Explanation, JobRequirementsView } from '../../../shared/api/dispatch';
import type { NodePage, NodeView, PoolSummary } from '../../../shared/api/node-view';
import type { Change, ChangeOutcome, ReasonGroup } from '../../../shared/api/what-if';
import type { PauseCode } from '../../../shared/protocol/pauses';
import type { AvailabilityState, NodeStatus } from '../../../shared/protocol/status';
import type { TaskKind } from '../../../shared/protocol/task-kinds';
import { type PoolModel, PoolModels } from '../dispatch/pool-models';
import { availabilityView, loadLimitsView } from '../dispatch/availability-view';
import { parseRequirements } from '../dispatch/job-requirements';
import type { TaskOffer } from '../dispatch/model-offers';
import { ModelSample } from '../dispatch/model-sample';
import { nextSlotAtWallMs } from '../dispatch/next-slot';
import type { GivenSize } from '../dispatch/prediction/pool-rates';
import type { PoolListener } from '../jobs/pool-listener';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import type { LifecyclePolicy } from '../lifecycle/policy';
import type { DatedEvictionPause } from './evictions';
import { inTurns } from '../../platform/in-turns';
import { modelsViewOf, nodeViewOf } from '../nodes/core/node-view';
import type { Dispatcher } from '../nodes/dispatcher';
import type { NodeAvailability } from '../nodes/node-availability';
import type { NodeRegistry } from '../nodes/node-registry';

export interface PoolViewsOptions {
  readonly registry: NodeRegistry;
  readonly dispatcher: Dispatcher;
  readonly availability: NodeAvailability;
  readonly policy: LifecyclePolicy;
  readonly version: string;
  /** Default: this scheduler is alone. */
  readonly isInCluster?: boolean;
  readonly startedAtWallMs: number;
  readonly now: () => Instant;
  /** Null: evictions are not paused. */
  readonly evictionPause: () => DatedEvictionPause | null;
  /** Null: this pool has no jobs. */
  readonly jobs: () => Pick<PoolListener, 'counts' | 'tokensPerSecondOf'> | null;
}

export class PoolViews {
  readonly #options: PoolViewsOptions;

  constructor(options: PoolViewsOptions) {
    this.#options = options;
  }

  /** With its models. Null: the node is not known. */
  node(nodeId: string): NodeView | null {
    const record = this.#options.registry.get(nodeId);
    return record === undefined ? null : { ...this.#view(record), ...modelsViewOf(record) };
  }

  /** Without its models, as in lists and events. Null: the node is not known. */
  listedNode(nodeId: string): NodeView | null {
    const record = this.#options.registry.get(nodeId);
    return record === undefined ? null : this.#view(record);
  }

  /** All nodes, without their models. */
  nodes(): NodeView[] {
    return Array.from(this.records(), (record) => this.#view(record));
  }

  nodeIds(): string[] {
    return Array.from(this.records(), ({ nodeId }) => nodeId);
  }

  nodeName(nodeId: string): string | null {
    return this.#options.registry.get(nodeId)?.profile.name ?? null;
  }

  /** The nodes after the node with the id `after` in the order of their ids, without their models. Null: from the first. Made in turns. */
  async page(limit: number, after: string | null): Promise<NodePage> {
    const nodeIds = this.nodeIds()
      .filter((nodeId) => after === null || nodeId > after)
      .sort();
    const nodes: NodeView[] = [];
    await this.#eachRecord(
      (record) => {
        nodes.push(this.#view(record));
      },
      nodeIds.slice(0, limit),
    );
    return { nodes, next_cursor: nodeIds.length > limit ? (nodeIds[limit - 1] ?? null) : null };
  }

  records(): IterableIterator<NodeRecord> {
    return this.#options.registry.records();
  }

  /** One model of the pool. Read in several turns of the event loop, so nodes may change meanwhile. Null: no node has the model. */
  async model(modelId: string): Promise<PoolModel | null> {
    const models = new PoolModels();
    await this.#eachRecord((record) => {
      models.add(record, (id) => id === modelId);
    });
    return models.get(modelId);
  }

  /** The models that are ready on a node. The models of other nodes are not collected: there may be millions. */
  async readyModels(): Promise<readonly PoolModel[]> {
    const models = new PoolModels();
    const others: string[] = [];
    await this.#eachRecord((record) => {
      if (record.status === 'ready' && record.online) models.add(record);
      else others.push(record.nodeId);
    });
    await this.#eachRecord((record) => {
      models.add(record, (id) => models.get(id) !== null);
    }, others);
    return models.list({ isReadyOnly: true });
  }

  #eachRecord(handle: (record: NodeRecord) => void, nodeIds: Iterable<string> = this.nodeIds()): Promise<void> {
    return inTurns(nodeIds, (nodeId) => {
      const record = this.#options.registry.get(nodeId);
      if (record === undefined) return 0;
      handle(record);
      return record.profile.installedModels.length;
    });
  }

  summary(): PoolSummary {
    const { policy, version, isInCluster = false, startedAtWallMs, evictionPause, jobs } = this.#options;
    const [pause, openJobs] = [evictionPause(), jobs()?.counts];
    return {
      scheduler_version: version,
      started_at: startedAtWallMs,
      ...(isInCluster ? { in_cluster: true } : {}),
      required_models: [...policy.requiredModels],
      ...(openJobs === undefined ? {} : { open_jobs: openJobs }),
      heartbeat_interval_seconds: policy.heartbeatIntervalMs / 1000,
      heartbeat_timeout_seconds: policy.heartbeatTimeoutMs / 1000,
      mass_loss: pause === null ? null : { lost: pause.lost, of: pause.of, since: pause.sinceWallMs },
    };
  }

  countByStatus(): Readonly<Record<NodeStatus, number>> {
    return this.#options.registry.countByStatus();
  }

  countByPause(): Readonly<Record<PauseCode, number>> {
    return this.#options.registry.countByPause();
  }

  countByAvailability(): Readonly<Record<AvailabilityState, number>> {
    return this.#options.availability.counts();
  }

  schedulableCount(): number {
    return this.#options.registry.candidates.size;
  }

  /** Whether the pool can run a task on a model, now or later. */
  allReport(modelId: string, task: TaskKind): boolean {
    return this.#options.registry.offers.allReport(modelId, task);
  }

  offerOf(modelId: string, task: TaskKind): TaskOffer {
    return this.#options.registry.offers.offerOf(modelId, task);
  }

  /** `nodeLimit` bounds the nodes that are listed with all their exclusions. */
  explain(job: JobRequirementsView, nodeLimit?: number, size?: GivenSize): Explanation {
    return this.#options.dispatcher.explain(parseRequirements(job), nodeLimit, size);
  }

  /** The nodes that a job cannot use, by their first reason. */
  async reasonGroups(job: JobRequirementsView): Promise<ReasonGroup[]> {
    const groups = this.#options.dispatcher.reasonGroups(parseRequirements(job));
    await this.#eachNode((record) => {
      groups.add(record);
    });
    return groups.groups();
  }

  /** Where a job would go if the pool was changed. */
  async whatIf(view: JobRequirementsView, change: Change, size: GivenSize): Promise<ChangeOutcome> {
    const { dispatcher } = this.#options;
    const job = parseRequirements(view);
    if (change.kind === 'limits') {
      const run = dispatcher.limitsRun(job, change, size);
      await this.#eachNode((record) => {
        run.add(record);
      });
      return run.outcome();
    }
    const sample = new ModelSample(job);
    if (change.kind === 'installed' || change.kind === 'loaded')
      await this.#eachNode((record) => {
        sample.add(record);
      });
    return dispatcher.whatIf(job, change, size, sample.model);
  }

  /** In several turns of the event loop. Nodes that join meanwhile are left out. */
  #eachNode(read: (record: NodeRecord) => void): Promise<void> {
    return inTurns(this.nodeIds(), (nodeId) => {
      const record = this.#options.registry.get(nodeId);
      if (record !== undefined) read(record);
      return 0;
    });
  }

  /** Counts of all dispatches without a candidate since the last reset. */
  exclusions(): Exclusions {
    return this.#options.dispatcher.exclusions();
  }

  #view(record: NodeRecord): NodeView {
    const { registry, dispatcher, availability, policy, jobs, now } = this.#options;
    const view = availabilityView(record, registry.policy, availability.sinceWallMs(record));
    return nodeViewOf(record, {
      policy,
      nameConflict: registry.names.conflictOf(record),
      tokensPerSecond: jobs()?.tokensPerSecondOf(record.nodeId) ?? null,
      missedJobs: dispatcher.missedJobs(record.nodeId),
      availability: view,
      nextSlotAtWallMs: view.state === 'full' ? nextSlotAtWallMs(record, now()) : null,
      limits: loadLimitsView(record, registry.policy),
    });
  }
}
