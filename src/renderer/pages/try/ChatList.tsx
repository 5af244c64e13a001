// The chats that are kept on this device, the last one first: open, rename, delete; and below them whether chats are kept.
import { ActionIcon, CloseButton, Drawer, Menu, TextInput } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useClockPart } from '../../clock/Clock';
import { Icon } from '../../components/Icon';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { KeepChats } from './KeepChats';
import { KEEP_LIMITS, type KeptHead } from './kept-chat';
import { useChat, useChatState } from './use-chat';
import type { ChatListState } from './use-chat-list';
import classes from './ChatList.module.css';

export interface ChatListProps {
  readonly id: string;
  readonly list: ChatListState;
  readonly onClose: () => void;
}

export function ChatList({ id, list: { isDrawer, isOpen }, onClose }: ChatListProps) {
  const { t } = useLabels();
  if (isDrawer)
    return (
      <Drawer
        opened={isOpen}
        onClose={onClose}
        title={t('try_chats.title')}
        size={320}
        classNames={{ body: classes['drawer'] ?? '', content: classes['drawerContent'] ?? '' }}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Chats onChosen={onClose} />
      </Drawer>
    );
  return (
    isOpen && (
      <nav id={id} className={classes['column']} aria-label={t('try_chats.title')}>
        <div className={classes['head']}>
          <h2>{t('try_chats.title')}</h2>
          <CloseButton size="sm" aria-label={t('try_chats.close')} onClick={onClose} />
        </div>
        <Chats />
      </nav>
    )
  );
}

function Chats({ onChosen }: { readonly onChosen?: () => void }) {
  const { t } = useLabels();
  const { keeping } = useChat();
  const kept = useChatState((state) => state.kept);
  const shownId = useChatState((state) => state.id);
  const isKeeping = useChatState((state) => state.isKeeping);
  const toasts = useToasts();
  const [renamedId, setRenamedId] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const focusRow = (index: number): void => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-chat]') ?? [])];
    rows[Math.max(0, Math.min(rows.length - 1, index))]?.focus();
  };
  const remove = (head: KeptHead, index: number): void => {
    const undo = keeping.remove(head.id);
    if (undo !== null) toasts.show({ text: t('try_chats.deleted', { title: shownTitle(head, t('try_chats.picture')) }), undo });
    // When the menu of the row, which has the focus, is gone.
    requestAnimationFrame(() => focusRow(index));
  };
  const onKeyDown = (event: KeyboardEvent, head: KeptHead, index: number): void => {
    if (event.key === 'ArrowDown') focusRow(index + 1);
    else if (event.key === 'ArrowUp') focusRow(index - 1);
    else if (event.key === 'Delete') remove(head, index);
    else if (event.key === 'F2') setRenamedId(head.id);
    else return;
    event.preventDefault();
  };
  return (
    <>
      {kept.length === 0 && <p className={classes['none']}>{t(isKeeping ? 'try_chats.none' : 'try_chats.off')}</p>}
      <ul ref={list} className={classes['list']}>
        {kept.map((head, index) => (
          <li key={head.id} data-shown={head.id === shownId || undefined}>
            {head.id === renamedId ? (
              <NameField
                head={head}
                onEnd={(name) => {
                  if (name !== null) keeping.rename(head.id, name);
                  setRenamedId(null);
                  requestAnimationFrame(() => focusRow(index));
                }}
              />
            ) : (
              <Row
                head={head}
                isShown={head.id === shownId}
                onKeyDown={(event) => onKeyDown(event, head, index)}
                onChoose={() => {
                  keeping.show(head.id);
                  onChosen?.();
                }}
                onRename={() => setRenamedId(head.id)}
                onDelete={() => remove(head, index)}
              />
            )}
          </li>
        ))}
      </ul>
      <KeepChats />
    </>
  );
}

interface RowProps {
  readonly head: KeptHead;
  readonly isShown: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onChoose: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

function Row({ head, isShown, onKeyDown, onChoose, onRename, onDelete }: RowProps) {
  const { t } = useLabels();
  const title = shownTitle(head, t('try_chats.picture'));
  return (
    <>
      <button
        type="button"
        className={classes['row']}
        data-chat=""
        aria-current={isShown || undefined}
        title={title}
        onClick={onChoose}
        onKeyDown={onKeyDown}
      >
        <span className={classes['title']}>{title}</span>
        <span className={classes['facts']}>
          <span className={classes['model']}>{head.model}</span>
          <TimeOrDay wallMs={head.askedAtWallMs} />
        </span>
      </button>
      <Menu position="bottom-end" shadow="md" width={160} returnFocus hideDetached={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon className={classes['more'] ?? ''} variant="subtle" color="gray" aria-label={t('try_chats.actions', { title })}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onRename}>{t('try_chats.rename')}</Menu.Item>
          <Menu.Item onClick={onDelete}>{t('try_chats.delete')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** `19:42` today, else `2 Nov`. */
function TimeOrDay({ wallMs }: { readonly wallMs: number }) {
  const { format } = useLabels();
  const timeOfDay = format.clock(wallMs, wallMs);
  const text = useClockPart((nowWallMs) => (format.clock(wallMs, nowWallMs) === timeOfDay ? timeOfDay : format.day(wallMs, nowWallMs)));
  return <time dateTime={new Date(wallMs).toISOString()}>{text}</time>;
}

interface NameFieldProps {
  readonly head: KeptHead;
  /** Null: the name stays. */
  readonly onEnd: (name: string | null) => void;
}

function NameField({ head, onEnd }: NameFieldProps) {
  const { t } = useLabels();
  const [name, setName] = useState(head.title);
  const isEnded = useRef(false);
  const end = (isWanted: boolean): void => {
    if (isEnded.current) return;
    isEnded.current = true;
    onEnd(isWanted && name.trim() !== '' && name !== head.title ? name : null);
  };
  return (
    <TextInput
      ref={(field) => field?.focus()}
      className={classes['name']}
      size="xs"
      aria-label={t('try_chats.name')}
      maxLength={KEEP_LIMITS.titleCharacters}
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        event.preventDefault();
        event.stopPropagation();
        end(event.key === 'Enter');
      }}
    />
  );
}

const shownTitle = ({ title }: KeptHead, picture: string): string => (title === '' ? picture : title);
