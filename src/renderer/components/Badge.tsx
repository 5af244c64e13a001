// Marks beside a name. `Simulated` is shown wherever a simulated GPU or node is shown.
import { useLabels } from '../i18n/use-labels';
import classes from './Badge.module.css';

export function SimulatedBadge({ gpu = false }: { readonly gpu?: boolean }) {
  const { t } = useLabels();
  return (
    <span className={classes['badge']} data-kind="simulated" title={t('simulated.explained')} data-short={t('simulated.short')}>
      {t(gpu ? 'simulated.gpu' : 'simulated.badge')}
    </span>
  );
}

/** This computer, among others: short where the name beside it needs the width. */
export function OwnBadge({ isWhole = false }: { readonly isWhole?: boolean }) {
  const { t } = useLabels();
  return (
    <span className={classes['badge']} data-kind="own" title={t('nodes.this_one')}>
      {t(isWhole ? 'nodes.this_one' : 'nodes.this_one_short')}
    </span>
  );
}

export function Badge({ children, title }: { readonly children: string; readonly title?: string }) {
  return (
    <span className={classes['badge']} title={title}>
      {children}
    </span>
  );
}
