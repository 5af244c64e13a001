// What was looked at for GPUs, and what it said.
import type { ProbeTraceView } from '../../../shared/api/agent-view';
import { useWords } from '../../i18n/use-words';
import classes from './Lists.module.css';

export function TraceList({ trace }: { readonly trace: readonly ProbeTraceView[] }) {
  const { t, format } = useWords();
  if (trace.length === 0) return null;
  return (
    <div>
      <h3 className={classes['title']}>{t('gpus.looked_with')}</h3>
      <ul className={classes['list']}>
        {trace.map(({ source, outcome, detail, duration_ms }) => (
          <li key={source}>
            <code>{source}</code>
            <span className={classes['dim']}>
              {t(`trace.${outcome}`)}
              {detail !== null && `${t('punctuation.colon')}${detail}`} · {t('gpus.took', { took: format.number(duration_ms) })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
