// The link's own words, apart from the status. They follow its sentence, and break from it as a whole.
import type { LinkView } from '../../../shared/api/agent-view';
import { useWords } from '../../i18n/use-words';
import classes from './LinkLine.module.css';

export function LinkLine({ link }: { readonly link: Extract<LinkView, { state: 'connected' }> }) {
  const { t, format } = useWords();
  const { latency_ms } = link;
  return (
    <span className={classes['line']}>
      {latency_ms === null ? t('hero.latency_unknown') : t('hero.latency', { latency: format.number(latency_ms) })}
    </span>
  );
}
