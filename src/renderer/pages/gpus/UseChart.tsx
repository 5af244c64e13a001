// The use of one GPU over time: the owner's from the baseline, to be compared with the limit, and the pool's above it.
import { useMemo } from 'react';
import type { GpuView } from '../../../shared/api/agent-view';
import { availabilityOf } from '../../../shared/api/availability';
import { TimeChart } from '../../components/charts/TimeChart';
import type { ChartData, ChartEvent } from '../../components/charts/chart-data';
import { useLabels } from '../../i18n/use-labels';
import { ownNode } from '../../store/nodes';
import { useApp } from '../../store/Screen';
import { utilizationText } from '../../components/gpu-labels';

export interface UseChartProps {
  readonly gpu: GpuView;
  readonly data: ChartData;
  readonly heightPx: number;
  readonly hasTimes?: boolean;
  /** False: the page shows the name and the present value beside the chart. */
  readonly hasTitle?: boolean;
}

export const PERCENT_SCALE = { total: 100 } as const;

/** The limit of the owner's GPU load that holds for this computer. Null: none, or not known. */
const useOwnLimit = (): number | null => {
  const own = useApp(ownNode);
  const pushed = useApp((app) => app.agent?.node_status?.message.limits?.gpu_percent ?? null);
  return own?.limits?.gpu_percent ?? pushed;
};

/** The time since when the load or the pause of the owner keeps jobs away. */
function useOwnEvents(): readonly ChartEvent[] {
  const { t } = useLabels();
  const message = useApp(({ agent }) => (agent?.link.state === 'connected' ? (agent.node_status?.message ?? null) : null));
  const { state, since } = message === null ? { state: null, since: 0 } : availabilityOf(message);
  return useMemo(
    () => (state === 'busy' || state === 'paused' ? [{ atWallMs: since, label: t(`availability.${state}`) }] : []),
    [state, since, t],
  );
}

export function UseChart({ gpu, data, heightPx, hasTimes = true, hasTitle = true }: UseChartProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const limit = useOwnLimit();
  const events = useOwnEvents();
  const isOffered = gpu.offered !== false;
  return (
    <TimeChart
      label={t('gpus.use_of', { name: gpu.name })}
      title={hasTitle ? t('gpus.use') : null}
      aside={hasTitle && gpu.available ? utilizationText(labels, gpu) : undefined}
      data={data}
      scale={PERCENT_SCALE}
      valueText={format.percent}
      limit={limit === null || !isOffered ? null : { value: limit, label: t('gpus.own_limit', { percent: format.percent(limit) }) }}
      events={events}
      heightPx={heightPx}
      hasTimes={hasTimes}
      sync="gpus"
    />
  );
}
