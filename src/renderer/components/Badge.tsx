// The mark of everything that is made up: shown wherever a simulated GPU or node shows.
import { useWords } from '../i18n/use-words';
import classes from './Badge.module.css';

export function SimulatedBadge({ gpu = false }: { readonly gpu?: boolean }) {
  const { t } = useWords();
  return (
    <span className={classes['badge']} data-kind="simulated" title={t('simulated.explained')}>
      {t(gpu ? 'simulated.gpu' : 'simulated.badge')}
    </span>
  );
}

export function Badge({ children }: { readonly children: string }) {
  return <span className={classes['badge']}>{children}</span>;
}
