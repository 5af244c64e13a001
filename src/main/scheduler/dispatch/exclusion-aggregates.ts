// Why nodes got no job: for one dispatch that found nobody, and over all of them since the last reset (lifecycle §3, Explaining).
import type { Exclusion, Exclusions, JobRequirements } from '../../../shared/api/dispatch';
import type { ExclusionReason } from '../../../shared/protocol/status';
import type { NodeRecord } from '../lifecycle/node-record';
import { firstExclusion } from './filters';
import type { DispatchPolicy } from './policy';

/** Count per reason and up to 5 example nodes: the `reasons` of a `NO_AVAILABLE_NODE`. */
export type ExclusionTally = Exclusions['reasons'];

/** Of a reason, in every tally. */
export const MAX_EXAMPLES = 5;

/** Counts each node once, by the first filter it does not pass; `onExcluded` is told each (for `MissedJobsLog.note`). */
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

/** Memory is bounded by the number of reasons. */
export class ExclusionAggregates {
  #sinceMs: number;
  #reasons = new Map<ExclusionReason, { readonly count: number; readonly examples: readonly string[] }>();

  /** `sinceMs`: Unix ms. */
  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs;
  }

  /** Examples of the newest dispatch come first, older ones fill up. */
  add(tally: ExclusionTally): void {
    for (const [code, { count, examples }] of Object.entries(tally) as [ExclusionReason, { count: number; examples: string[] }][]) {
      const known = this.#reasons.get(code);
      this.#reasons.set(code, {
        count: (known?.count ?? 0) + count,
        examples: [...new Set([...examples, ...(known?.examples ?? [])])].slice(0, MAX_EXAMPLES),
      });
    }
  }

  view(): Exclusions {
    const reasons: ExclusionTally = {};
    for (const [code, { count, examples }] of this.#reasons) reasons[code] = { count, examples: [...examples] };
    return { since: this.#sinceMs, reasons };
  }

  reset(sinceMs: number): void {
    this.#sinceMs = sinceMs;
    this.#reasons = new Map();
  }
}
