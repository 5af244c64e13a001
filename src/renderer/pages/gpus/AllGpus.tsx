// A line for each GPU, so that several can be compared without scrolling: use, VRAM, temperature and power now.
import type { GpuView } from '../../../shared/api/agent-view';
import { type Use, UseBar } from '../../components/bars/UseBar';
import { Card } from '../../components/Card';
import { StatusLabel } from '../../components/StatusLabel';
import { memoryOf, powerText, temperatureText, utilizationText } from '../../components/gpu-labels';
import { useLabels } from '../../i18n/use-labels';
import { faultText } from './GpuFault';
import { GpuName } from './GpuName';
import classes from './AllGpus.module.css';

export function AllGpus({ gpus }: { readonly gpus: readonly GpuView[] }) {
  const { t } = useLabels();
  return (
    <Card label={t('gpus.all')}>
      <ul className={classes['rows']}>
        {gpus.map((gpu) => (
          <GpuLine key={gpu.key} gpu={gpu} />
        ))}
      </ul>
    </Card>
  );
}

function GpuLine({ gpu }: { readonly gpu: GpuView }) {
  const labels = useLabels();
  const { t } = labels;
  const { name, available, temperature_c: temperature, power_w: power } = gpu;
  const { use, totalGb, text } = memoryOf(labels, gpu);
  if (!available) {
    return (
      <li>
        <GpuName gpu={gpu} />
        <span className={classes['fault']}>
          <StatusLabel shape="degraded" label={t('gpus.unusable')} />
          <span>{faultText(labels, gpu)}</span>
        </span>
      </li>
    );
  }
  return (
    <li>
      <GpuName gpu={gpu} />
      <span className={classes['load']}>
        <span aria-hidden="true">{t('gpus.gpu')}</span>
        <UseBar label={t('gpus.use_of', { name })} use={loadOf(gpu)} total={100} text={utilizationText(labels, gpu)} first="owner" />
      </span>
      <span className={classes['load']}>
        <span aria-hidden="true">{t('gpus.vram')}</span>
        <UseBar
          label={t('gpus.vram_of', { name })}
          use={use}
          total={totalGb}
          limit={gpu.vram_limit_gb ?? null}
          text={text}
          figure={<span className={classes['memory']}>{text}</span>}
        />
      </span>
      <span className={classes['figure']} data-unknown={temperature.known ? undefined : ''}>
        {temperature.known ? temperatureText(labels, gpu) : t('unknown.none')}
      </span>
      <span className={classes['figure']} data-unknown={power.known ? undefined : ''}>
        {power.known ? powerText(labels, gpu) : t('unknown.none')}
      </span>
    </li>
  );
}

function loadOf({ utilization_percent: used, pool_percent: pool = null, owner_percent: owner = null }: GpuView): Use {
  if (!used.known) return null;
  return pool !== null && owner !== null ? { pool, owner } : { used: used.value };
}
