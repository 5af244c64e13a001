// For how many jobs a queued job counts in the limits of the queue. Requirements may name 64 models and 16 kinds, and stay in memory while
// the job waits: by number alone, waiting jobs could take many gigabytes.
import type { JobRequirements } from '../../dispatch/job-requirements';

/** A usual job takes less. */
const BYTES_OF_ONE = 4096;
/** Two bytes, in the requirements and in the key of their group. */
const BYTES_PER_CHARACTER = 4;
/** Of a text or an object in a list. */
const BYTES_PER_ENTRY = 64;

export function queueWeightOf({ requiredModels: models, requiredKinds: kinds = [] }: JobRequirements): number {
  const names = models.reduce((sum, { length }) => sum + length, 0);
  const languages = kinds.reduce((sum, { srcLang = '', tgtLang = '' }) => sum + srcLang.length + tgtLang.length, 0);
  const bytes = BYTES_PER_CHARACTER * (names + languages) + BYTES_PER_ENTRY * (models.length + 3 * kinds.length);
  return Math.max(1, Math.ceil(bytes / BYTES_OF_ONE));
}

/** The first job fits in each limit but 0, so that none is refused for ever. */
export const fitsQueue = (queued: number, weight: number, limit: number): boolean => queued + (queued === 0 ? 1 : weight) <= limit;
