// Keeps which GPUs the owner offers. The file of the state folder comes before the configuration: it has the last choice in the window.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { codeOfError } from '../../shared/errors';
import { parseJsonAs } from '../../shared/json';
import { MAX_GPUS, MAX_MEMORY_GB } from '../../shared/protocol/limits';
import { replaceFile } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';
import type { GpuChoice } from './core/gpu-choice';

const nameSchema = z.string().min(1).max(320);
const fileSchema = z.object({
  version: z.literal(1),
  gpus: z.array(nameSchema).max(MAX_GPUS).nullable(),
  vramLimits: z.array(z.object({ gpu: nameSchema, gb: z.number().positive().max(MAX_MEMORY_GB) })).max(MAX_GPUS),
});

/** Keeps the choice of the owner over restarts. */
export interface GpuChoiceStore {
  /** Null: the owner made no choice here. */
  read(): GpuChoice | null;
  /** Resolves to null, or to the reason why the choice cannot be kept, such as `ENOSPC`. */
  save(choice: GpuChoice): Promise<string | null>;
}

export const gpuChoiceFile = (file: string, logger: Logger): GpuChoiceStore => ({
  read: () => {
    try {
      const { gpus, vramLimits } = parseJsonAs(fileSchema, readFileSync(file, 'utf8'));
      return { gpus, vramLimits };
    } catch (error) {
      if (codeOfError(error) !== 'ENOENT') logger.log('warn', 'gpu_choice_forgotten', { file, reason: codeOfError(error) ?? 'damaged' });
      return null;
    }
  },
  save: ({ gpus, vramLimits }) => replaceFile(file, JSON.stringify({ version: 1, gpus, vramLimits })),
});
