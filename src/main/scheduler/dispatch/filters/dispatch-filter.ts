// What a filter is: one question about a node, one reason code. Adding one is one file here and one line in `filters.ts`.
import type { Exclusion, JobRequirements } from '../../../../shared/api/dispatch';
import type { NodeRecord } from '../../lifecycle/node-record';
import type { DispatchPolicy } from '../policy';

/** Null: the node passes; else what was wanted and what was found, as JSON. */
export type DispatchFilter = (candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy) => Exclusion | null;
