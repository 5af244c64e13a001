// The switch at the foot of the rail, on every page: this computer shares or not, with the menu of a pause.
import { ActionIcon, Switch } from '@mantine/core';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { pauseLabel } from '../../labels/pause-labels';
import { ErrorNote } from '../ErrorNote';
import { PauseMenu } from './PauseMenu';
import { lastCauseOf } from './sharing-choice';
import { useSharing } from './use-sharing';
import classes from './SharingSwitch.module.css';

export function SharingSwitch() {
  const labels = useLabels();
  const { t } = labels;
  const { pause, pending, error, share, pauseUntil } = useSharing();
  const now = useNow();
  const cause = lastCauseOf(pause);
  return (
    <div className={classes['sharing']}>
      <div className={classes['row']}>
        <Switch
          size="sm"
          className={classes['switch'] ?? ''}
          checked={cause === null}
          disabled={pending}
          label={cause === null ? t('sharing.on') : pauseLabel(labels, cause, 'own', now)}
          aria-label={t('sharing.share')}
          onChange={({ currentTarget }) => (currentTarget.checked ? share() : pauseUntil(null, 'finish'))}
        />
        <PauseMenu onPause={pauseUntil}>
          <ActionIcon variant="subtle" size={26} aria-label={t('sharing.menu')} disabled={pending}>
            <span aria-hidden>▾</span>
          </ActionIcon>
        </PauseMenu>
      </div>
      <ErrorNote error={error} />
    </div>
  );
}
