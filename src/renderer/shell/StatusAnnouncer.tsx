// The one polite live region: says a change of status once, and nothing that only ticks.
import { useWords } from '../i18n/use-words';
import { useScreenState } from '../store/Screen';
import { stateWord } from './StatusBar';

export function StatusAnnouncer() {
  const words = useWords();
  const agent = useScreenState((state) => state.app?.agent ?? null);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label={words.t('hero.label')}>
      {agent === null ? '' : stateWord(agent, words).word}
    </div>
  );
}
