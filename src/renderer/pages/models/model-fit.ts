// Whether a model fits into the GPU memory of this computer. An estimate, unless the model was loaded here before. GB are 2^30 bytes.
import type { GpuView } from '../../../shared/api/agent-view';
import { estimatedVramGb } from '../../../shared/model-size';

const BYTES_PER_GB = 1024 ** 3;
/** Context and buffers beside the weights. */
const BESIDE_WEIGHTS = 1.1;

export interface OfferedMemory {
  readonly largestGb: number;
  readonly sumGb: number;
}

/** The memory that the pool may use of each offered GPU. Null: there is no such GPU, or its size is unknown. */
export function offeredMemory(gpus: readonly GpuView[]): OfferedMemory | null {
  const sizes = gpus.flatMap(({ accepted, offered, memory_gb: size, vram_limit_gb: limit }) =>
    accepted && offered !== false && size !== null ? [Math.min(size, limit ?? size)] : [],
  );
  return sizes.length === 0 ? null : { largestGb: Math.max(...sizes), sumGb: sizes.reduce((sum, size) => sum + size, 0) };
}

export interface SizeFacts {
  readonly modelId: string;
  /** The memory that it used when it was loaded. Null: unknown. */
  readonly vramGb: number | null;
  /** Null: unknown. */
  readonly sizeBytes: number | null;
}

/** The memory that the model needs, GB. Null: unknown. */
export function neededGb({ modelId, vramGb, sizeBytes }: SizeFacts): number | null {
  if (vramGb !== null && vramGb > 0) return vramGb;
  return sizeBytes === null || sizeBytes === 0 ? estimatedVramGb(modelId) : (sizeBytes / BYTES_PER_GB) * BESIDE_WEIGHTS;
}

/** The disk space that the files of a model take, estimated from the memory that it needs. */
export const fileBytesOf = (needed: number): number => (needed / BESIDE_WEIGHTS) * BYTES_PER_GB;

export interface DiskLack {
  readonly neededBytes: number;
  readonly freeBytes: number;
}

/** The disk space that a download lacks. Null: there is enough, or a figure is unknown. */
export function diskLackOf(needed: number | null, freeBytes: number | null): DiskLack | null {
  if (needed === null || freeBytes === null) return null;
  const neededBytes = fileBytesOf(needed);
  return neededBytes > freeBytes ? { neededBytes, freeBytes } : null;
}

/** `split`: only over several GPUs. */
export type Fit =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fits' | 'split' | 'too_large'; readonly neededGb: number; readonly totalGb: number };

export function fitOf(needed: number | null, memory: OfferedMemory | null): Fit {
  if (needed === null || memory === null) return { kind: 'unknown' };
  const { largestGb, sumGb } = memory;
  if (needed <= largestGb) return { kind: 'fits', neededGb: needed, totalGb: largestGb };
  return { kind: needed <= sumGb ? 'split' : 'too_large', neededGb: needed, totalGb: sumGb };
}
