// The VRAM of one GPU now: the pool's part, the owner's part, the limit, and what is free. The chart beside it has the sum.
import type { GpuView } from '../../../shared/api/agent-view';
import { UseBar } from '../../components/bars/UseBar';
import { useLabels } from '../../i18n/use-labels';
import { memoryOf } from '../../components/gpu-labels';
import classes from './MemoryUse.module.css';

export function MemoryUse({ gpu }: { readonly gpu: GpuView }) {
  const labels = useLabels();
  const { t } = labels;
  const { use, totalGb, text, parts } = memoryOf(labels, gpu);
  return (
    <div className={classes['memory']}>
      <span aria-hidden="true">{t('gpus.vram')}</span>
      <UseBar
        label={t('gpus.vram_of', { name: gpu.name })}
        use={use}
        total={totalGb}
        limit={gpu.vram_limit_gb ?? null}
        text={text}
        figure={null}
        size="tall"
      />
      <span className={classes['parts']}>{parts}</span>
    </div>
  );
}
