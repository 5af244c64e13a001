// Which nodes have a deadline due, without looking at those that have not.
import type { NodeRecord } from './node-record';
import type { LifecyclePolicy } from './policy';

export declare class DeadlineQueue {
  constructor(policy: LifecyclePolicy);
  /** Takes over the record's deadlines: call it with every next record. A heartbeat costs O(1). */
  set(record: NodeRecord): void;
  delete(nodeId: string): void;
  /** Ids with a deadline due, each once; they stay queued until `set` or `delete`. Touches nothing that is not due. */
  due(nowMs: number, graceUntilMs: number): readonly string[];
  /** Ids, of those watched for heartbeats, that were last seen at or before `lastSeenMs`. */
  silentSince(lastSeenMs: number): readonly string[];
}
