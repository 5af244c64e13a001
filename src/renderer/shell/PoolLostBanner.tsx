// Shown while the connection of the program to the scheduler of the pool is lost: the pages of the pool show the last state.
import { useNow } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { poolNameOf } from '../labels/pool-name';
import { useApp } from '../store/Screen';
import classes from './ConnectionBanner.module.css';

export function PoolLostBanner() {
  const since = useApp(({ pool }) => pool?.lost_since ?? null);
  return since === null ? null : <LostSince since={since} />;
}

function LostSince({ since }: { readonly since: number }) {
  const { t, format } = useLabels();
  const name = useApp(poolNameOf);
  const now = useNow();
  return (
    <div className={classes['banner']} role="alert">
      {t('pool_lost', { name: name ?? '' })}
      {t('punctuation.stop')}
      <span aria-live="off">{t('pool_lost_age', { age: format.duration(now - since) })}</span>
    </div>
  );
}
