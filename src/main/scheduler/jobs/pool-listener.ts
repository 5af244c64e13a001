// What the scheduler tells of its nodes to the jobs: the counterpart of NodePool, implemented by JobService.
import type { OpenJobCounts } from '../../../shared/api/job';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { RequeueCause } from '../lifecycle/events';

type MessageOf<Type extends NodeMessage['type']> = Extract<NodeMessage, { type: Type }>;

/** Named by a node that registers: it still runs, or is finished and not yet acknowledged. */
export interface ActiveJob {
  readonly job_id: string;
  readonly attempt: number;
}

export interface PoolListener {
  /** Whether some job waits for a node: if not, no event at a node could help. */
  readonly isWaiting: boolean;
  /** Of jobs that are not over, whenever it is asked. */
  readonly counts: OpenJobCounts;
  /** The node may take a job that it could not take before. */
  nodeOpened(nodeId: string): void;
  readonly nodes: {
    /** `isSameLink`: it was registered on this link before. */
    registered(nodeId: string, active: readonly ActiveJob[], isSameLink: boolean): void;
    accepted(nodeId: string, message: MessageOf<'job_accepted'>): void;
    chunk(nodeId: string, message: MessageOf<'job_chunk'>): void;
    result(nodeId: string, message: MessageOf<'job_result'>): void;
    requeue(nodeId: string, cause: RequeueCause): void;
    releaseHeld(): void;
  };
}
