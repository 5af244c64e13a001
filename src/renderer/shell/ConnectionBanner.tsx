// Shown while the connection to the program is lost: the page shows old data. A scheduler that does not lead its cluster any more names
// the leader, which has a dashboard of its own.
import { useNow } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { useScreenState } from '../store/Screen';
import classes from './ConnectionBanner.module.css';

export function ConnectionBanner() {
  const isOpen = useScreenState((state) => state.connection === 'open');
  const leader = useScreenState((state) => state.leader);
  if (isOpen) return null;
  return leader === null ? <LostSince /> : <NotLeader address={leader.address} />;
}

function NotLeader({ address }: { readonly address: string | null }) {
  const { t, gap } = useLabels();
  return (
    <div className={classes['banner']} role="alert">
      {t('connection.not_leader')}
      {gap}
      {address === null ? (
        t('connection.no_leader')
      ) : (
        <a href={`${window.location.protocol}//${address}/${window.location.hash}`}>{t('connection.to_leader', { address })}</a>
      )}
    </div>
  );
}

function LostSince() {
  const { t, format } = useLabels();
  const since = useScreenState((state) => state.connectionSinceWallMs);
  const now = useNow();
  return (
    <div className={classes['banner']} role="alert">
      {now - since < 1000 ? t('connection.lost_now') : t('connection.lost', { age: format.duration(now - since) })}
    </div>
  );
}
