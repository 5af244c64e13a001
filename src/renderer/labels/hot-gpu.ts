// The hottest offered GPU, which explains a pause by temperature. Pure.
import type { AgentView } from '../../shared/api/agent-view';
import type { Labels } from '../i18n/use-labels';
import { shortGpuName } from './gpu-names';
import { degrees } from './rule-labels';

export interface HotGpu {
  readonly name: string;
  readonly celsius: number;
}

/** Null: no temperature is known. */
export function hottestOf(hardware: AgentView['hardware']): HotGpu | null {
  const known = (hardware?.gpus ?? []).flatMap(({ accepted, offered, name, temperature_c: temperature }) =>
    accepted && offered !== false && temperature.known ? [{ name: shortGpuName(name), celsius: temperature.value }] : [],
  );
  return known.toSorted((a, b) => b.celsius - a.celsius)[0] ?? null;
}

/** The values of a text about a pause by temperature. `detail`: of the pause, `> 83 °C`. */
export const heatValues = (labels: Labels, { name, celsius }: HotGpu, detail: string) => ({
  name,
  celsius: degrees(labels, celsius),
  limit: detail.replace(/^> /, ''),
});
