// Whether a node has a GPU that is usable now (protocol §2: `gpu_percent`, `gpus[].available`). For the health check and dispatch.
import type { GpuReading, NodeGpu, NodeHardware, NodeUsage } from './node-report';

export interface GpuFacts {
  readonly hardware: NodeHardware;
  readonly usage: NodeUsage | null;
  readonly gpus: readonly GpuReading[] | null;
}

export type GpuUnusableReason = 'no_gpu_memory' | 'use_unreadable' | 'none_available';

/** A GPU without memory cannot run a job, so it does not count. */
const isAccepted = (gpu: NodeGpu): boolean => gpu.memoryGb > 0;

/** Why no GPU is usable now; null when one is. */
export function gpuFault({ hardware, usage, gpus }: GpuFacts): GpuUnusableReason | null {
  if (!hardware.gpus.some(isAccepted)) return 'no_gpu_memory';
  const gpuPercent = usage?.gpuPercent;
  // Undefined means not measured. Null, NaN or a value outside 0-100 means that the driver gave no valid reading.
  if (gpuPercent !== undefined && !(gpuPercent !== null && gpuPercent >= 0 && gpuPercent <= 100)) return 'use_unreadable';
  if (gpus !== null && !gpus.some((gpu) => gpu.available)) return 'none_available';
  return null;
}

/**
 * Memory in GB of the largest GPU that counts and is available: as measured, else as registered. Null when there is none. A live reading
 * belongs to the GPU with the same index. A GPU that was registered without an index has its position as index.
 */
export function largestAvailableGpuGb({ hardware, gpus }: GpuFacts): number | null {
  let largest: number | null = null;
  hardware.gpus.forEach((gpu, position) => {
    if (!isAccepted(gpu)) return;
    const live = gpus?.find(({ index }) => index === (gpu.index ?? position));
    if (gpus !== null && live?.available !== true) return;
    const memoryGb = live?.memoryTotalGb ?? gpu.memoryGb;
    if (largest === null || memoryGb > largest) largest = memoryGb;
  });
  return largest;
}
