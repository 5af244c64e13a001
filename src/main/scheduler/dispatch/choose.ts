// Which node gets a job: the first in rank order that passes the job's own filters (lifecycle §3).
import type { JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';

export interface Choice {
  /** Null: no node passes. */
  readonly node: NodeRecord | null;
  /** Candidates looked at. */
  readonly candidates: number;
}

export declare function choose(index: CandidateIndex, job: JobRequirements): Choice;
