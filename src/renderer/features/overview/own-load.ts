// Whether this computer's own work keeps jobs away now: its load as the scheduler last heard it, against the limits that turned
// jobs away within the last hour. Pure. Where no job was turned away nobody is kept waiting, and nothing is said.
import { z } from 'zod';
import type { NodeView } from '../../../shared/api/node-view';

const limitsSchema = z.object({ cpu_percent_below: z.number(), gpu_percent_below: z.number(), mem_percent_below: z.number() });

export interface OverLimit {
  readonly use: 'cpu' | 'gpu' | 'mem';
  readonly percent: number;
  readonly limitPercent: number;
}

export function overLimits({ status, resource_usage: usage, passed_over }: NodeView): readonly OverLimit[] {
  const turnedAway = passed_over.reasons.find(({ code }) => code === 'resource_threshold_exceeded');
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
