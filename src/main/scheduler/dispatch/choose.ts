// Chooses the node for a job: the first candidate in rank order that passes the job filters (lifecycle §3). Deterministic.
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';
import { suits } from './filters';
import type { JobRequirements } from './job-requirements';

const NONE: ReadonlySet<string> = new Set();

export interface Choice {
  /** Null: no node can run this job now. */
  readonly node: NodeRecord | null;
  /** Number of candidates that were checked. */
  readonly candidates: number;
}

/** A node in `avoided` is chosen only when no other node can run the job. */
export function choose(index: CandidateIndex, job: JobRequirements, avoided: ReadonlySet<string> = NONE): Choice {
  let candidates = 0;
  let lastResort: NodeRecord | null = null;
  for (const node of index.candidatesFor(job)) {
    candidates++;
    if (!suits(node, job, index.policy)) continue;
    if (!avoided.has(node.nodeId)) return { node, candidates };
    lastResort ??= node;
  }
  return { node: lastResort, candidates };
}
