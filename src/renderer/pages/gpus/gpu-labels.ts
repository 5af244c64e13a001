// The figures of a GPU as text: 0 is `0 %, idle`, unknown is `not reported`, memory is used, total and free.
import type { GpuView } from '../../../shared/api/agent-view';
import { unknownText } from '../../components/ReadingText';
import type { Labels } from '../../i18n/use-labels';

export function utilizationText(labels: Labels, { utilization_percent: use }: GpuView): string {
  if (!use.known) return unknownText(labels, use);
  return withIdle(labels, use.value, labels.format.percent(use.value));
}

/** For lines with other figures, where the percentage needs a name. */
function usedText(labels: Labels, percent: number): string {
  return withIdle(labels, percent, labels.t('gpus.used', { percent: labels.format.percent(percent) }));
}

const withIdle = ({ t }: Labels, percent: number, text: string): string =>
  percent === 0 ? `${text}${t('punctuation.comma')}${t('gpus.idle')}` : text;

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
  readonly usedGb: number | null;
  readonly totalGb: number | null;
  readonly text: string;
}

export function memoryFigures(labels: Labels, gpu: GpuView): MemoryFigures {
  const { t, format } = labels;
  const totalGb = gpu.memory_total_gb.known ? gpu.memory_total_gb.value : gpu.memory_gb;
  const { memory_used_gb: used } = gpu;
  if (totalGb === null) return { usedGb: null, totalGb, text: t('unknown.not_reported') };
  if (!used.known)
    return { usedGb: null, totalGb, text: t('gpus.memory_total', { total: format.gb(totalGb), unknown: unknownText(labels, used) }) };
  const free = format.gb(Math.max(0, totalGb - used.value));
  return { usedGb: used.value, totalGb, text: t('gpus.of_memory', { used: format.gb(used.value), total: format.gb(totalGb), free }) };
}

/** Use, temperature and power of a GPU in one line. Unknown figures are left out, except the use. */
export function figuresLine(labels: Labels, gpu: GpuView): string {
  const { utilization_percent, temperature_c, power_w } = gpu;
  const known = [
    ...(utilization_percent.known
      ? [usedText(labels, utilization_percent.value)]
      : [labels.t('gpus.use_unknown', { unknown: unknownText(labels, utilization_percent) })]),
    ...(temperature_c.known ? [temperatureText(labels, gpu)] : []),
    ...(power_w.known ? [powerText(labels, gpu)] : []),
  ];
  return known.join(' · ');
}
