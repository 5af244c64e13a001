// Why nodes got no job, counted over all dispatches that found nobody (lifecycle §3, Explaining).
import type { Exclusion, Exclusions, JobRequirements } from '../../../shared/api/dispatch';
import type { NodeRecord } from '../lifecycle/node-record';
import type { DispatchPolicy } from './policy';

/** Count per reason and up to 5 example nodes: the `reasons` of a `NO_AVAILABLE_NODE`. */
export type ExclusionTally = Exclusions['reasons'];

/** The first failing filter of each node, counted; `onExcluded` is told each (for `PassedOver.note`). */
export declare function tallyExclusions(
  records: Iterable<NodeRecord>,
  job: JobRequirements,
  policy: DispatchPolicy,
  onExcluded?: (nodeId: string, exclusion: Exclusion) => void,
): ExclusionTally;

export declare class ExclusionAggregates {
  /** `sinceMs`: Unix ms. */
  constructor(sinceMs: number);
  add(tally: ExclusionTally): void;
  view(): Exclusions;
  reset(sinceMs: number): void;
}
