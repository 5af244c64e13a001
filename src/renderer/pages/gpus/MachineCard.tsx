// The CPU and the memory of this computer over the same times as its GPUs.
import { useMemo } from 'react';
import type { HardwareView } from '../../../shared/api/agent-view';
import type { GpuHistory } from '../../../shared/api/gpu';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { UseLegend } from '../../components/bars/UseLegend';
import { Card } from '../../components/Card';
import { TimeChart } from '../../components/charts/TimeChart';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { machineChartData } from './chart-series';
import { PERCENT_SCALE } from './UseChart';
import classes from './MachineCard.module.css';

export function MachineCard({ hardware, history }: { readonly hardware: HardwareView; readonly history: GpuHistory }) {
  const labels = useLabels();
  const { t, format } = labels;
  const data = useMemo(() => machineChartData(labels, history), [labels, history]);
  const { cpu_percent: cpu, owner_cpu_percent: own = null, mem_percent: memory } = hardware;
  /** With a GPU, the page has the legend. */
  const hasGpu = ownGpuOf(hardware) === 'usable';
  const cpuText = [
    ...(cpu === null ? [] : [format.percent(cpu)]),
    ...(own === null ? [] : [t('gpus.own_cpu', { percent: format.percent(own) })]),
  ].join(' · ');
  const limits = useApp(({ agent }) => agent?.node_status?.message.limits ?? null);
  const limitOf = (percent: number | null | undefined, text: 'own_limit' | 'memory_limit') =>
    percent == null ? null : { value: percent, label: t(`gpus.${text}`, { percent: format.percent(percent) }) };
  const shared = { scale: PERCENT_SCALE, valueText: format.percent, heightPx: 94, sync: 'gpus' };
  return (
    <Card title={t('gpus.machine')} aside={hasGpu ? undefined : <UseLegend kinds={['pool', 'owner']} whose="own" />}>
      <div className={classes['charts']}>
        <TimeChart
          {...shared}
          label={t('use_name.cpu')}
          note={hardware.cpu_model}
          aside={cpuText}
          data={data.cpu}
          limit={limitOf(limits?.cpu_percent, 'own_limit')}
        />
        <TimeChart
          {...shared}
          label={t('gpus.memory')}
          note={format.gb(hardware.memory_gb)}
          aside={memory === null ? undefined : format.percent(memory)}
          data={data.memory}
          limit={limitOf(limits?.mem_percent, 'memory_limit')}
        />
      </div>
    </Card>
  );
}
