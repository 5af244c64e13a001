// A GPU's figures in words: 0 is `0 %, idle`, unknown is `not reported`, memory is used of total with what is free.
import type { GpuView } from '../../../shared/api/agent-view';
import { unknownWords } from '../../components/ReadingText';
import type { Words } from '../../i18n/use-words';

export function utilizationText(words: Words, { utilization_percent: use }: GpuView): string {
  if (!use.known) return unknownWords(words, use);
  return withIdle(words, use.value, words.format.percent(use.value));
}

/** Beside other figures, where nothing else says what the percentage is of. */
function usedText(words: Words, percent: number): string {
  return withIdle(words, percent, words.t('gpus.used', { percent: words.format.percent(percent) }));
}

const withIdle = ({ t }: Words, percent: number, text: string): string =>
  percent === 0 ? `${text}${t('punctuation.comma')}${t('gpus.idle')}` : text;

export function temperatureText(words: Words, { temperature_c: temperature }: GpuView): string {
  return temperature.known ? words.t('gpus.degrees', { value: words.format.number(temperature.value) }) : unknownWords(words, temperature);
}

export function powerText(words: Words, { power_w: power, power_limit_w: limit }: GpuView): string {
  if (!power.known) return unknownWords(words, power);
  const watts = words.format.number(power.value);
  return limit.known
    ? words.t('gpus.power_of', { power: watts, limit: words.format.number(limit.value) })
    : words.t('gpus.power_only', { power: watts });
}

export interface MemoryFigures {
  readonly usedGb: number | null;
  readonly totalGb: number | null;
  readonly text: string;
}

export function memoryFigures(words: Words, gpu: GpuView): MemoryFigures {
  const { t, format } = words;
  const totalGb = gpu.memory_total_gb.known ? gpu.memory_total_gb.value : gpu.memory_gb;
  const { memory_used_gb: used } = gpu;
  if (totalGb === null) return { usedGb: null, totalGb, text: t('unknown.not_reported') };
  if (!used.known)
    return { usedGb: null, totalGb, text: t('gpus.memory_total', { total: format.gb(totalGb), unknown: unknownWords(words, used) }) };
  const free = format.gb(Math.max(0, totalGb - used.value));
  return { usedGb: used.value, totalGb, text: t('gpus.of_memory', { used: format.gb(used.value), total: format.gb(totalGb), free }) };
}

/** The use, temperature and power of a GPU in one line; what is not known is said once, not three times. */
export function figuresLine(words: Words, gpu: GpuView): string {
  const { utilization_percent, temperature_c, power_w } = gpu;
  const known = [
    ...(utilization_percent.known
      ? [usedText(words, utilization_percent.value)]
      : [`${words.t('gpus.use')} ${unknownWords(words, utilization_percent)}`]),
    ...(temperature_c.known ? [temperatureText(words, gpu)] : []),
    ...(power_w.known ? [powerText(words, gpu)] : []),
  ];
  return known.join(' · ');
}
