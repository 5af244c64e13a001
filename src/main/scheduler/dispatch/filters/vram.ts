// Filter `vram`: the free GPU memory covers the models of the job, where both are known. A loaded model needs no more of it.
import { missingVram } from '../free-vram';
import type { DispatchFilter } from './dispatch-filter';

export const vram: DispatchFilter = (candidate, job) => {
  const missing = missingVram(candidate, job.requiredModels);
  if (missing === null) return null;
  return {
    filter: 'vram',
    code: 'vram_insufficient',
    wanted: { model_id: missing.modelId, vram_gb: missing.vramGb },
    found: { free_vram_gb: missing.freeGb },
  };
};
