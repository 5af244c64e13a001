// The charts of one GPU with the same times: use, VRAM, temperature, power. Two beside each other share the times of the last row; in one
// column each chart has its own times, because the last one may be far below. A figure that the card never reports has no chart; a line
// below the charts names it.
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { GpuView } from '../../../shared/api/agent-view';
import type { GpuHistory } from '../../../shared/api/gpu';
import { TimeChart } from '../../components/charts/TimeChart';
import type { ChartData } from '../../components/charts/chart-data';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { degrees } from '../../labels/rule-labels';
import { SELDOM_MS, useSettings } from '../../queries/settings';
import { gpuChartData, hasValues } from './chart-series';
import { memoryOf, powerText, temperatureText, totalGbOf } from '../../components/gpu-labels';
import { UseChart } from './UseChart';
import classes from './GpuCharts.module.css';

const TEMPERATURE_SCALE = { total: 100 } as const;
/** Of the charts in the first row, and of those below. */
const PLOT_PX = [116, 76] as const;
const TIMES_PX = 18;
const PER_ROW = 2;
/** From this width two charts are beside each other: twice the least width of GpuCharts.module.css, and the gap. */
const TWO_COLUMNS_PX = 480;

type Figure = 'use' | 'memory' | 'temperature' | 'power';
const FIGURES: readonly Figure[] = ['use', 'memory', 'temperature', 'power'];

export function GpuCharts({ gpu, history }: { readonly gpu: GpuView; readonly history: GpuHistory }) {
  const labels = useLabels();
  const { t } = labels;
  const data = useMemo(() => gpuChartData(labels, history, gpu.key), [labels, history, gpu.key]);
  const isReported: Readonly<Record<Figure, boolean>> = {
    use: gpu.utilization_percent.known,
    memory: gpu.memory_used_gb.known,
    temperature: gpu.temperature_c.known,
    power: gpu.power_w.known,
  };
  const shown = FIGURES.filter((figure) => isReported[figure] || hasValues(data[figure]));
  const heatLimit = useHeatLimit();
  const missing = FIGURES.filter((figure) => !shown.includes(figure));
  const names: Readonly<Record<Figure, string>> = {
    use: t('gpus.use'),
    memory: t('gpus.vram'),
    temperature: t('gpus.temperature'),
    power: t('gpus.power'),
  };
  const box = useRef<HTMLDivElement>(null);
  const isOneColumn = useIsOneColumn(box);
  return (
    <div ref={box} className={classes['charts']}>
      {shown.map((figure, i) => (
        <FigureChart
          key={figure}
          figure={figure}
          gpu={gpu}
          data={data[figure]}
          heatLimit={heatLimit}
          plotPx={PLOT_PX[i < PER_ROW ? 0 : 1]}
          hasTimes={isOneColumn || i >= shown.length - PER_ROW}
        />
      ))}
      {missing.length > 0 && <Dim as="p">{t('gpus.missing', { figures: missing.map((figure) => names[figure]).join(' · ') })}</Dim>}
    </div>
  );
}

/** True: the box is too narrow for two charts beside each other. */
function useIsOneColumn(box: RefObject<HTMLElement | null>): boolean {
  const [isOneColumn, setIsOneColumn] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const sizes = new ResizeObserver(() => setIsOneColumn(element.clientWidth > 0 && element.clientWidth < TWO_COLUMNS_PX));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [box]);
  return isOneColumn;
}

/** The temperature above which the owner pauses this computer. Null: none, or not known. */
function useHeatLimit(): number | null {
  const settings = useSettings(SELDOM_MS).value?.settings ?? [];
  const limit = settings.find(({ key }) => key === 'agent.pause_above_celsius')?.value;
  return typeof limit === 'number' ? limit : null;
}

interface FigureChartProps {
  readonly figure: Figure;
  readonly gpu: GpuView;
  readonly data: ChartData;
  readonly heatLimit: number | null;
  readonly plotPx: number;
  readonly hasTimes: boolean;
}

function FigureChart({ figure, gpu, data, heatLimit, plotPx, hasTimes }: FigureChartProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const { name, available: isUsable, offered, vram_limit_gb: limitGb = null } = gpu;
  const totalGb = totalGbOf(gpu);
  const limitW = gpu.power_limit_w.known ? gpu.power_limit_w.value : null;
  const memoryScale = useMemo(() => (totalGb === null ? { atLeast: 1 } : { total: totalGb }), [totalGb]);
  const powerScale = useMemo(() => (limitW === null ? { atLeast: 50 } : { total: limitW }), [limitW]);
  const heightPx = hasTimes ? plotPx + TIMES_PX : plotPx;
  const shared = { data, hasTimes, heightPx, sync: 'gpus' };
  switch (figure) {
    case 'use':
      return <UseChart gpu={gpu} data={data} heightPx={heightPx} hasTimes={hasTimes} />;
    case 'memory':
      return (
        <TimeChart
          {...shared}
          label={t('gpus.vram_of', { name })}
          title={t('gpus.vram_gb')}
          aside={isUsable ? memoryOf(labels, gpu).text : undefined}
          scale={memoryScale}
          valueText={format.gb}
          tickText={format.number}
          limit={limitGb === null ? null : { value: limitGb, label: t('gpus.limit_line', { limit: format.gb(limitGb) }) }}
        />
      );
    case 'temperature':
      return (
        <TimeChart
          {...shared}
          label={t('gpus.temperature_of', { name })}
          title={t('gpus.temperature_c')}
          aside={isUsable ? temperatureText(labels, gpu) : undefined}
          scale={TEMPERATURE_SCALE}
          valueText={(value) => degrees(labels, value)}
          tickText={format.number}
          limit={
            heatLimit === null || offered === false
              ? null
              : { value: heatLimit, label: t('gpus.limit_line', { limit: degrees(labels, heatLimit) }) }
          }
        />
      );
    case 'power':
      return (
        <TimeChart
          {...shared}
          label={t('gpus.power_of_gpu', { name })}
          title={t('gpus.power_w')}
          aside={isUsable ? powerText(labels, gpu) : undefined}
          scale={powerScale}
          valueText={(value) => t('gpus.power_only', { power: format.number(value) })}
          tickText={format.number}
        />
      );
  }
}
