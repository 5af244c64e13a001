// Whether this computer's own work keeps jobs away now: its load as the scheduler last heard it, against the pool's thresholds. Pure.
import type { Use } from '../../../shared/api/exclusion-facts';
import type { NodeView, PoolSummary } from '../../../shared/api/node-view';

export interface OverLimit {
  readonly use: Use;
  readonly percent: number;
  readonly limitPercent: number;
}

/** Judged as the dispatch does (dispatch, `resource_use`). Empty too where the scheduler does not say its thresholds. */
export function overLimits(
  { status, resource_usage: usage }: NodeView,
  { resource_thresholds: thresholds }: PoolSummary,
): readonly OverLimit[] {
  if (status !== 'ready' || usage === null || thresholds === undefined) return [];
  const uses: readonly OverLimit[] = [
    { use: 'cpu', percent: usage.cpu_percent, limitPercent: thresholds.cpu_percent },
    { use: 'gpu', percent: usage.gpu_percent ?? 0, limitPercent: thresholds.gpu_percent },
    { use: 'mem', percent: usage.mem_percent, limitPercent: thresholds.mem_percent },
  ];
  return uses.filter(({ percent, limitPercent }) => limitPercent < 100 && percent >= limitPercent);
}
