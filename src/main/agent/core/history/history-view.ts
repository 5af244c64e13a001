// Encodes one reading for the rings, and a window of the rings as the result of `gpu.history`.
import type { GpuHistory, GpuSeries } from '../../../../shared/api/gpu';
import { readingValue } from '../../../hardware/parse/reading';
import type { GpuLoad, GpuShare, LoadReport } from '../../../hardware/parse/types';
import { type LaneValues, MACHINE_LANE, type RingWindow } from './load-rings';

/** The parts of the use and of the memory of one GPU. Null: unknown. */
export interface GpuParts {
  readonly poolPercent: number | null;
  readonly ownerPercent: number | null;
  readonly poolMemoryGb: number | null;
  readonly ownerMemoryGb: number | null;
}

/** The owner's part is measured, the pool has the rest. The memory of the driver counts as the owner's. */
export function partsOf({ live }: Pick<GpuLoad, 'live'>, share: GpuShare | undefined): GpuParts {
  const use = readingValue(live.utilizationPercent);
  const used = readingValue(live.memoryUsedGb);
  const owner = share?.ownerPercent ?? null;
  const pool = share?.poolMemoryGb ?? null;
  const ownerPercent = use === null || owner === null ? null : Math.min(use, owner);
  const poolMemoryGb = used === null || pool === null ? null : Math.min(used, pool);
  return {
    ownerPercent,
    poolPercent: use === null || ownerPercent === null ? null : rounded(use - ownerPercent, 1),
    poolMemoryGb,
    ownerMemoryGb: used === null || poolMemoryGb === null ? null : rounded(used - poolMemoryGb, 2),
  };
}

export function lanesOf(load: LoadReport): ReadonlyMap<string, LaneValues> {
  const gpus = load.gpus.map((gpu) => [gpu.key, gpuValues(gpu, load.shares)] as const);
  return new Map<string, LaneValues>([[MACHINE_LANE, [load.cpuPercent, load.ownerCpuPercent, load.memPercent]], ...gpus]);
}

/** In the order of `seriesOf`. */
function gpuValues(gpu: GpuLoad, shares: readonly GpuShare[]): LaneValues {
  if (!gpu.available) return [];
  const { live } = gpu;
  const parts = partsOf(
    gpu,
    shares.find(({ key }) => key === gpu.key),
  );
  return [
    readingValue(live.utilizationPercent),
    parts.poolPercent,
    parts.ownerPercent,
    readingValue(live.memoryUsedGb),
    parts.poolMemoryGb,
    parts.ownerMemoryGb,
    readingValue(live.temperatureC),
    readingValue(live.powerW),
  ];
}

export function historyOf({ shape, times, rows }: RingWindow, nowWallMs: number): GpuHistory {
  const machine = rows.get(MACHINE_LANE) ?? times.map(() => []);
  return {
    range: shape.range,
    from: nowWallMs - shape.spanMs,
    to: nowWallMs,
    step_ms: shape.stepMs,
    times: [...times],
    cpu: { percent: column(machine, 0, 1), owner_percent: column(machine, 1, 1), memory_percent: column(machine, 2, 1) },
    gpus: [...rows].flatMap(([key, values]) => (key === MACHINE_LANE ? [] : [seriesOf(key, values)])),
  };
}

const seriesOf = (key: string, rows: readonly LaneValues[]): GpuSeries => ({
  key,
  use_percent: column(rows, 0, 1),
  pool_percent: column(rows, 1, 1),
  owner_percent: column(rows, 2, 1),
  memory_used_gb: column(rows, 3, 2),
  pool_memory_gb: column(rows, 4, 2),
  owner_memory_gb: column(rows, 5, 2),
  temperature_c: column(rows, 6, 1),
  power_w: column(rows, 7, 1),
});

const column = (rows: readonly LaneValues[], at: number, decimals: number): (number | null)[] =>
  rows.map((values) => {
    const value = values[at] ?? null;
    return value === null ? null : rounded(value, decimals);
  });

const rounded = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;
