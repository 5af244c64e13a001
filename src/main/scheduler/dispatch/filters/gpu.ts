// Filter `gpu`: a GPU of the node is usable now and has the required memory.
import { type GpuFacts, gpuFault, largestAvailableGpuGb } from '../../lifecycle/gpu-usability';
import type { DispatchFilter } from './dispatch-filter';

export const gpu: DispatchFilter = ({ profile, usage, gpus }, job) => {
  const facts: GpuFacts = { hardware: profile.hardware, usage, gpus };
  const fault = gpuFault(facts);
  const minGb = job.minGpuMemoryGb;
  if (fault === null && (minGb === undefined || hasMemory(facts, minGb))) return null;
  return {
    filter: 'gpu',
    code: 'gpu_unavailable',
    wanted: minGb === undefined ? { usable: true } : { usable: true, memory_gb: minGb },
    found: { usable: fault === null, fault, memory_gb: largestAvailableGpuGb(facts) },
  };
};

const hasMemory = (facts: GpuFacts, minGb: number): boolean => {
  const largestGb = largestAvailableGpuGb(facts);
  return largestGb !== null && largestGb >= minGb;
};
