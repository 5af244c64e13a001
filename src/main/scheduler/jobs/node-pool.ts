// The operations on the pool that jobs need. Implemented by Pool, the single writer of node records.
import type { Explanation } from '../../../shared/api/dispatch';
import type { ExclusionTally } from '../dispatch/exclusion-aggregates';
import type { NodeEvent } from '../lifecycle/events';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import type { DispatchDecision } from '../nodes/dispatcher';
import type { NodeLink } from '../nodes/node-link';
import type { JobRequirements } from '../dispatch/job-requirements';

export interface NodePool {
  now(): Instant;
  record(nodeId: string): NodeRecord | undefined;
  records(): Iterable<NodeRecord>;
  linkOf(nodeId: string): NodeLink | undefined;
  apply(nodeId: string, event: NodeEvent): unknown;
  /** Many nodes fell silent at once, so the scheduler itself may have lost its network: jobs are not requeued yet (lifecycle §1). */
  isEvictionPaused(): boolean;
  /** The record of a schedulable node. */
  candidate(nodeId: string): NodeRecord | undefined;
  /** Whether a schedulable node can get this job. */
  suits(node: NodeRecord, job: JobRequirements): boolean;
  /** Chooses a node for a job. Nodes in `avoided` are chosen only when no other node can run the job. */
  decide(jobId: string, job: JobRequirements, avoided?: ReadonlySet<string>): DispatchDecision;
  /** Counts a job for which there is no node, because jobs with the same requirements already wait. */
  recordNoCandidate(jobId: string, job: JobRequirements): void;
  /** Number of excluded nodes per reason. Counts and logs nothing. */
  exclusionTally(job: JobRequirements): ExclusionTally;
  /** Whether a node can take the job now, or only lacks capacity. Counts and logs nothing. */
  isServed(job: JobRequirements): boolean;
  /** `nodeLimit` bounds the nodes that are listed with all their exclusions. */
  explain(job: JobRequirements, nodeLimit?: number): Explanation;
  /** The counts of jobs have changed. Subscribers of the pool get them soon. */
  jobsCounted(): void;
}
