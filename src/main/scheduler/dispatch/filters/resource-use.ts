// Filter `resource_use`: the owner's load of CPU and GPU is strictly below its limit, and enough memory is available. The owner's own work
// has priority; the pool's own load never keeps the pool away.
import { availableMemoryGb, MIN_AVAILABLE_MEMORY_GB } from '../../../../shared/api/available-memory';
import type { NodeRecord } from '../../lifecycle/node-record';
import { loadLimitOf, type LoadLimit, loadLimitsOf } from '../load-limits';
import type { DispatchPolicy } from '../policy';
import type { DispatchFilter } from './dispatch-filter';

/** A node without a heartbeat has no known load, and it is not free. An unknown load of one resource is not judged. */
export const resourceUse: DispatchFilter = (candidate, _job, policy) => {
  if (candidate.usage === null) return exclusion(candidate, policy, null);
  const over = exceeding(candidate, candidate.usage.memoryPercent, policy);
  return over === null ? null : exclusion(candidate, policy, over);
};

const isOver = (percent: number, limit: LoadLimit): boolean => limit.percent !== null && !(percent < limit.percent);

type Found = Record<string, number>;

function exceeding(candidate: NodeRecord, memoryPercent: number | null, policy: DispatchPolicy): Found | null {
  const { cpuPercent, gpuPercent } = candidate.ownerLoad;
  const memoryLimit = loadLimitOf('memoryPercent', candidate, policy);
  let over: Found | null = null;
  if (cpuPercent !== null && isOver(cpuPercent, loadLimitOf('cpuPercent', candidate, policy))) (over ??= {})['cpu_percent'] = cpuPercent;
  if (gpuPercent !== null && isOver(gpuPercent, loadLimitOf('gpuPercent', candidate, policy))) (over ??= {})['gpu_percent'] = gpuPercent;
  if (memoryPercent === null) return over;
  if (isOver(memoryPercent, memoryLimit)) (over ??= {})['mem_percent'] = memoryPercent;
  const availableGb = availableMemoryGb(candidate.profile.hardware.memoryGb, memoryPercent);
  if (hasDefaultLimit(memoryLimit) && availableGb < MIN_AVAILABLE_MEMORY_GB) (over ??= {})['available_memory_gb'] = round(availableGb);
  return over;
}

/** A limit that a person set stands alone. */
const hasDefaultLimit = ({ setBy }: LoadLimit): boolean => setBy === 'default';

const round = (gb: number): number => Math.round(gb * 10) / 10;

function exclusion(candidate: NodeRecord, policy: DispatchPolicy, found: Found | null) {
  const { cpuPercent: cpu, gpuPercent: gpu, memoryPercent: memory } = loadLimitsOf(candidate, policy);
  return {
    filter: 'resource_use',
    code: 'resource_threshold_exceeded' as const,
    wanted: {
      cpu_percent_below: cpu.percent,
      gpu_percent_below: gpu.percent,
      mem_percent_below: memory.percent,
      ...(hasDefaultLimit(memory) ? { available_memory_gb: MIN_AVAILABLE_MEMORY_GB } : {}),
      set_by: { cpu: cpu.setBy, gpu: gpu.setBy, mem: memory.setBy },
    },
    found,
  };
}
