// The switch at the foot of the rail, on every page: this computer shares or not, and the menu of a pause. Off and disabled, with the
// reason, while this computer belongs to no pool or its own pool does not run. Absent on a computer that has no GPU to share.
import { ActionIcon, Switch } from '@mantine/core';
import { memo, useState } from 'react';
import { lacksGpu } from '../../../shared/api/sharing-choice';
import { useLabels } from '../../i18n/use-labels';
import { useApp, useScreenState } from '../../store/Screen';
import { late } from '../late';
import { Chevron } from './Chevron';
import type { Sharing } from './use-sharing';
import classes from './SharingSwitch.module.css';

export const PAUSE_MENU = late(async () => (await import('./PauseMenu')).PauseMenu);

export const SharingSwitch = memo(function SharingSwitch({ sharing }: { readonly sharing: Sharing }) {
  const { t } = useLabels();
  const { pause, off, pending, share, pauseUntil } = sharing;
  const reason = off === null ? undefined : t(`sharing.off.${off}`);
  // A click before the code of the menu is loaded.
  const [isWanted, setIsWanted] = useState(false);
  const hasNone = useApp(({ agent }) => agent !== null && lacksGpu(agent));
  // Without a connection to the program, nothing can be changed.
  const isOpen = useScreenState(({ connection }) => connection === 'open');
  if (hasNone) return null;
  const button = (onClick?: () => void) => (
    <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('sharing.menu')} disabled={!isOpen} onClick={onClick}>
      <Chevron />
    </ActionIcon>
  );
  return (
    <div className={classes['sharing']} title={reason}>
      {off === null && (
        <PAUSE_MENU.View onPause={pauseUntil} opensAtFirst={isWanted} loading={button(() => setIsWanted(true))}>
          {button()}
        </PAUSE_MENU.View>
      )}
      <Switch
        size="sm"
        checked={pause === null && off === null}
        disabled={!isOpen || off !== null}
        // A disabled switch would lose the focus with each change.
        aria-disabled={pending}
        aria-label={t('sharing.this_computer')}
        aria-description={reason}
        onChange={({ currentTarget }) => {
          if (pending) return;
          if (currentTarget.checked) share();
          else pauseUntil(null, 'finish');
        }}
      />
    </div>
  );
});
