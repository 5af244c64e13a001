// The command palette: a field, and below it the results in groups. The focus stays in the field, and the arrow keys move the choice
// (a combobox with a list). Opened with Ctrl+K or Cmd+K, closed with Esc; then the focus is back where it was.
import { Modal } from '@mantine/core';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import {
  closePalette,
  type Command,
  commandsFor,
  setPaletteSearch,
  useCommandsRevision,
  usePaletteOpen,
} from '../../components/commands/commands';
import { KeyCaps } from '../../components/shortcuts/KeyCaps';
import { useLabels } from '../../i18n/use-labels';
import { useScreenState } from '../../store/Screen';
import { FrameIcon } from '../icons';
import { PaletteResults } from './PaletteResults';
import { resultsOf } from './results';
import classes from './Palette.module.css';

export function Palette() {
  const { t } = useLabels();
  const isOpen = usePaletteOpen();
  return (
    <Modal
      opened={isOpen}
      onClose={closePalette}
      title={t('palette.title')}
      withCloseButton={false}
      centered={false}
      yOffset="12dvh"
      size={640}
      padding={0}
      classNames={{ header: classes['header'] ?? '', body: classes['body'] ?? '' }}
    >
      <PaletteContent />
    </Modal>
  );
}

const MOST_RECENT = 8;
const MAX_SEARCH_LENGTH = 128;

function PaletteContent() {
  const { t } = useLabels();
  const listId = useId();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState(0);
  const recent = useScreenState(({ preferences }) => preferences.recentCommands);
  const setPreferences = useScreenState((state) => state.setPreferences);
  const revision = useCommandsRevision();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the sources are no state of React: the revision stands for them
  const results = useMemo(() => resultsOf(commandsFor(search), search, recent), [search, recent, revision]);
  const items = results.groups.flatMap((group) => group.items);
  const at = Math.min(chosen, Math.max(0, items.length - 1));
  const run = (command: Command): void => {
    setPreferences({ recentCommands: [command.id, ...recent.filter((id) => id !== command.id)].slice(0, MOST_RECENT) });
    closePalette();
    command.run();
  };
  const press = (event: KeyboardEvent): void => {
    const next = afterKey(event.key, at, items.length);
    const command = items[at]?.command;
    if (next !== null) setChosen(next);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing && command !== undefined) run(command);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className={classes['field']}>
        <FrameIcon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={items.length === 0 ? undefined : `${listId}-${String(at)}`}
          aria-autocomplete="list"
          placeholder={t('palette.placeholder')}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setPaletteSearch(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={press}
          maxLength={MAX_SEARCH_LENGTH}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <KeyCaps keys="Escape" />
      </div>
      <PaletteResults id={listId} groups={results.groups} chosen={at} onChoose={setChosen} onRun={run} />
      <div className={classes['foot']}>
        <span aria-hidden="true">
          <KeyCaps keys="ArrowUp" /> <KeyCaps keys="ArrowDown" /> {t('palette.move')}
        </span>
        <span aria-hidden="true">
          <KeyCaps keys="Enter" /> {t('palette.run')}
        </span>
        <span role="status">{t('palette.results', { count: results.found })}</span>
      </div>
    </>
  );
}

/** The first follows the last. */
function afterKey(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return count === 0 ? 0 : (at + 1) % count;
    case 'ArrowUp':
      return count === 0 ? 0 : (at + count - 1) % count;
    case 'PageDown':
      return Math.max(0, Math.min(count - 1, at + PAGE));
    case 'PageUp':
      return Math.max(0, at - PAGE);
    default:
      return null;
  }
}

const PAGE = 5;
