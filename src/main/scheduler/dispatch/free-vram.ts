// Whether a model that is not loaded fits into the free GPU memory of a node (docs/dispatch.md, filter `vram`).
import { inFlightJobs, type NodeRecord } from '../lifecycle/node-record';
import type { InstalledModel } from '../lifecycle/node-report';

/** In tenths of a GB. The need is rounded up and the free memory down, so that the need is always the larger number. */
export interface MissingVram {
  readonly modelId: string;
  readonly vramGb: number;
  readonly freeGb: number;
}

/** The first of the models that does not fit. Null: all fit, or it is not known. */
export function missingVram(record: NodeRecord, modelIds: readonly string[]): MissingVram | null {
  const models = record.profile.installedModels.filter(needsVram).filter(({ modelId }) => modelIds.includes(modelId));
  const freeGb = models.length === 0 ? null : freeVramGb(record);
  const missing = freeGb === null ? undefined : models.find(({ vramGb }) => vramGb > freeGb);
  return missing === undefined || freeGb === null
    ? null
    : { modelId: missing.modelId, vramGb: Math.ceil(missing.vramGb * 10) / 10, freeGb: Math.floor(freeGb * 10) / 10 };
}

/** The ids of all models that do not fit. Equal lists: the same jobs pass the filter. */
export function modelsWithoutVram(record: NodeRecord): string {
  const models = record.profile.installedModels.filter(needsVram);
  const freeGb = models.length === 0 ? null : freeVramGb(record);
  if (freeGb === null) return '';
  return models
    .filter(({ vramGb }) => vramGb > freeGb)
    .map(({ modelId }) => modelId)
    .join('\n');
}

const needsVram = (model: InstalledModel): model is InstalledModel & { readonly vramGb: number } =>
  model.vramGb !== null && model.isLoaded !== true;

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
