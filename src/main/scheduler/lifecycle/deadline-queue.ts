// Which nodes have a deadline due, without looking at those that have not. A structure without a clock: time is a parameter.
// Heartbeat deadlines, which change all the time, are kept in a list; the few that a status sets, in a heap.
import { DeadlineHeap } from './deadline-heap';
import { heartbeatDeadlineMs, statusDeadline } from './deadlines';
import { HeartbeatList } from './heartbeat-list';
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export class DeadlineQueue {
  readonly #policy: LifecyclePolicy;
  readonly #heartbeats = new HeartbeatList();
  readonly #statuses = new DeadlineHeap();

  constructor(policy: LifecyclePolicy) {
    this.#policy = policy;
  }

  /** Takes over the record's deadlines: call it with every next record. A heartbeat that changes no status costs O(1). */
  set(record: NodeRecord): void {
    if (heartbeatDeadlineMs(record, this.#policy) === null) this.#heartbeats.delete(record.nodeId);
    else this.#heartbeats.set(record.nodeId, record.lastSeen.monotonicMs);
    this.#statuses.set(record.nodeId, statusDeadline(record, this.#policy)?.atMs ?? null);
  }

  delete(nodeId: string): void {
    this.#heartbeats.delete(nodeId);
    this.#statuses.set(nodeId, null);
  }

  /**
   * Ids with a deadline due, each once. They stay queued until `set` or `delete`. Until `graceUntilMs` no heartbeat is due:
   * one comparison gives all nodes their grace.
   */
  due(nowMs: number, graceUntilMs: number): readonly string[] {
    const silent = nowMs < graceUntilMs ? [] : this.silentFor(this.#policy.heartbeatTimeoutMs, nowMs);
    const others = this.#statuses.due(nowMs);
    if (others.length === 0) return silent;
    return [...new Set([...silent, ...others])];
  }

  /** Ids of the nodes that a heartbeat is expected of and that were not seen for `silenceMs`. */
  silentFor(silenceMs: number, nowMs: number): string[] {
    return this.#heartbeats.silentFor(silenceMs, nowMs);
  }
}
