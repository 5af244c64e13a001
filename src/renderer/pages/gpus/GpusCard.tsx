// The GPUs on the overview of this computer: accepted GPUs with readings. Without an accepted GPU: the probed sources.
import type { HardwareView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { useLabels } from '../../i18n/use-labels';
import { GpuMeter } from './GpuMeter';
import { RefusedAdapters } from './RefusedAdapters';
import { SourceLine } from './SourceLine';
import { TraceList } from './TraceList';
import classes from './GpusCard.module.css';

export interface GpusCardProps {
  readonly hardware: HardwareView | null;
  /** The hero above shows the probed sources and refused adapters already. */
  readonly isExplained: boolean;
}

export function GpusCard({ hardware, isExplained }: GpusCardProps) {
  const { t } = useLabels();
  if (hardware === null) {
    return (
      <Card title={t('gpus.title')}>
        <p>{t('gpus.probing')}</p>
      </Card>
    );
  }
  const accepted = hardware.gpus.filter((gpu) => gpu.accepted);
  return (
    <Card title={t('gpus.title')} aside={accepted.length > 0 ? <SourceLine hardware={hardware} /> : undefined}>
      <div className={classes['gpus']}>
        {accepted.map((gpu) => (
          <GpuMeter key={gpu.key} gpu={gpu} />
        ))}
        {accepted.length === 0 && (
          <>
            <p>{t('gpus.none')}</p>
            {!isExplained && <TraceList trace={hardware.trace} />}
          </>
        )}
        {!isExplained && <RefusedAdapters gpus={hardware.gpus} />}
      </div>
    </Card>
  );
}
