// Whether this computer's own work keeps jobs away now: its load as the scheduler last heard it, against the limits that would turn
// a job away now, or did so within the last hour. Pure. The limits are told only by what they turn away.
import type { Explanation } from '../../../shared/api/dispatch';
import { exclusionFacts, type Use } from '../../../shared/api/exclusion-facts';
import type { NodeView } from '../../../shared/api/node-view';

export interface OverLimit {
  readonly use: Use;
  readonly percent: number;
  readonly limitPercent: number;
}

/** `now`: where a job that may go to this computer alone would go; null: not known. */
export function overLimits(
  { node_id, status, resource_usage: usage, passed_over }: NodeView,
  now: Explanation | null,
): readonly OverLimit[] {
  const excluded = now?.nodes.find((node) => node.node_id === node_id)?.excluded ?? [];
  const facts = [...excluded, ...passed_over.reasons].map(exclusionFacts).find((one) => one?.code === 'resource_threshold_exceeded');
  if (status !== 'ready' || usage === null || facts === undefined || facts === null) return [];
  const percents: readonly (readonly [Use, number])[] = [
    ['cpu', usage.cpu_percent],
    ['gpu', usage.gpu_percent ?? 0],
    ['mem', usage.mem_percent],
  ];
  return percents
    .map(([use, percent]) => ({ use, percent, limitPercent: facts.limitPercent[use] }))
    .filter(({ percent, limitPercent }) => limitPercent < 100 && percent >= limitPercent);
}
