// The hardware as the pool sees it: without the GPUs that the owner does not offer, and with the owner's limits of their memory. A GPU with a
// limit looks like a smaller card. The limit is a limit of the jobs that are assigned here: no system enforces it on a model server.
import { ownerGpuPercentOf } from '../../hardware/decide/owner-load';
import { known, readingValue } from '../../hardware/parse/reading';
import type { GpuAdapter, GpuLoad, GpuShare, HardwareReport, LoadReport } from '../../hardware/parse/types';
import { type GpuChoice, isOffered, vramLimitGb } from './gpu-choice';

/** Refused adapters stay: they are not offered anyway. */
export const offeredReport = (report: HardwareReport, choice: GpuChoice): HardwareReport => ({
  ...report,
  adapters: report.adapters
    .filter((adapter) => !adapter.verdict.accepted || isOffered(choice, adapter))
    .map((adapter) => ({
      ...adapter,
      memoryGb: adapter.memoryGb === null ? null : Math.min(adapter.memoryGb, vramLimitGb(choice, adapter) ?? Infinity),
      live: limitedLive(adapter, undefined, vramLimitGb(choice, adapter)),
    })),
});

/** The owner's use of a GPU that is not offered keeps no jobs away. */
export function offeredLoad(load: LoadReport, report: HardwareReport, choice: GpuChoice): LoadReport {
  const limits = new Map(
    report.adapters
      .filter((adapter) => adapter.verdict.accepted && isOffered(choice, adapter))
      .map((adapter) => [adapter.key, vramLimitGb(choice, adapter)]),
  );
  const shares = load.shares.filter(({ key }) => limits.has(key));
  const gpus = load.gpus
    .filter(({ key }) => limits.has(key))
    .map((gpu) => ({
      ...gpu,
      live: limitedLive(
        gpu,
        shares.find(({ key }) => key === gpu.key),
        limits.get(gpu.key) ?? null,
      ),
    }));
  const meanOf = (key: string): number | null => shares.find((share) => share.key === key)?.ownerMeanPercent ?? null;
  const isWhole = gpus.length === load.gpus.length;
  return { ...load, gpus, shares, ownerGpuPercent: isWhole ? load.ownerGpuPercent : ownerGpuPercentOf(gpus, meanOf) };
}

/**
 * The limit as the total, and as used what leaves the free memory: the smaller one of the card's free memory and the rest of the limit. While
 * the memory of the pool is unknown, all used memory counts as the pool's, so that the limit holds.
 */
function limitedLive({ live }: Pick<GpuAdapter | GpuLoad, 'live'>, share: GpuShare | undefined, limitGb: number | null): GpuLoad['live'] {
  const total = readingValue(live.memoryTotalGb);
  if (limitGb === null || (total !== null && limitGb >= total)) return live;
  const used = readingValue(live.memoryUsedGb);
  if (used === null) return { ...live, memoryTotalGb: known(limitGb) };
  const poolGb = Math.min(used, share?.poolMemoryGb ?? used);
  const freeGb = Math.max(0, Math.min(limitGb - poolGb, total === null ? Infinity : total - used));
  return { ...live, memoryTotalGb: known(limitGb), memoryUsedGb: known(Math.round((limitGb - freeGb) * 100) / 100) };
}
