// One accepted GPU: name and marks, readings, memory from 0 to its total; or why it cannot be used now.
import type { GpuView } from '../../../shared/api/agent-view';
import { Code } from '../../components/Code';
import { MemoryBar } from '../../components/MemoryBar';
import { Badge, SimulatedBadge } from '../../components/Badge';
import { StatusLabel } from '../../components/StatusLabel';
import { isCode, useLabels } from '../../i18n/use-labels';
import { UseLine } from './UseLine';
import { figuresLine, memoryFigures } from './gpu-labels';
import classes from './GpuMeter.module.css';

/** A reading that failed once may succeed the next time. */
const canReportUse = ({ utilization_percent: use }: GpuView): boolean => use.known || use.reason !== 'not_supported';

export function GpuMeter({ gpu }: { readonly gpu: GpuView }) {
  const labels = useLabels();
  const { t } = labels;
  const memory = memoryFigures(labels, gpu);
  return (
    <div className={classes['gpu']}>
      <div className={classes['head']}>
        <span className={classes['name']}>
          <b>{gpu.name}</b>
          {gpu.simulated && <SimulatedBadge />}
          {gpu.unified_memory && <Badge>{t('gpus.unified')}</Badge>}
          {gpu.mig && <Badge>{t('gpus.mig')}</Badge>}
        </span>
        <span className={classes['figures']}>
          {gpu.available ? figuresLine(labels, gpu) : <StatusLabel shape="degraded" label={t('gpus.unusable')} />}
        </span>
      </div>
      {gpu.available ? (
        <>
          <div className={classes['memory']}>{t('gpus.memory', { figures: memory.text })}</div>
          <MemoryBar label={t('gpus.memory_label', { name: gpu.name })} used={memory.usedGb} total={memory.totalGb} text={memory.text} />
          {canReportUse(gpu) && <UseLine gpuKey={gpu.key} name={gpu.name} />}
        </>
      ) : (
        <p className={classes['memory']}>
          {gpu.fault_code === null || !isCode('gpu_fault', gpu.fault_code)
            ? t('gpu_fault.probe_failed')
            : labels.code('gpu_fault', gpu.fault_code)}{' '}
          {gpu.fault_code !== null && <Code>{gpu.fault_code}</Code>}
        </p>
      )}
    </div>
  );
}
