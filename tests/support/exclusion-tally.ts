// The tally of a decision by a check of every node: the result that the live tallies and the counter of missed jobs must have.
import { type ExclusionTally, MAX_EXAMPLES } from '../../src/main/scheduler/dispatch/exclusion-aggregates';
import { firstExclusion } from '../../src/main/scheduler/dispatch/filters';
import type { JobRequirements } from '../../src/main/scheduler/dispatch/job-requirements';
import type { DispatchPolicy } from '../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../src/main/scheduler/lifecycle/node-record';
import type { Exclusion } from '../../src/shared/api/dispatch';

/** Counts each node once, by its first reason. Calls `onExcluded` for each of these nodes. */
export function tallyExclusions(
  records: Iterable<NodeRecord>,
  job: JobRequirements,
  policy: DispatchPolicy,
  onExcluded?: (nodeId: string, exclusion: Exclusion) => void,
): ExclusionTally {
  const tally: ExclusionTally = {};
  for (const record of records) {
    const exclusion = firstExclusion(record, job, policy);
    if (exclusion === null) continue;
    onExcluded?.(record.nodeId, exclusion);
    const reason = (tally[exclusion.code] ??= { count: 0, examples: [] });
    reason.count++;
    if (reason.examples.length < MAX_EXAMPLES) reason.examples.push(record.nodeId);
  }
  return tally;
}
