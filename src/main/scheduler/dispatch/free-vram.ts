// Whether a model that is not loaded fits into the free GPU memory of a node (docs/dispatch.md, filter `vram`).
import { inFlightJobs, type NodeRecord } from '../lifecycle/node-record';
import type { InstalledModel } from '../lifecycle/node-report';

export interface MissingVram {
  readonly modelId: string;
  readonly vramGb: number;
  readonly freeGb: number;
}

/** The first of the models that does not fit. Null: all fit, or it is not known. */
export function missingVram(record: NodeRecord, modelIds: readonly string[]): MissingVram | null {
  if (!record.profile.installedModels.some(needsVram)) return null;
  const freeGb = freeVramGb(record);
  if (freeGb === null) return null;
  for (const { modelId, vramGb } of record.profile.installedModels.filter(needsVram)) {
    if (vramGb !== null && vramGb > freeGb && modelIds.includes(modelId)) return { modelId, vramGb, freeGb: Math.round(freeGb * 10) / 10 };
  }
  return null;
}

/** The ids of all models that do not fit. Equal lists: the same jobs pass the filter. */
export function modelsWithoutVram(record: NodeRecord): string {
  const models = record.profile.installedModels.filter(needsVram);
  const freeGb = models.length === 0 ? null : freeVramGb(record);
  if (freeGb === null) return '';
  return models
    .filter(({ vramGb }) => vramGb !== null && vramGb > freeGb)
    .map(({ modelId }) => modelId)
    .join('\n');
}

const needsVram = ({ vramGb, isLoaded }: InstalledModel): boolean => vramGb !== null && isLoaded !== true;

/**
 * The free memory of all available GPUs: servers split a model over them. While no job is in flight, the memory of loaded models counts as
 * free, because their server unloads an idle model for another one. Null: a GPU does not report its memory.
 */
function freeVramGb(record: NodeRecord): number | null {
  const readings = record.gpus?.filter(({ available }) => available) ?? [];
  if (readings.length === 0) return null;
  let freeGb = 0;
  for (const { memoryTotalGb, memoryUsedGb } of readings) {
    if (memoryTotalGb === null || memoryUsedGb === null) return null;
    freeGb += Math.max(0, memoryTotalGb - memoryUsedGb);
  }
  if (inFlightJobs(record) > 0) return freeGb;
  return record.profile.installedModels.reduce((sum, { isLoaded, vramGb }) => sum + (isLoaded === true ? (vramGb ?? 0) : 0), freeGb);
}
