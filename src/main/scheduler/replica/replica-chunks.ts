// The chunks of the nodes of this replica, for the clients of other replicas. The leader sees none of the chunks that are passed on here.
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import type { SeenChunks } from '../jobs/machine/stream-check';
import type { AnswerRoute } from '../nodes/node-link';

export type JobChunk = Extract<NodeMessage, { type: 'job_chunk' }>;

export interface AttemptKey {
  readonly jobId: string;
  readonly attempt: number;
}

export interface AssignedAttempt extends AttemptKey, AnswerRoute {}

/** `nodeId`: the registered node of the connection, so that no node sends chunks of an attempt of another one. */
export interface ReplicaChunks {
  /** The leader has assigned the attempt to the node. Called again when a leader repeats the assignment. */
  assigned(nodeId: string, attempt: AssignedAttempt): void;
  /**
   * True: the chunk was passed on, or dropped for good: the leader does not get it. Works while there is no leader. After each registration a
   * node repeats the chunks of its attempts.
   */
  take(nodeId: string, chunk: JobChunk): boolean;
  /** What was passed on of the attempt, for its result, which is forwarded now: no chunk follows. Null: the leader has the chunks. */
  seen(nodeId: string, key: AttemptKey): SeenChunks | null;
  /** The leader has acknowledged the result. `key` null: the connection of the node has ended, and so have all its attempts. */
  ended(nodeId: string, key: AttemptKey | null): void;
}

/** All chunks go to the leader. */
export const CHUNKS_TO_LEADER: ReplicaChunks = {
  assigned: () => undefined,
  take: () => false,
  seen: () => null,
  ended: () => undefined,
};
