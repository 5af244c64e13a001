// One accepted GPU: name and marks, live figures, memory from 0 to its total; or why it cannot be used now.
import type { GpuView } from '../../../shared/api/agent-view';
import { Code } from '../../components/Code';
import { MemoryBar } from '../../components/MemoryBar';
import { Badge, SimulatedBadge } from '../../components/Badge';
import { StatusWord } from '../../components/StatusWord';
import { isCode, useWords } from '../../i18n/use-words';
import { UseLine } from './UseLine';
import { figuresLine, memoryFigures } from './gpu-words';
import classes from './GpuMeter.module.css';

export function GpuMeter({ gpu }: { readonly gpu: GpuView }) {
  const words = useWords();
  const { t } = words;
  const memory = memoryFigures(words, gpu);
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
          {gpu.available ? figuresLine(words, gpu) : <StatusWord shape="degraded" word={t('gpus.unusable')} />}
        </span>
      </div>
      {gpu.available ? (
        <>
          <MemoryBar label={t('gpus.memory_label', { name: gpu.name })} used={memory.usedGb} total={memory.totalGb} text={memory.text} />
          <div className={classes['memory']}>{memory.text}</div>
          <UseLine gpuKey={gpu.key} name={gpu.name} />
        </>
      ) : (
        <p className={classes['memory']}>
          {gpu.fault_code === null || !isCode('gpu_fault', gpu.fault_code)
            ? t('gpu_fault.probe_failed')
            : words.code('gpu_fault', gpu.fault_code)}{' '}
          {gpu.fault_code !== null && <Code>{gpu.fault_code}</Code>}
        </p>
      )}
    </div>
  );
}
