// Try it: a chat with a model of the pool. It shows which node answered, why that one, and how fast; sound becomes text, and text speech.
import { Button } from '@mantine/core';
import { useId, useRef } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { NoComputerYet, useIsPoolEmpty } from '../../components/NoComputerYet';
import { Page } from '../../components/Page';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';
import { hrefOf, type PageName } from '../../routes';
import { Icon } from '../../components/Icon';
import { ChatList } from './ChatList';
import { KeptTalk } from './KeptTalk';
import { Talk } from './Talk';
import { usableModels } from '../../queries/usable-models';
import { useChat, useChatState } from './use-chat';
import { useChatList } from './use-chat-list';
import { useKeeping, useWhere } from './use-keeping';
import { useMayAsk } from '../../queries/use-may-ask';
import { useModelOfRoute } from './use-model-of-route';
import classes from './TryPage.module.css';

export function TryPage() {
  const { t } = useLabels();
  const chat = useChat();
  const ready = useReadyModels(true);
  const mayAsk = useMayAsk();
  const isPhone = useIsPhone();
  const models = mayAsk ? usableModels(ready.value?.models ?? []) : [];
  useModelOfRoute(chat, models);
  const list = useChatList();
  const listId = useId();
  const listButton = useRef<HTMLButtonElement>(null);
  const closeList = (): void => {
    list.toggle();
    listButton.current?.focus();
  };
  const where = useWhere();
  const hasChats = useChatState(({ kept, turns }) => kept.length + turns.length > 0);
  useKeeping(chat);
  return (
    <Page
      title={t('try_it.title')}
      subtitle={!isPhone && where}
      layout="window"
      actions={
        (models.length > 0 || hasChats) && (
          <>
            <Button
              ref={listButton}
              size="compact-sm"
              variant={list.isOpen ? 'light' : 'default'}
              leftSection={<Icon name="side" />}
              aria-expanded={list.isOpen}
              {...(list.isOpen && !list.isDrawer ? { 'aria-controls': listId } : {})}
              onClick={list.toggle}
            >
              {t('try_chats.title')}
            </Button>
            {models.length > 0 && (
              <Button size="compact-sm" variant="default" leftSection={<Icon name="plus" />} onClick={() => chat.clear()}>
                {t('try_it.new_chat')}
              </Button>
            )}
          </>
        )
      }
    >
      {models.length > 0 ? (
        <div className={classes['split']}>
          <ChatList id={listId} list={list} onClose={closeList} />
          <Talk models={models} where={where} />
        </div>
      ) : (
        (!mayAsk || ready.value !== null || ready.error !== null) && (
          <div className={classes['reading']}>
            <NoModels isForbidden={!mayAsk} error={ready.error} onRetry={ready.refetch} />
            {hasChats && (
              <div className={classes['split']}>
                <ChatList id={listId} list={list} onClose={closeList} />
                <KeptTalk />
              </div>
            )}
          </div>
        )
      )}
    </Page>
  );
}

interface NoModelsProps {
  /** This computer is a member whose role may not send jobs. */
  readonly isForbidden: boolean;
  readonly error: AppError | null;
  readonly onRetry: () => void;
}

function Forbidden() {
  const { t } = useLabels();
  const link = { page: 'members', label: t('try_it.open_members') } as const;
  return <Nothing title={t('try_it.forbidden_title')} text={t('try_it.forbidden_text')} link={link} />;
}

/** Why no model can be asked, and what to do. */
function NoModels({ isForbidden, error, onRetry }: NoModelsProps) {
  const { t } = useLabels();
  const isPoolEmpty = useIsPoolEmpty();
  if (isForbidden) return <Forbidden />;
  switch (error?.code) {
    case 'FORBIDDEN':
      return <Forbidden />;
    case 'NOT_AVAILABLE_HERE':
    case 'NOT_CONNECTED':
      return <PoolElsewhere page="try" noPool={t('try_it.no_pool_text')} />;
    case undefined:
      return isPoolEmpty ? (
        <NoComputerYet />
      ) : (
        <Nothing
          title={t('try_it.no_models_title')}
          text={t('try_it.no_models_text')}
          link={{ page: 'models', label: t('try_it.open_models') }}
        />
      );
    default:
      return (
        <div className={classes['nothing']}>
          <ErrorNote error={error} />
          <Button variant="default" onClick={onRetry}>
            {t('try_it.retry')}
          </Button>
        </div>
      );
  }
}

interface NothingProps {
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly page: PageName; readonly label: string };
}

function Nothing({ title, text, link }: NothingProps) {
  return (
    <Card title={title}>
      <div className={classes['reason']}>
        <p>{text}</p>
        {link !== undefined && (
          <Button component="a" href={hrefOf({ page: link.page })}>
            {link.label}
          </Button>
        )}
      </div>
    </Card>
  );
}
