// The name of a GPU with its marks.
import type { GpuView } from '../../../shared/api/agent-view';
import { Badge, SimulatedBadge } from '../../components/Badge';
import { useLabels } from '../../i18n/use-labels';
import classes from './GpuName.module.css';

export function GpuName({ gpu }: { readonly gpu: GpuView }) {
  const { t } = useLabels();
  return (
    <span className={classes['name']}>
      <b>{gpu.name}</b>
      {gpu.simulated && <SimulatedBadge />}
      {gpu.unified_memory && <Badge>{t('gpus.unified')}</Badge>}
      {gpu.mig && <Badge>{t('gpus.mig')}</Badge>}
      {gpu.offered === false && <Badge>{t('gpus.not_offered')}</Badge>}
    </span>
  );
}
