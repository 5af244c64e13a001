// Share, stop after the current jobs, or pause: the control of the owner of this computer. It works with and without a connection.
import { Button } from '@mantine/core';
import { memo } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { Chevron } from './Chevron';
import { PauseMenu } from './PauseMenu';
import { sharingChoiceOf } from '../../../shared/api/sharing-choice';
import type { Sharing } from './use-sharing';
import classes from './SharingControl.module.css';

export const SharingControl = memo(function SharingControl({ sharing }: { readonly sharing: Sharing }) {
  const { t } = useLabels();
  const { pause, runningJobs, pending, share, pauseUntil } = sharing;
  const choice = sharingChoiceOf(pause, runningJobs);
  const segment = { variant: 'default', disabled: pending, className: classes['segment'] ?? '' } as const;
  return (
    <div role="group" aria-label={t('sharing.label')} className={classes['control']}>
      <Button {...segment} aria-pressed={choice === 'share'} onClick={share}>
        {t('sharing.share')}
      </Button>
      <Button {...segment} aria-pressed={choice === 'stop'} onClick={() => pauseUntil(null, 'finish')}>
        {t('sharing.stop')}
      </Button>
      <PauseMenu onPause={pauseUntil}>
        <Button {...segment} aria-pressed={choice === 'pause'} rightSection={<Chevron />}>
          {t('sharing.pause')}
        </Button>
      </PauseMenu>
    </div>
  );
});
