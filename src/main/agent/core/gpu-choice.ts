// Which GPUs the owner offers to the pool, and how much of their memory (`agent.gpus`, `agent.vram_limits_gb`). A GPU is named by its UUID,
// its key, its index or its name.
import type { GpuOffer } from '../../../shared/api/gpu';
import { fail, ok, type Result } from '../../../shared/result';
import { parseVramLimit, type VramLimit } from '../../../shared/vram-limit';
import type { GpuAdapter } from '../../hardware/parse/types';

export interface GpuChoice {
  /** Null: every GPU is offered, also one that is added later. */
  readonly gpus: readonly string[] | null;
  /** The first entry for a GPU holds. */
  readonly vramLimits: readonly VramLimit[];
}

export const EVERY_GPU: GpuChoice = { gpus: null, vramLimits: [] };

type NamedGpu = Pick<GpuAdapter, 'key' | 'uuid' | 'index' | 'name'>;

const names = (wanted: string, { key, uuid, index, name }: NamedGpu): boolean =>
  wanted === key || wanted === uuid || wanted === String(index) || wanted.toLowerCase() === name.toLowerCase();

export const isOffered = ({ gpus }: GpuChoice, gpu: NamedGpu): boolean => gpus === null || gpus.some((wanted) => names(wanted, gpu));

/** Null: no limit. */
export const vramLimitGb = ({ vramLimits }: GpuChoice, gpu: NamedGpu): number | null =>
  vramLimits.find((limit) => names(limit.gpu, gpu))?.gb ?? null;

/** The choice of the configuration, whose entries are valid. */
export const configuredChoice = (gpus: readonly string[] | null, vramLimits: readonly string[]): GpuChoice => ({
  gpus,
  vramLimits: vramLimits.flatMap((text) => parseVramLimit(text) ?? []),
});

/** The same choice as settings. Null: the default holds. */
export const settingsOf = ({ gpus, vramLimits }: GpuChoice): readonly { readonly key: string; readonly value: string[] | null }[] => [
  { key: 'agent.gpus', value: gpus === null ? null : [...gpus] },
  { key: 'agent.vram_limits_gb', value: vramLimits.length === 0 ? null : vramLimits.map(({ gpu, gb }) => `${gpu}=${String(gb)}`) },
];

/** The names of the choice that no accepted GPU of this computer has, for a log line. */
export const unknownGpus = ({ gpus, vramLimits }: GpuChoice, accepted: readonly NamedGpu[]): readonly string[] => [
  ...new Set([...(gpus ?? []), ...vramLimits.map(({ gpu }) => gpu)].filter((wanted) => !accepted.some((gpu) => names(wanted, gpu)))),
];

/**
 * The choice after a change. Fails with `unknown_gpu`, or with `last_gpu`: a node without a GPU is refused by its scheduler. Entries of GPUs
 * that are not in this computer now stay.
 */
export function withOffer(
  choice: GpuChoice,
  accepted: readonly NamedGpu[],
  { key, offered, vram_limit_gb: limitGb }: GpuOffer,
): Result<GpuChoice, 'unknown_gpu' | 'last_gpu'> {
  const gpu = accepted.find((candidate) => candidate.key === key);
  if (gpu === undefined) return fail('unknown_gpu');
  const isWanted = (candidate: NamedGpu): boolean => (candidate === gpu && offered !== undefined ? offered : isOffered(choice, candidate));
  const wanted = accepted.filter(isWanted);
  if (offered !== undefined && wanted.length === 0) return fail('last_gpu');
  const absent = (choice.gpus ?? []).filter((name) => !accepted.some((candidate) => names(name, candidate)));
  const gpus = offered === undefined ? choice.gpus : wanted.length === accepted.length ? null : [...wanted.map(idOf), ...absent];
  if (limitGb === undefined) return ok({ ...choice, gpus });
  return ok({ gpus, vramLimits: [...(limitGb === null ? [] : [{ gpu: idOf(gpu), gb: limitGb }]), ...otherLimits(choice, accepted, gpu)] });
}

/** A limit by name may be that of other GPUs, too: these keep it. */
const otherLimits = (choice: GpuChoice, accepted: readonly NamedGpu[], gpu: NamedGpu): readonly VramLimit[] =>
  choice.vramLimits.flatMap((limit) => {
    if (!names(limit.gpu, gpu)) return [limit];
    return accepted.filter((other) => other !== gpu && names(limit.gpu, other)).map((other) => ({ gpu: idOf(other), gb: limit.gb }));
  });

const idOf = ({ uuid, key }: NamedGpu): string => uuid ?? key;
