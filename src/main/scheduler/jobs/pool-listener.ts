// The events of nodes that jobs need: the counterpart of NodePool, implemented by JobService.
import type { OpenJobCounts } from '../../../shared/api/job';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { RequeueCause } from '../lifecycle/events';

type MessageOf<Type extends NodeMessage['type']> = Extract<NodeMessage, { type: Type }>;

/** A job that a registering node names: the job still runs, or its result is not acknowledged yet. */
export interface ActiveJob {
  readonly job_id: string;
  readonly attempt: number;
}

export interface PoolListener {
  /** Whether a job waits for a node. If not, no event of a node can help. */
  readonly isWaiting: boolean;
  /** The current counts of live jobs. */
  readonly counts: OpenJobCounts;
  /** The node may be able to take a job that it could not take before. */
  tryNode(nodeId: string): void;
  readonly nodes: {
    /** `isSameLink`: the node was already registered on this link. */
    registered(nodeId: string, active: readonly ActiveJob[], isSameLink: boolean): void;
    accepted(nodeId: string, message: MessageOf<'job_accepted'>): void;
    chunk(nodeId: string, message: MessageOf<'job_chunk'>): void;
    result(nodeId: string, message: MessageOf<'job_result'>): void;
    requeue(nodeId: string, cause: RequeueCause): void;
    requeueDeferred(): void;
  };
}
