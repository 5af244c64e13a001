// The series of one GPU as the data of charts. While the system does not tell the pool's part from the owner's, the sum is shown undivided.
import type { GpuView, HardwareView, ReadingView } from '../../../shared/api/agent-view';
import type { GpuHistory, GpuSeries } from '../../../shared/api/gpu';
import type { ChartData, ChartSeries, Value } from '../../components/charts/chart-data';
import type { Labels } from '../../i18n/use-labels';

type Values = readonly Value[];

const NO_SERIES: Omit<GpuSeries, 'key'> = {
  use_percent: [],
  pool_percent: [],
  owner_percent: [],
  memory_used_gb: [],
  pool_memory_gb: [],
  owner_memory_gb: [],
  temperature_c: [],
  power_w: [],
};

const valueOf = (reading: ReadingView): Value => (reading.known ? reading.value : null);

const presentOf = (gpu: GpuView): Record<keyof typeof NO_SERIES, Value> => ({
  use_percent: valueOf(gpu.utilization_percent),
  pool_percent: gpu.pool_percent ?? null,
  owner_percent: gpu.owner_percent ?? null,
  memory_used_gb: valueOf(gpu.memory_used_gb),
  pool_memory_gb: gpu.pool_memory_gb ?? null,
  owner_memory_gb: gpu.owner_memory_gb ?? null,
  temperature_c: valueOf(gpu.temperature_c),
  power_w: valueOf(gpu.power_w),
});

/** The history with this reading at its end: points of the history are means, and the figure beside a chart is a reading. */
export function withReading(history: GpuHistory, { gpus, cpu_percent, owner_cpu_percent, mem_percent, read_at }: HardwareView): GpuHistory {
  const { to, times, cpu } = history;
  if (read_at === null || (times.at(-1) ?? 0) >= to) return history;
  const seriesOf = (series: GpuSeries): GpuSeries => {
    const gpu = gpus.find(({ key, available }) => available && key === series.key);
    const present = gpu === undefined ? null : presentOf(gpu);
    const names = Object.keys(NO_SERIES) as (keyof typeof NO_SERIES)[];
    return { ...series, ...Object.fromEntries(names.map((name) => [name, [...series[name], present?.[name] ?? null]])) };
  };
  return {
    ...history,
    times: [...times, to],
    cpu: {
      percent: [...cpu.percent, cpu_percent],
      owner_percent: [...cpu.owner_percent, owner_cpu_percent ?? null],
      memory_percent: [...cpu.memory_percent, mem_percent],
    },
    gpus: history.gpus.map(seriesOf),
  };
}

export interface GpuChartData {
  readonly use: ChartData;
  readonly memory: ChartData;
  readonly temperature: ChartData;
  readonly power: ChartData;
}

export function gpuChartData({ t }: Labels, history: GpuHistory, key: string): GpuChartData {
  const series = history.gpus.find((one) => one.key === key) ?? { ...NO_SERIES, key };
  const chart = dataOf(history);
  const parts = (sum: Values, pool: Values, owner: Values): ChartData => chart(dividedSeries(partNames(t), sum, pool, owner));
  return {
    use: parts(series.use_percent, series.pool_percent, series.owner_percent),
    memory: parts(series.memory_used_gb, series.pool_memory_gb, series.owner_memory_gb),
    temperature: chart([{ label: t('gpus.temperature'), kind: 'line', values: series.temperature_c }]),
    power: chart([{ label: t('gpus.power'), kind: 'line', values: series.power_w }]),
  };
}

/** The owner's load of the CPU is a mean over 30 s. The pool has the rest of the total. */
export function machineChartData({ t }: Labels, { cpu, ...history }: GpuHistory): { readonly cpu: ChartData; readonly memory: ChartData } {
  const chart = dataOf(history);
  const pool = cpu.percent.map((total, at) => {
    const owner = cpu.owner_percent[at] ?? null;
    return total === null || owner === null ? null : Math.max(0, total - owner);
  });
  return {
    cpu: chart(dividedSeries(partNames(t), cpu.percent, pool, cpu.owner_percent)),
    memory: chart([{ label: t('gpus.memory_in_use'), kind: 'total', values: cpu.memory_percent }]),
  };
}

const dataOf =
  ({ from, to, times }: Pick<GpuHistory, 'from' | 'to' | 'times'>) =>
  (series: readonly ChartSeries[]): ChartData => ({ fromWallMs: firstOf({ from, to, times }), toWallMs: to, timesWallMs: times, series });

interface PartNames {
  readonly pool: string;
  readonly owner: string;
  readonly used: string;
}

const partNames = (t: Labels['t']): PartNames => ({ pool: t('legend.pool'), owner: t('legend.owner.own'), used: t('legend.used') });

/** Without a time at which the parts are known, there is only the sum; without one at which they are not, only the parts. */
export function dividedSeries(names: PartNames, sum: Values, pool: Values, owner: Values): readonly ChartSeries[] {
  const undivided = sum.map((value, at) => (pool[at] == null || owner[at] == null ? value : null));
  const isDivided = pool.some((value) => value !== null);
  const hasUndivided = undivided.some((value) => value !== null);
  return [
    ...(isDivided ? [{ label: names.owner, kind: 'owner' as const, values: owner }, { label: names.pool, kind: 'pool' as const, values: pool }] : []), // oxfmt-ignore
    ...(hasUndivided || !isDivided ? [{ label: names.used, kind: 'total' as const, values: undivided }] : []),
  ];
}

/** Whether a figure was known at some time. */
export const hasValues = ({ series }: ChartData): boolean => series.some(({ values }) => values.some((value) => value !== null));

/** The part of the time range that may be without a reading at its begin: one or two readings are missing. */
const SHORT_PART = 0.02;
/** The shortest time axis. */
const SHORTEST_MS = 60_000;

type Times = Pick<GpuHistory, 'from' | 'to' | 'times'>;

/** Since when there are readings. Null: for the whole time range. `none`: there is no reading yet. */
export function readingsSince({ from, to, times: [first] }: Times): number | 'none' | null {
  if (first === undefined) return 'none';
  return first - from > (to - from) * SHORT_PART ? first : null;
}

/** The charts begin at the first reading, so that they are not empty after the first start of the program. */
function firstOf(times: Times): number {
  const since = readingsSince(times);
  return typeof since === 'number' ? Math.max(times.from, Math.min(since, times.to - SHORTEST_MS)) : times.from;
}
