// The one list of dispatch filters, in the order of lifecycle §3.
import type { Exclusion, JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { DispatchPolicy } from './policy';

/** Null: the node passes; else what was wanted and what was found. */
export type DispatchFilter = (candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy) => Exclusion | null;

/** The first filter that the node does not pass; null when it passes all. */
export declare function firstExclusion(candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): Exclusion | null;
/** Every filter that the node does not pass, in their order. */
export declare function allExclusions(candidate: NodeRecord, job: JobRequirements, policy: DispatchPolicy): Exclusion[];
