// The GPUs on the page of this computer: for each accepted one its use over time and its memory. Without an accepted GPU: the probed sources.
import { memo, useMemo, useState } from 'react';
import type { GpuView, HardwareView } from '../../../shared/api/agent-view';
import type { GpuHistory, HistoryRange } from '../../../shared/api/gpu';
import { UseLegend } from '../../components/bars/UseLegend';
import { Card } from '../../components/Card';
import { useLabels } from '../../i18n/use-labels';
import { gpuChartData } from './chart-series';
import { figuresLine } from '../../components/gpu-labels';
import { GpuFault } from './GpuFault';
import { GpuName } from './GpuName';
import { MemoryUse } from './MemoryUse';
import { RangeSwitch } from './RangeSwitch';
import { ReadingsNote } from './ReadingsNote';
import { RefusedAdapters } from './RefusedAdapters';
import { SourceLine } from './SourceLine';
import { TraceList } from './TraceList';
import { UseChart } from './UseChart';
import { useShownHistory } from './use-shown-history';
import classes from './GpusCard.module.css';

export interface GpusCardProps {
  readonly hardware: HardwareView | null;
  /** The hero above shows the probed sources and refused adapters already. */
  readonly isExplained: boolean;
}

export function GpusCard({ hardware, isExplained }: GpusCardProps) {
  const { t } = useLabels();
  const accepted = hardware?.gpus.filter((gpu) => gpu.accepted) ?? [];
  if (hardware === null || accepted.length === 0) {
    return <Card title={t('gpus.title')}>{hardware === null ? <p>{t('gpus.probing')}</p> : <NoGpu hardware={hardware} />}</Card>;
  }
  return <UsableGpus hardware={hardware} accepted={accepted} isExplained={isExplained} />;
}

function NoGpu({ hardware }: { readonly hardware: HardwareView }) {
  const { t } = useLabels();
  return (
    <div className={classes['gpus']}>
      <p>{t('gpus.none')}</p>
      <TraceList trace={hardware.trace} />
      <RefusedAdapters gpus={hardware.gpus} />
    </div>
  );
}

interface UsableGpusProps {
  readonly hardware: HardwareView;
  readonly accepted: readonly GpuView[];
  readonly isExplained: boolean;
}

function UsableGpus({ hardware, accepted, isExplained }: UsableGpusProps) {
  const { t } = useLabels();
  const [range, setRange] = useState<HistoryRange>('1h');
  const history = useShownHistory(range).value;
  const controls = (
    <span className={classes['controls']}>
      <UseLegend kinds={['pool', 'owner']} whose="own" />
      <RangeSwitch range={range} onChange={setRange} />
    </span>
  );
  const title = (
    <>
      {t('gpus.title')}{' '}
      <span className={classes['source']}>
        <SourceLine hardware={hardware} />
      </span>
    </>
  );
  return (
    <Card title={title} aside={controls}>
      <div className={classes['gpus']}>
        <ReadingsNote history={history} />
        {accepted.map((gpu) => (
          <GpuSummary key={gpu.key} gpu={gpu} history={history} />
        ))}
        {!isExplained && <RefusedAdapters gpus={hardware.gpus} />}
      </div>
    </Card>
  );
}

interface GpuSummaryProps {
  readonly gpu: GpuView;
  readonly history: GpuHistory | null;
}

const GpuSummary = memo(function GpuSummary({ gpu, history }: GpuSummaryProps) {
  const labels = useLabels();
  const data = useMemo(() => (history === null ? null : gpuChartData(labels, history, gpu.key).use), [labels, history, gpu.key]);
  return (
    <div className={classes['gpu']}>
      <div className={classes['head']}>
        <GpuName gpu={gpu} />
        {gpu.available && (
          <span className={classes['figures']}>
            {figuresLine(labels, gpu).map((figure) => (
              <span key={figure}>{figure}</span>
            ))}
          </span>
        )}
      </div>
      {!gpu.available && <GpuFault gpu={gpu} />}
      {canReportUse(gpu) &&
        (data === null ? <div className={classes['empty']} /> : <UseChart gpu={gpu} data={data} heightPx={150} hasTitle={false} />)}
      {gpu.available && <MemoryUse gpu={gpu} />}
    </div>
  );
});

/** A reading that failed once may succeed the next time. */
const canReportUse = ({ utilization_percent: use }: GpuView): boolean => use.known || use.reason !== 'not_supported';
