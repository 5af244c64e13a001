// Are CPU, GPU and memory use each strictly below its threshold, where one is set (100 sets none)? The owner's own work comes first.
import type { ResourceUsage } from '../../../../shared/protocol/node-messages';
import type { DispatchPolicy } from '../policy';
import type { DispatchFilter } from './dispatch-filter';

/** A node that never told its use is not taken for idle; a GPU use that was not measured counts as 0 (protocol §2). */
export const resourceUse: DispatchFilter = ({ usage }, _job, policy) => {
  if (usage === null) return exclusion(policy, null);
  const over = exceeding(usage, policy);
  return over === null ? null : exclusion(policy, over);
};

/** A threshold of all there is sets none: a machine that is fully used cannot be below it, and nobody means that by 100. */
const isOver = (percent: number, thresholdPercent: number): boolean => thresholdPercent < 100 && !(percent < thresholdPercent);

type Percentages = Record<string, number | null>;

function exceeding(usage: ResourceUsage, policy: DispatchPolicy): Percentages | null {
  const gpuPercent = usage.gpu_percent ?? 0;
  let over: Percentages | null = null;
  if (isOver(usage.cpu_percent, policy.cpuThresholdPercent)) (over ??= {})['cpu_percent'] = usage.cpu_percent;
  // What JSON cannot carry is shown as null.
  if (isOver(gpuPercent, policy.gpuThresholdPercent)) (over ??= {})['gpu_percent'] = Number.isFinite(gpuPercent) ? gpuPercent : null;
  if (isOver(usage.mem_percent, policy.memoryThresholdPercent)) (over ??= {})['mem_percent'] = usage.mem_percent;
  return over;
}

const exclusion = (policy: DispatchPolicy, found: Percentages | null) => ({
  filter: 'resource_use',
  code: 'resource_threshold_exceeded' as const,
  wanted: {
    cpu_percent_below: policy.cpuThresholdPercent,
    gpu_percent_below: policy.gpuThresholdPercent,
    mem_percent_below: policy.memoryThresholdPercent,
  },
  found,
});
