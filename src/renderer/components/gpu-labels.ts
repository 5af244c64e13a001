// The figures of a GPU as text: 0 is `0 %`, unknown is `not reported`, memory is used, total and free.
import type { GpuView } from '../../shared/api/agent-view';
import type { Use } from './bars/UseBar';
import { unknownText } from './ReadingText';
import type { Labels } from '../i18n/use-labels';

export function utilizationText(labels: Labels, { utilization_percent: use }: GpuView): string {
  return use.known ? labels.format.percent(use.value) : unknownText(labels, use);
}

export function temperatureText(labels: Labels, { temperature_c: temperature }: GpuView): string {
  return temperature.known
    ? labels.t('gpus.degrees', { value: labels.format.number(temperature.value) })
    : unknownText(labels, temperature);
}

export function powerText(labels: Labels, { power_w: power, power_limit_w: limit }: GpuView): string {
  if (!power.known) return unknownText(labels, power);
  const watts = labels.format.number(power.value);
  return limit.known
    ? labels.t('gpus.power_of', { power: watts, limit: labels.format.number(limit.value) })
    : labels.t('gpus.power_only', { power: watts });
}

export interface MemoryFigures {
  readonly use: Use;
  /** Null: not known. */
  readonly totalGb: number | null;
  /** `12.7 of 24 GB`. */
  readonly text: string;
  /** The same beside the bar. Null: nothing is known. */
  readonly figure: string | null;
  /** `Pool 10.6 GB · You 2.1 GB · Free 11.3 GB`. */
  readonly parts: string;
}

export function memoryOf(labels: Labels, gpu: GpuView): MemoryFigures {
  const { t, format } = labels;
  const { memory_used_gb: used, pool_memory_gb: pool = null, owner_memory_gb: owner = null } = gpu;
  const totalGb = totalGbOf(gpu);
  if (totalGb === null) return { use: null, totalGb, text: t('unknown.not_reported'), figure: null, parts: t('gpus.size_unknown') };
  if (!gpu.available || !used.known) {
    const unknown = used.known ? t('unknown.not_reported') : unknownText(labels, used);
    return { use: null, totalGb, text: unknown, figure: null, parts: t('gpus.memory_total', { total: format.gb(totalGb), unknown }) };
  }
  const free = t('gpus.free', { free: format.gb(Math.max(0, totalGb - used.value)) });
  const isDivided = pool !== null && owner !== null;
  const parts = isDivided
    ? [t('gpus.pool_part', { gb: format.gb(pool) }), t('gpus.own_part', { gb: format.gb(owner) }), free]
    : [t('gpus.not_divided', { gb: format.gb(used.value) }), free];
  const text = t('gpus.of_memory', { used: format.gbPart(used.value, totalGb), total: format.gb(totalGb) });
  return { use: isDivided ? { pool, owner } : { used: used.value }, totalGb, text, figure: text, parts: parts.join(' · ') };
}

/** The memory of the card, GB. Null: unknown. */
export const totalGbOf = ({ memory_total_gb: total, memory_gb: size }: GpuView): number | null => (total.known ? total.value : size);

/** Use, temperature and power of a GPU in one line. Unknown figures are left out, except the use. */
export function figuresLine(labels: Labels, gpu: GpuView): readonly string[] {
  const { utilization_percent, temperature_c, power_w } = gpu;
  return [
    utilization_percent.known
      ? labels.t('gpus.used', { percent: labels.format.percent(utilization_percent.value) })
      : labels.t('gpus.use_unknown', { unknown: unknownText(labels, utilization_percent) }),
    ...(temperature_c.known ? [temperatureText(labels, gpu)] : []),
    ...(power_w.known ? [powerText(labels, gpu)] : []),
  ];
}
