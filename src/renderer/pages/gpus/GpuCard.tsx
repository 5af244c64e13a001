// One accepted GPU: its charts, its memory now, whether the pool gets it, and the programs on it.
import type { GpuView } from '../../../shared/api/agent-view';
import type { AppError } from '../../../shared/api/app-api';
import type { GpuHistory, GpuProcesses } from '../../../shared/api/gpu';
import { Card } from '../../components/Card';
import { Columns } from '../../components/Columns';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { GpuCharts } from './GpuCharts';
import { GpuFault } from './GpuFault';
import { GpuName } from './GpuName';
import { GpuOffer } from './GpuOffer';
import { GpuPrograms } from './GpuPrograms';
import { MemoryUse } from './MemoryUse';
import classes from './GpuCard.module.css';

export interface GpuCardProps {
  readonly gpu: GpuView;
  readonly isLastOffered: boolean;
  /** Null: not answered yet. */
  readonly history: GpuHistory | null;
  readonly historyError: AppError | null;
  readonly processes: GpuProcesses | null;
  readonly processesError: AppError | null;
}

export function GpuCard({ gpu, isLastOffered, history, historyError, processes, processesError }: GpuCardProps) {
  return (
    <Card label={gpu.name}>
      <div className={classes['head']}>
        <h2>
          <GpuName gpu={gpu} />
        </h2>
        {!gpu.simulated && <DeviceFacts gpu={gpu} />}
      </div>
      {!gpu.available && (
        <div className={classes['fault']}>
          <GpuFault gpu={gpu} />
        </div>
      )}
      <Columns
        wide={
          history === null ? (
            <div className={classes['empty']}>
              <ErrorNote error={historyError} />
            </div>
          ) : (
            <GpuCharts gpu={gpu} history={history} />
          )
        }
        narrow={
          <>
            <MemoryUse gpu={gpu} />
            <GpuOffer gpu={gpu} isLast={isLastOffered} />
            <GpuPrograms gpu={gpu} processes={processes} error={processesError} isBrief />
          </>
        }
      />
    </Card>
  );
}

function DeviceFacts({ gpu: { driver_version: driver, source, index, uuid } }: { readonly gpu: GpuView }) {
  const { t } = useLabels();
  return (
    <>
      <span>{driver === null ? source : t('gpus.driver_and_source', { driver, source })}</span>
      <span className={classes['ids']}>
        {index !== null && (
          <span>
            {t('gpus.index')} {index}
          </span>
        )}
        {uuid !== null && (
          <span>
            {t('gpus.uuid')} <code>{uuid}</code>
          </span>
        )}
      </span>
    </>
  );
}
