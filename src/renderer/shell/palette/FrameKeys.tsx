// The palette, and the list of shortcuts with its key `?`. The shell opens the palette by its key, also while this file still loads.
import { Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type Command, useCommands } from '../../components/commands/commands';
import { KeyCaps } from '../../components/shortcuts/KeyCaps';
import { type Shortcut, useShortcutList, useShortcuts } from '../../components/shortcuts/use-shortcuts';
import { useLabels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { Palette } from './Palette';
import { frameCommands } from './sources';
import classes from './Palette.module.css';

export function FrameKeys() {
  const labels = useLabels();
  const { t } = labels;
  const { store } = useScreen();
  const [isListOpen, setIsListOpen] = useState(false);
  const shortcuts = useMemo((): readonly Shortcut[] => [{ keys: '?', label: t('shortcut.list'), run: () => setIsListOpen(true) }], [t]);
  useShortcuts(shortcuts);
  // The state is read when the palette asks, so the frame does not render again with each change of a node.
  useCommands((search) => {
    const { app } = store.getState();
    const list: Command = { id: 'shortcuts', group: 'actions', title: t('shortcut.list'), run: () => setIsListOpen(true) };
    return app === null ? [list] : [...frameCommands(app, labels, search), list];
  });
  return (
    <>
      <Palette />
      <Modal
        opened={isListOpen}
        onClose={() => setIsListOpen(false)}
        title={t('shortcut.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <ShortcutList />
      </Modal>
    </>
  );
}

function ShortcutList() {
  const listed = useShortcutList();
  return (
    <dl className={classes['shortcuts']}>
      {listed.map(({ keys, label }) => (
        <div key={keys} style={{ display: 'contents' }}>
          <dt>
            <KeyCaps keys={keys} />
          </dt>
          <dd>{label}</dd>
        </div>
      ))}
    </dl>
  );
}
