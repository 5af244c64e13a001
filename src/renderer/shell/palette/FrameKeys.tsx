// The palette, and the list of shortcuts with its key `?`. The shell opens the palette by its key, also while this file still loads.
import { Modal } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { type Command, useCommands } from '../../components/commands/commands';
import { KeyCaps } from '../../components/shortcuts/KeyCaps';
import { type Shortcut, useShortcutList, useShortcuts } from '../../components/shortcuts/use-shortcuts';
import { useLabels } from '../../i18n/use-labels';
import { parseRoute } from '../../routes';
import { useScreen } from '../../store/Screen';
import { goTo, useRoutePart } from '../../store/use-route';
import { pageOf, partsOf } from '../pages';
import { Palette } from './Palette';
import { frameCommands } from './sources';
import classes from './Palette.module.css';

export function FrameKeys() {
  const labels = useLabels();
  const { t } = labels;
  const { store } = useScreen();
  // In the route, because the Help menu and the page About lead to the list.
  const isListOpen = useRoutePart((route) => route.dialog) === 'shortcuts';
  const showList = useCallback(
    (isShown: boolean): void => {
      const { app, preferences } = store.getState();
      const route = parseRoute(window.location.hash);
      // Over the page that is shown.
      const page = route.page ?? (app === null ? 'computer' : pageOf(null, partsOf(app), preferences.setupEnded));
      goTo({ ...route, page, dialog: isShown ? 'shortcuts' : null }, { replace: true });
    },
    [store],
  );
  const shortcuts = useMemo(
    (): readonly Shortcut[] => [{ keys: '?', label: t('shortcut.list'), run: () => showList(true) }],
    [t, showList],
  );
  useShortcuts(shortcuts);
  // The state is read when the palette asks, so the frame does not render again with each change of a node.
  useCommands((search) => {
    const { app } = store.getState();
    const list: Command = { id: 'shortcuts', group: 'actions', title: t('shortcut.list'), run: () => showList(true) };
    return app === null ? [list] : [...frameCommands(app, labels, search), list];
  });
  return (
    <>
      <Palette />
      <Modal
        opened={isListOpen}
        onClose={() => showList(false)}
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
