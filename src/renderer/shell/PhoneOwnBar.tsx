// In windows below 600 px: the state of this computer and the sharing switch above the tabs, on every page.
import { ErrorNote } from '../components/ErrorNote';
import { SharingSwitch } from '../components/sharing/SharingSwitch';
import { useSharing } from '../components/sharing/use-sharing';
import { useLabels } from '../i18n/use-labels';
import { useApp, useScreenState } from '../store/Screen';
import { OwnLabel, OwnReason } from './OwnState';
import classes from './PhoneOwnBar.module.css';

export function PhoneOwnBar() {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  const sharing = useSharing();
  const isOpen = useScreenState((state) => state.connection === 'open');
  if (agent === null) return null;
  return (
    <section className={classes['bar']} aria-label={t('rail.computer')} data-stale={isOpen ? undefined : ''}>
      <div className={classes['line']}>
        <div className={classes['state']}>
          <OwnLabel agent={agent} />
          <OwnReason agent={agent} className={classes['reason']} />
        </div>
        <SharingSwitch sharing={sharing} />
      </div>
      <ErrorNote error={sharing.error} />
    </section>
  );
}
