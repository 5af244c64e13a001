// Finds the nodes whose deadline is due, without reading the others. Time is a parameter. Heartbeat deadlines change with every heartbeat
// and are kept in a list. Other deadlines are few and kept in a heap.
import { DeadlineHeap } from './deadline-heap';
import { heartbeatDeadlineMonotonicMs, otherDeadlineMonotonicMs } from './deadlines';
import { HeartbeatList } from './heartbeat-list';
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export class DeadlineQueue {
  readonly #policy: LifecyclePolicy;
  readonly #heartbeats = new HeartbeatList();
  readonly #others = new DeadlineHeap();

  constructor(policy: LifecyclePolicy) {
    this.#policy = policy;
  }

  /** Takes the deadlines of a record. Must be called with every new record. A heartbeat that changes no status costs O(1). */
  set(record: NodeRecord): void {
    if (heartbeatDeadlineMonotonicMs(record, this.#policy) === null) this.#heartbeats.delete(record.nodeId);
    else this.#heartbeats.set(record.nodeId, record.lastSeen.monotonicMs);
    this.#others.set(record.nodeId, otherDeadlineMonotonicMs(record, this.#policy));
  }

  delete(nodeId: string): void {
    this.#heartbeats.delete(nodeId);
    this.#others.set(nodeId, null);
  }

  /**
   * Ids with a deadline due, each once. They stay due until `set` or `delete`. No heartbeat is due before `graceUntilMonotonicMs`, so one comparison
   * gives the grace period to all nodes.
   */
  due(nowMonotonicMs: number, graceUntilMonotonicMs: number): readonly string[] {
    const silent = nowMonotonicMs < graceUntilMonotonicMs ? [] : this.silentFor(this.#policy.heartbeatTimeoutMs, nowMonotonicMs);
    const others = this.#others.due(nowMonotonicMs);
    if (others.length === 0) return silent;
    return [...new Set([...silent, ...others])];
  }

  /** Ids of the nodes that must send heartbeats and were not seen for `silenceMs`. */
  silentFor(silenceMs: number, nowMonotonicMs: number): string[] {
    return this.#heartbeats.silentFor(silenceMs, nowMonotonicMs);
  }
}
