// A limit of the memory of one GPU in the configuration: `GPU=GB`, such as `RTX 4090=16`.
import { MAX_MEMORY_GB } from './protocol/limits';

export interface VramLimit {
  /** The UUID, the index or the name of a GPU. */
  readonly gpu: string;
  readonly gb: number;
}

/** Null: not such a limit. */
export function parseVramLimit(text: string): VramLimit | null {
  const [, gpu = '', digits = ''] = /^(.{1,320})=(\d{1,7}(?:\.\d{1,2})?)$/.exec(text.trim()) ?? [];
  const gb = Number(digits);
  return gpu.trim() === '' || gb <= 0 || gb > MAX_MEMORY_GB ? null : { gpu: gpu.trim(), gb };
}
