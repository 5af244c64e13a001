// The names of GPUs, short: without the vendor of most of them. Pure.
import type { NodeView } from '../../shared/api/node-view';
import type { Labels } from '../i18n/use-labels';

/** `RTX 4090` of `NVIDIA GeForce RTX 4090`. */
export const shortGpuName = (name: string): string => name.replace(/^NVIDIA (?:GeForce )?(?=\S)/, '');

/** `RTX 4090, 2 × H100 80GB HBM3`. Lines break only between two GPUs. */
export function gpuSummary({ hardware }: Pick<NodeView, 'hardware'>, { t }: Pick<Labels, 't'>): string {
  const counts = new Map<string, number>();
  for (const gpu of hardware.gpus) {
    const name = shortGpuName(gpu.name);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => (count === 1 ? name : `${String(count)} × ${name}`).replaceAll(' ', '\u00a0'))
    .join(t('punctuation.list'));
}
