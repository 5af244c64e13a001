// Which node gets a job: of the fitting candidates in rank order, the first that the job's own filters accept (lifecycle §3).
// The same job and pool give the same node.
import type { JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';
import { suits } from './filters';

const NONE: ReadonlySet<string> = new Set();

export interface Choice {
  /** Null: no node can take this job now. */
  readonly node: NodeRecord | null;
  /** Candidates that were looked at. */
  readonly candidates: number;
}

/** Of the nodes in `avoided` one is chosen only when no other can take the job. */
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
