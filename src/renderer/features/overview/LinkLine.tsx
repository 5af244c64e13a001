// The link's own words, apart from the status.
import type { LinkView } from '../../../shared/api/agent-view';
import { useWords } from '../../i18n/use-words';

export function LinkLine({ link }: { readonly link: Extract<LinkView, { state: 'connected' }> }) {
  const { t, format } = useWords();
  return link.latency_ms === null ? t('hero.latency_unknown') : t('hero.latency', { latency: format.number(link.latency_ms) });
}
