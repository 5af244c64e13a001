// The type of a filter: one rule about a node, with one reason code. A new filter is one file here and one line in `filters.ts`.
import type { Exclusion } from '../../../../shared/api/dispatch';
import type { NodeRecord } from '../../lifecycle/node-record';
import type { DispatchPolicy } from '../policy';
import type { JobRequirements } from '../job-requirements';

/** Null: the node passes. Else the wanted and found values as JSON. */
export type DispatchFilter = (candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy) => Exclusion | null;
