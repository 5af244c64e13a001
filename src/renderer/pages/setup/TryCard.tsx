// Step 3: one prompt to a model that the page chooses, and the answer as it arrives, with its node and speed. It is the chat of the page
// Try it, which goes on there.
import { Button, TextInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { AgentView } from '../../../shared/api/agent-view';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { comesUp } from '../../../shared/api/own-host';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { lookAroundOf } from '../../components/sharing/use-look-around';
import { useLabels } from '../../i18n/use-labels';
import { cannotStart } from '../../labels/host-failure';
import { hrefOf, type PageName } from '../../routes';
import { useApp } from '../../store/Screen';
import { goTo } from '../../store/use-route';
import { isBusy } from '../try/chat-store';
import { Icon } from '../../components/Icon';
import { TurnView } from '../try/TurnView';
import { askLanguageOf } from '../try/use-talk';
import { useChat, useChatState } from '../try/use-chat';
import classes from './TryCard.module.css';
import { awaitsModels } from './findings';
import type { ChatModel } from './use-chat-model';

export interface TryCardProps {
  readonly chatModel: ChatModel;
  readonly isPrimary: boolean;
  /** The step that gives a pool. Null: there is a pool, or no step gives one. */
  readonly after: number | null;
}

export function TryCard({ chatModel, isPrimary, after }: TryCardProps) {
  const { t } = useLabels();
  const { model } = chatModel;
  const turn = useChatState(({ turns }) => turns.at(-1) ?? null);
  const chat = useChat();
  const shown = useRef<HTMLDivElement>(null);
  const [askedId, answerState] = [turn?.answer.id, turn?.answer.state];
  // The card is at the end of the page: an answer begins and ends in view.
  // Returns nothing: in recent browsers the call returns a promise, which is no clean-up.
  useEffect(() => {
    shown.current?.scrollIntoView({ block: 'nearest' });
  }, [askedId, answerState]);
  const showWhy = (shownId: string): void => {
    chat.change({ shownId });
    goTo({ page: 'try' });
  };
  return (
    <Card>
      <div className={classes['lines']}>
        {model === null ? <NoPrompt {...chatModel} after={after} /> : <Prompt model={model} isPrimary={isPrimary} />}
        {turn !== null && (
          <div ref={shown} className={classes['turn']} role="log" aria-live="off">
            <TurnView turn={turn} onWhy={showWhy} onHear={null} />
          </div>
        )}
        {(turn !== null || model !== null) && (
          <p className={classes['more']}>
            <a className="link-target" href={hrefOf({ page: 'try' })}>
              {t('setup.try_more')}
            </a>
          </p>
        )}
      </div>
    </Card>
  );
}

function Prompt({ model, isPrimary }: { readonly model: string; readonly isPrimary: boolean }) {
  const labels = useLabels();
  const { t } = labels;
  const chat = useChat();
  const busy = useChatState(isBusy);
  // The example is a text of the field, so that one click is enough.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? t('try_it.examples.languages');
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (chat.send({ text: text.trim(), pictures: [] }, model, askLanguageOf(labels)) === null) setTyped('');
  };
  return (
    <form className={classes['prompt']} onSubmit={send}>
      <TextInput
        className={classes['field']}
        aria-label={t('try_it.message')}
        placeholder={t('setup.try_placeholder')}
        description={t('setup.try_model', { model })}
        inputWrapperOrder={['input', 'description']}
        value={text}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {busy ? (
        <Button variant="default" leftSection={<Icon name="stop" />} onClick={() => chat.stop()}>
          {t('try_it.stop')}
        </Button>
      ) : (
        <Button type="submit" variant={isPrimary ? 'filled' : 'default'} leftSection={<Icon name="send" />} disabled={text.trim() === ''}>
          {t('try_it.send')}
        </Button>
      )}
    </form>
  );
}

function NoPrompt({ isForbidden, isLooking, error, after }: Omit<ChatModel, 'model'> & Pick<TryCardProps, 'after'>) {
  const { t } = useLabels();
  const isRegistering = useApp(({ agent }) => agent !== null && awaitsModels(agent));
  const lacksGpu = useApp(({ agent }) => agent !== null && hasModelsWithoutGpu(agent));
  const mayAnswer = useApp((app) => lookAroundOf(app) === 'answers');
  if (isForbidden)
    return <Nothing title={t('try_it.forbidden_title')} text={t('try_it.forbidden_text')} page="pool" link={t('elsewhere.to_pool')} />;
  if (isRegistering) return <p>{t('setup.try_soon')}</p>;
  if (mayAnswer) return <p className={classes['later']}>{t('setup.try_processor')}</p>;
  if (lacksGpu)
    return <Nothing title={t('setup.try_no_gpu')} text={t('setup.try_no_gpu_text')} page="gpus" link={t('setup.show_checks')} />;
  return isLooking ? <p>{t('setup.try_looking')}</p> : <NoModel error={error} after={after} />;
}

/** The pool refuses a node without a usable GPU, with its models. */
const hasModelsWithoutGpu = ({ link, models }: AgentView): boolean =>
  link.state === 'refused' && link.code === 'NO_GPU_AVAILABLE' && models.some(({ state }) => state === 'ready');

/** Why no model answers here, and what to do. */
function NoModel({ error, after }: Pick<ChatModel, 'error'> & Pick<TryCardProps, 'after'>) {
  const { t, format } = useLabels();
  const lacksGpu = useApp(({ agent }) => ownGpuOf(agent?.hardware) === 'none');
  const isStarting = useApp(({ host }) => host !== null && !cannotStart(host) && comesUp(host));
  const isRunning = useApp(({ host }) => host?.state === 'running');
  switch (error?.code) {
    case undefined:
      return <Nothing title={t('setup.try_no_model')} text={t('try_it.no_models_text')} page="models" link={t('try_it.open_models')} />;
    case 'NOT_AVAILABLE_HERE':
    case 'NOT_CONNECTED':
      if (isStarting) return <p className={classes['later']}>{t('setup.own_starts')}</p>;
      // It has not answered yet.
      if (isRunning) return <p>{t('setup.try_looking')}</p>;
      if (after !== null) {
        const number = format.number(after);
        return <p className={classes['later']}>{t(lacksGpu ? 'setup.after_step_no_gpu' : 'setup.after_step', { number })}</p>;
      }
      return <Nothing title={t('try_it.no_pool_title')} text={t('try_it.no_pool_text')} page="pool" link={t('elsewhere.to_pool')} />;
    default:
      return <ErrorNote error={error} />;
  }
}

interface NothingProps {
  readonly title: string;
  readonly text: string;
  readonly page: PageName;
  readonly link: string;
}

const Nothing = ({ title, text, page, link }: NothingProps) => (
  <div>
    <p>
      <b>{title}</b>
    </p>
    <p className={classes['note']}>{text}</p>
    <p className={classes['more']}>
      <a href={hrefOf({ page })}>{link}</a>
    </p>
  </div>
);
