// Below the list of chats: whether they are kept, where, and how many; and Delete all. What deletes several chats asks first.
import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useLabels } from '../../i18n/use-labels';
import { KEEP_LIMITS } from './kept-chat';
import { useChat, useChatState } from './use-chat';
import { useDevice } from './use-keeping';
import classes from './ChatList.module.css';

/** It runs at once, and cannot fail. */
const OPERATION = { pending: false, error: null, clear: () => undefined };

export function KeepChats() {
  const { t } = useLabels();
  const { keeping } = useChat();
  const isKeeping = useChatState((state) => state.isKeeping);
  const count = useChatState(({ kept }) => kept.length);
  const device = useDevice();
  const [asked, setAsked] = useState<'off' | 'delete' | null>(null);
  const turn = (isOn: boolean): void => {
    if (!isOn && count > 0) setAsked('off');
    else keeping.turn(isOn);
  };
  return (
    <div className={classes['keep']}>
      <Switch size="xs" label={t('try_chats.keep')} checked={isKeeping} onChange={(event) => turn(event.currentTarget.checked)} />
      {isKeeping && <p>{t(`try_chats.limits.${device}`, { chats: KEEP_LIMITS.chats })}</p>}
      {count > 0 && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAsked('delete')}>
          {t('try_chats.delete_all')}
        </Button>
      )}
      <ConfirmDialog
        operation={OPERATION}
        opened={asked !== null}
        title={t(asked === 'off' ? 'try_chats.off_title' : 'try_chats.delete_title', { count })}
        confirm={t(asked === 'off' ? 'try_chats.off_confirm' : 'try_chats.delete_confirm')}
        onClose={() => setAsked(null)}
        run={() => {
          if (asked === 'off') keeping.turn(false);
          else keeping.removeAll();
          return Promise.resolve({ ok: true });
        }}
      >
        <p>{t(asked === 'off' ? 'try_chats.off_text' : 'try_chats.delete_text', { count })}</p>
      </ConfirmDialog>
    </div>
  );
}
