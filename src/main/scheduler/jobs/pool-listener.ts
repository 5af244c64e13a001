// The events of nodes that jobs need: the counterpart of NodePool, implemented by JobService.
import type { JobError, OpenJobCounts } from '../../../shared/api/job';
import type { RequeueCause } from '../lifecycle/events';
import type { AttemptResult } from './machine/attempt-result';

/** A job that a registering node names: the job still runs, or its result is not acknowledged yet. */
export interface ActiveJob {
  readonly jobId: string;
  readonly attempt: number;
}

/** A node has started an attempt. */
export interface AttemptAccepted {
  readonly jobId: string;
  readonly attempt: number;
}

/** One event of a streamed answer. */
export interface AttemptChunk {
  readonly jobId: string;
  readonly attempt: number;
  readonly seq: number;
  readonly data: unknown;
}

/** The chunks that the replica of the node has passed on to the replica of the client. */
export interface PassedChunks {
  readonly jobId: string;
  readonly attempt: number;
  /** Of the attempt until now. */
  readonly count: number;
  /** The size of the text in those since the last report. */
  readonly bytes: number;
  /** Whether the answer has begun. */
  readonly hasToken: boolean;
}

export interface PoolListener {
  /** Whether a job waits for a node. If not, no event of a node can help. */
  readonly isWaiting: boolean;
  /** The current counts of live jobs. */
  readonly counts: OpenJobCounts;
  /** The rate at which the node generates tokens now. Null: not known. */
  tokensPerSecondOf(nodeId: string): number | null;
  /** The node may be able to take a job that it could not take before. */
  tryNode(nodeId: string): void;
  /** The node gets no jobs now, and is not full: no job must be held for it. */
  stopHoldingFor(nodeId: string): void;
  /** Jobs whose live attempt is on this node; with a model, those that require it. */
  liveOn(nodeId: string, modelId?: string): number;
  readonly nodes: {
    /** `isSameLink`: the node was already registered on this link. */
    registered(nodeId: string, active: readonly ActiveJob[], isSameLink: boolean): void;
    accepted(nodeId: string, message: AttemptAccepted): void;
    chunk(nodeId: string, message: AttemptChunk): void;
    passed(nodeId: string, passed: PassedChunks): void;
    /** The replica of the node refuses the stream of the attempt. */
    refused(nodeId: string, key: ActiveJob, error: JobError): void;
    result(nodeId: string, message: AttemptResult): void;
    requeue(nodeId: string, cause: RequeueCause): void;
    requeueDeferred(): void;
  };
}
