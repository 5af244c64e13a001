// The operations on the pool that jobs need. Implemented by Pool, the single writer of node records.
import type { NodeEvent } from '../lifecycle/events';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import type { Dispatcher } from '../nodes/dispatcher';
import type { NodeAvailability } from '../nodes/node-availability';
import type { ControlRequests } from '../nodes/control-requests';
import type { NodeLink } from '../nodes/node-link';

export interface NodePool {
  readonly dispatcher: Pick<
    Dispatcher,
    | 'candidate'
    | 'suits'
    | 'exclusionOf'
    | 'decide'
    | 'recordNoCandidate'
    | 'exclusionTally'
    | 'isServed'
    | 'isFree'
    | 'explain'
    | 'requests'
    | 'noteAsked'
    | 'nodeToWake'
    | 'nodeCount'
  >;
  /** Actions on models of nodes. */
  readonly modelControl: Pick<ControlRequests, 'start' | 'within'>;
  /** Null: this pool has no jobs. */
  readonly jobs: { liveOn(nodeId: string, modelId?: string): number } | null;
  now(): Instant;
  record(nodeId: string): NodeRecord | undefined;
  records(): Iterable<NodeRecord>;
  linkOf(nodeId: string): NodeLink | undefined;
  apply(nodeId: string, event: NodeEvent): unknown;
  /** Many nodes fell silent at once, so the scheduler itself may have lost its network: jobs are not requeued yet (lifecycle §1). */
  isEvictionPaused(): boolean;
  readonly availability: Pick<NodeAvailability, 'nodesIn'>;
  /** The counts of jobs have changed. Subscribers of the pool get them soon. */
  jobsCounted(): void;
}
