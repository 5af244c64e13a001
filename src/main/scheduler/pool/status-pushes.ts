// Sends nodes their status, with their availability and limits (protocol §3, `node_status`): at each change of status or limits, after
// each health check of a registering node, and repeated at an interval.
import type { Clock } from '../../platform/clock';
import { inTurns } from '../../platform/in-turns';
import { availabilityView, loadLimitsView } from '../dispatch/availability-view';
import { haveLimitsChanged } from '../dispatch/load-limits';
import type { NodeRecord } from '../lifecycle/node-record';
import { nodeStatusMessage } from '../lifecycle/node-status-message';
import type { LifecyclePolicy } from '../lifecycle/policy';
import { drainViewOf, failingModelsOf, pauseViewOf, quarantineViewOf } from '../nodes/core/node-view';
import { IntervalQueue } from '../nodes/interval-queue';
import type { NodeAvailability } from '../nodes/node-availability';
import type { NodeLink } from '../nodes/node-link';
import type { NodeRegistry } from '../nodes/node-registry';

/** Of the work in a turn: a status takes up to 0.1 ms. */
const PARTS_OF_STATUS = 10;

export interface StatusPushesOptions {
  readonly intervalMs: number;
  readonly policy: LifecyclePolicy;
  readonly clock: Clock;
  readonly registry: NodeRegistry;
  readonly availability: NodeAvailability;
  readonly linkOf: (nodeId: string) => NodeLink | undefined;
}

export class StatusPushes {
  readonly #options: StatusPushesOptions;
  /** The periodic pushes of connected nodes. */
  readonly #due: IntervalQueue<string>;

  constructor(options: StatusPushesOptions) {
    this.#options = options;
    this.#due = new IntervalQueue(options.intervalMs);
  }

  start(nodeId: string): void {
    this.#due.start(nodeId, this.#options.clock.monotonicMs());
  }

  stop(nodeId: string): void {
    this.#due.stop(nodeId);
  }

  /** `link`: the connection of the node, which the caller may have removed already. */
  changed(record: NodeRecord, link: NodeLink | undefined): void {
    this.#push(record, false, link);
  }

  /** After a change of the node. A change of its status has already sent its limits, drain and pause. */
  recordChanged(previous: NodeRecord | null, next: NodeRecord | null): void {
    if (previous === null || next === null || previous.status !== next.status || previous.since !== next.since) return;
    const haveIntentsChanged = previous.drain !== next.drain || previous.pause !== next.pause;
    // The number of its checks is the same on this computer and in the pool.
    const isChecked = next.status === 'registering' && previous.health.consecutiveSuccesses !== next.health.consecutiveSuccesses;
    if (haveIntentsChanged || isChecked || haveLimitsChanged(previous, next, this.#options.registry.policy)) this.repeat(next);
  }

  /** The status has not changed. */
  repeat(record: NodeRecord): void {
    this.#push(record, true, this.#options.linkOf(record.nodeId));
  }

  /** Repeats the status to every node whose interval has passed. Nodes that registered together are due together. */
  async repeatDue(nowMonotonicMs: number): Promise<void> {
    const due = this.#due.due(nowMonotonicMs);
    for (const nodeId of due) this.#due.start(nodeId, nowMonotonicMs);
    await inTurns(due, (nodeId) => {
      this.repeatTo(nodeId);
      return PARTS_OF_STATUS;
    });
  }

  repeatTo(nodeId: string): void {
    const record = this.#options.registry.get(nodeId);
    if (record !== undefined) this.repeat(record);
  }

  #push(record: NodeRecord, periodic: boolean, link: NodeLink | undefined): void {
    if (link === undefined) return;
    const { clock, policy, registry, availability } = this.#options;
    link.send({
      ...nodeStatusMessage(record, clock.wallMs(), periodic, policy),
      availability: availabilityView(record, registry.policy, availability.sinceWallMs(record)),
      limits: loadLimitsView(record, registry.policy),
      drain: drainViewOf(record),
      pause: pauseViewOf(record),
      quarantine: quarantineViewOf(record),
      failing_models: failingModelsOf(record),
    });
    availability.sent(record.nodeId);
  }
}
