// The adapters that are not used, and the sources that were checked: collapsed, because they matter only when a GPU is missing.
import type { HardwareView } from '../../../shared/api/agent-view';
import { useLabels } from '../../i18n/use-labels';
import { RefusedAdapters } from './RefusedAdapters';
import { TraceList } from './TraceList';
import classes from './Checks.module.css';

export function Checks({ hardware }: { readonly hardware: HardwareView }) {
  const { t } = useLabels();
  const refused = hardware.gpus.filter((gpu) => !gpu.accepted);
  if (refused.length === 0 && hardware.trace.length === 0) return null;
  const isOpen = refused.length === hardware.gpus.length;
  return (
    <details className={classes['checks']} open={isOpen}>
      <summary>{refused.length === 0 ? t('gpus.checked_sources') : t('gpus.checks_with', { count: refused.length })}</summary>
      <div>
        <RefusedAdapters gpus={refused} heading="h2" />
        <TraceList trace={hardware.trace} heading="h2" isTitled={refused.length === 0} />
      </div>
    </details>
  );
}
