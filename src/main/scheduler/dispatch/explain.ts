// Why a job would go where it goes: every filter for every node (lifecycle §3, Explaining).
import type { Explanation, JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { CandidateIndex } from './candidate-index';

export declare function explain(records: Iterable<NodeRecord>, index: CandidateIndex, job: JobRequirements): Explanation;
