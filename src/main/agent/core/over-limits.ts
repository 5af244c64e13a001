// Which loads of this computer are not below the limits that hold for it, so that a crossing is reported at once (protocol §2).
import { availableMemoryGb, MIN_AVAILABLE_MEMORY_GB } from '../../../shared/api/available-memory';
import type { LoadLimitsView } from '../../../shared/protocol/scheduler-messages';
import type { LoadReport } from '../../hardware/parse/types';

type JudgedLoad = Pick<LoadReport, 'ownerCpuPercent' | 'ownerGpuPercent' | 'memPercent'>;

/** The resources over their limits, as one text, so that two readings can be compared. An unknown load is not over a limit. */
export function overLimits(load: JudgedLoad, memoryGb: number, limits: LoadLimitsView): string {
  const judged = {
    cpu: isOver(load.ownerCpuPercent, limits.cpu_percent),
    gpu: isOver(load.ownerGpuPercent, limits.gpu_percent),
    mem: isOver(load.memPercent, limits.mem_percent),
    available_memory: limits.set_by.mem === 'default' && lacksMemory(memoryGb, load.memPercent),
  };
  return Object.entries(judged)
    .flatMap(([use, over]) => (over ? [use] : []))
    .join(' ');
}

const isOver = (percent: number | null, limit: number | null): boolean => percent !== null && limit !== null && percent >= limit;

const lacksMemory = (memoryGb: number, memPercent: number | null): boolean =>
  memPercent !== null && availableMemoryGb(memoryGb, memPercent) < MIN_AVAILABLE_MEMORY_GB;
