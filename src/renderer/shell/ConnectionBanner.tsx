// Shown while the connection to the program is lost: the page shows old data.
import { useNow } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { useScreenState } from '../store/Screen';
import classes from './ConnectionBanner.module.css';

export function ConnectionBanner() {
  const isOpen = useScreenState((state) => state.connection === 'open');
  return isOpen ? null : <LostSince />;
}

function LostSince() {
  const { t, format } = useLabels();
  const since = useScreenState((state) => state.connectionSinceWallMs);
  const now = useNow();
  return (
    <div className={classes['banner']} role="alert">
      {t('connection.lost', { age: format.duration(now - since) })}
    </div>
  );
}
