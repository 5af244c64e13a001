// Is there a GPU with memory, and usable now?
import { type GpuFacts, type GpuFault, gpuFault } from '../gpu-usability';
import type { HealthCheck } from './check-input';

export const gpuCheck: HealthCheck = ({ profile, usage, gpus }) => {
  const facts = { hardware: profile.hardware, usage, gpus };
  const fault = gpuFault(facts);
  if (fault === null) return null;
  return {
    check: 'gpu',
    code: 'gpu_unavailable',
    message: gpuFaultMessage(fault, facts),
    details: { fault, gpu_percent: gpuPercentFound(facts), ...availability(facts) },
  };
};

/** `not_measured` when absent; else as sent, with null for what JSON cannot carry. */
function gpuPercentFound({ usage }: GpuFacts): number | null | 'not_measured' {
  const gpuPercent = usage?.gpu_percent;
  if (gpuPercent === undefined) return 'not_measured';
  return gpuPercent !== null && Number.isFinite(gpuPercent) ? gpuPercent : null;
}

/** `available` is null when the node sent no live figures: unknown is not zero. */
const availability = ({ hardware, gpus }: GpuFacts) => ({
  available: gpus === null ? null : gpus.filter((gpu) => gpu.available).length,
  of: gpus === null ? hardware.gpus.length : gpus.length,
});

function gpuFaultMessage(fault: GpuFault, facts: GpuFacts): string {
  const of = String(availability(facts).of);
  switch (fault) {
    case 'no_gpu_memory':
      return `${of} 个 GPU 均无显存 / none of ${of} GPUs has memory`;
    case 'use_unreadable':
      return `GPU 使用率不可读（${String(facts.usage?.gpu_percent)}） / GPU use is not readable (${String(facts.usage?.gpu_percent)})`;
    case 'none_available':
      return `可用 GPU：0/${of} / 0 of ${of} GPUs available`;
  }
}
