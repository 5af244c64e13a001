// A node that the store remembers, after the scheduler's restart.
import type { NodeStatus, StatusReasonCode } from '../../../shared/protocol/status';
import type { Instant, NodeProfile, NodeRecord } from './node-record';

/** What outlives a restart. Times are Unix ms. */
export interface StoredNode {
  readonly nodeId: string;
  readonly profile: NodeProfile;
  readonly status: NodeStatus;
  readonly reasonCode: StatusReasonCode;
  readonly previousStatus: NodeStatus | null;
  readonly sinceMs: number;
  readonly drain: { readonly by: 'operator' | 'node'; readonly reason: string | null; readonly requestedAtMs: number; readonly timeoutMs: number } | null;
}

/** Not online, nothing in flight, last seen now: it has one full heartbeat timeout to come back. */
export declare function restoreRecord(stored: StoredNode, now: Instant): NodeRecord;
