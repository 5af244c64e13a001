// Whether this computer's own work keeps jobs away now: its load as the scheduler last heard it, against the limits that would turn
// a job away now, or did so within the last hour. Pure. The limits are told only by what they turn away.
import { z } from 'zod';
import type { Explanation } from '../../../shared/api/dispatch';
import type { NodeView } from '../../../shared/api/node-view';

const limitsSchema = z.object({ cpu_percent_below: z.number(), gpu_percent_below: z.number(), mem_percent_below: z.number() });

export interface OverLimit {
  readonly use: 'cpu' | 'gpu' | 'mem';
  readonly percent: number;
  readonly limitPercent: number;
}

/** `now`: where a job that may go to this computer alone would go; null: not known. */
export function overLimits(
  { node_id, status, resource_usage: usage, passed_over }: NodeView,
  now: Explanation | null,
): readonly OverLimit[] {
  const excluded = now?.nodes.find((node) => node.node_id === node_id)?.excluded ?? [];
  const turnedAway = [...excluded, ...passed_over.reasons].find(({ code }) => code === 'resource_threshold_exceeded');
  const limits = limitsSchema.safeParse(turnedAway?.wanted);
  if (status !== 'ready' || usage === null || !limits.success) return [];
  const { cpu_percent_below: cpu, gpu_percent_below: gpu, mem_percent_below: mem } = limits.data;
  return (
    [
      { use: 'cpu', percent: usage.cpu_percent, limitPercent: cpu },
      { use: 'gpu', percent: usage.gpu_percent ?? 0, limitPercent: gpu },
      { use: 'mem', percent: usage.mem_percent, limitPercent: mem },
    ] as const
  ).filter(({ percent, limitPercent }) => limitPercent < 100 && percent >= limitPercent);
}
