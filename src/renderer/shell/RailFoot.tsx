// The foot of the rail, on every page: the availability of this computer, and the counts of the ready nodes of the pool.
// Narrow windows have them in the status bar.
import { SharingSwitch } from '../components/sharing/SharingSwitch';
import { useLabels } from '../i18n/use-labels';
import { useApp, useScreenState } from '../store/Screen';
import { OwnLabel, OwnReason } from './OwnState';
import { ReadyCounts, useHasReadyCounts } from './ReadyCounts';
import classes from './RailFoot.module.css';

export function RailFoot() {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  const hasCounts = useHasReadyCounts();
  const isOpen = useScreenState((state) => state.connection === 'open');
  const stale = isOpen ? undefined : '';
  return (
    <div className={classes['foot']}>
      {hasCounts && (
        <section className={classes['counts']} aria-label={t('rail.nodes')} data-stale={stale}>
          <ReadyCounts />
        </section>
      )}
      {agent !== null && (
        <section className={classes['own']} aria-label={t('rail.computer')} data-stale={stale}>
          <span className={classes['head']}>{t('rail.computer')}</span>
          <OwnLabel agent={agent} />
          <OwnReason agent={agent} className={classes['reason']} />
          <SharingSwitch />
        </section>
      )}
    </div>
  );
}
