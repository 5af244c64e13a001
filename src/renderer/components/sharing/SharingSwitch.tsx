// The switch at the foot of the rail, on every page: this computer shares or not, with the menu of a pause.
import { ActionIcon, Switch } from '@mantine/core';
import { useNow } from '../../clock/Clock';
import { useLabels } from '../../i18n/use-labels';
import { pauseLabel } from '../../labels/pause-labels';
import { ErrorNote } from '../ErrorNote';
import { Chevron } from './Chevron';
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
          label={t('sharing.this_computer')}
          onChange={({ currentTarget }) => (currentTarget.checked ? share() : pauseUntil(null, 'finish'))}
        />
        <PauseMenu onPause={pauseUntil}>
          <ActionIcon variant="subtle" size={26} aria-label={t('sharing.menu')} disabled={pending}>
            <Chevron />
          </ActionIcon>
        </PauseMenu>
      </div>
      {cause !== null && <span className={classes['pause']}>{pauseLabel(labels, cause, 'own', now)}</span>}
      <ErrorNote error={error} />
    </div>
  );
}
