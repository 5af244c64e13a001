// Filter `resource_use`: CPU, GPU and memory usage are strictly below their thresholds. The owner's own work has priority.
import type { NodeUsage } from '../../lifecycle/node-report';
import type { DispatchPolicy } from '../policy';
import type { DispatchFilter } from './dispatch-filter';

/** A node that has not reported its usage does not count as idle. GPU usage that was not measured counts as 0 (protocol §2). */
export const resourceUse: DispatchFilter = ({ usage }, _job, policy) => {
  if (usage === null) return exclusion(policy, null);
  const over = exceeding(usage, policy);
  return over === null ? null : exclusion(policy, over);
};

/** A threshold of 100 means no limit: a fully used machine is not below 100, and an owner who sets 100 wants no limit. */
const isOver = (percent: number, thresholdPercent: number): boolean => thresholdPercent < 100 && !(percent < thresholdPercent);

type Percentages = Record<string, number | null>;

function exceeding(usage: NodeUsage, policy: DispatchPolicy): Percentages | null {
  const gpuPercent = usage.gpuPercent ?? 0;
  let over: Percentages | null = null;
  if (isOver(usage.cpuPercent, policy.cpuThresholdPercent)) (over ??= {})['cpu_percent'] = usage.cpuPercent;
  // JSON cannot hold NaN or Infinity, so they become null.
  if (isOver(gpuPercent, policy.gpuThresholdPercent)) (over ??= {})['gpu_percent'] = Number.isFinite(gpuPercent) ? gpuPercent : null;
  if (isOver(usage.memoryPercent, policy.memoryThresholdPercent)) (over ??= {})['mem_percent'] = usage.memoryPercent;
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
