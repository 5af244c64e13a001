// While the way to the program is down: what is shown is old, and says so.
import { useNow } from '../clock/Clock';
import { useWords } from '../i18n/use-words';
import { useScreenState } from '../store/Screen';
import classes from './ConnectionBanner.module.css';

export function ConnectionBanner() {
  const isOpen = useScreenState((state) => state.connection === 'open');
  return isOpen ? null : <LostSince />;
}

function LostSince() {
  const { t, format } = useWords();
  const since = useScreenState((state) => state.connectionSinceWallMs);
  const now = useNow();
  return (
    <div className={classes['banner']} role="alert">
      {t('connection.lost', { age: format.duration(now - since) })}
    </div>
  );
}
