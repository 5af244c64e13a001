// The chat with its composer, and the panel beside it, which lies below the chat on narrow windows.
import { type DragEvent, type ReactNode, useState } from 'react';
import { AskErrorNote } from '../../components/AskErrorNote';
import { CopyAs } from '../../components/connect/CopyAs';
import { type PoolTarget, usePoolTarget } from '../../components/connect/use-connect-target';
import { useIsPhone } from '../../components/use-is-phone';
import { useLabels } from '../../i18n/use-labels';
import { useProgramKey } from '../../queries/program-key';
import { usePoolLost } from '../../store/use-pool-lost';
import { AnswerPanel } from './AnswerPanel';
import { lastQuestionOf } from './chat';
import { Composer } from './Composer';
import { PICKER } from './ModelPicker';
import type { UsableModel } from '../../queries/usable-models';
import { NextMessage, type NextMessageProps } from './NextMessage';
import { TurnView } from './TurnView';
import { useStickToEnd } from './use-stick-to-end';
import { useTalk } from './use-talk';
import classes from './Talk.module.css';

export interface TalkProps {
  readonly models: readonly UsableModel[];
  /** Where the model runs, and what is kept. */
  readonly where: string;
}

export function Talk({ models, where }: TalkProps) {
  const { t } = useLabels();
  const talk = useTalk(models);
  const { chat, state, options, files, model } = talk;
  const { turns, sideError } = state;
  const end = useStickToEnd(turns, state.id);
  const isPhone = useIsPhone();
  const isPoolLost = usePoolLost();
  if (model === null) return null;
  const shown = turns.find(({ answer }) => answer.id === state.shownId)?.answer ?? turns.at(-1)?.answer ?? null;
  const showWhy = (shownId: string): void => {
    chat.change({ shownId });
    document.getElementById(PANEL)?.scrollIntoView({ block: 'nearest' });
  };
  const otherModel = (): void => {
    talk.stop();
    document.getElementById(PICKER)?.focus();
  };
  return (
    <div className={classes['layout']} data-scrolls-narrow="">
      <DropArea onFiles={talk.addFiles}>
        <div className={classes['turns']} ref={end} role="log" aria-live="off" tabIndex={-1}>
          <div className={classes['column']}>
            {turns.length === 0 && (
              <Empty isChat={model.use === 'chat'} onExample={isPoolLost ? null : (text) => talk.send({ text, pictures: [] })} />
            )}
            {state.turnsLeftOut > 0 && <p className={classes['small']}>{t('try_chats.turns_left_out', { count: state.turnsLeftOut })}</p>}
            {turns.map((turn) => (
              <TurnView
                key={turn.answer.id}
                turn={turn}
                isInPanel={turn.answer.id === shown?.id}
                onOtherModel={models.length > 1 ? otherModel : null}
                onWhy={showWhy}
                onHear={isPoolLost ? null : talk.hear}
                onRetry={turn === turns.at(-1) && !talk.isBusy && !isPoolLost ? talk.retry : null}
                tail={turn === turns.at(-1) ? <Copy model={model} question={lastQuestionOf(turns)} /> : null}
              />
            ))}
            {sideError !== null && <AskErrorNote error={sideError} />}
          </div>
        </div>
        <div className={classes['column']} data-composer="">
          <Composer
            models={models}
            model={model}
            onModel={(chosen) => chat.change({ chosen })}
            text={talk.text}
            onText={talk.setText}
            pictures={files.pictures}
            onRemovePicture={files.remove}
            onFiles={talk.addFiles}
            onSound={talk.addRecording}
            isBusy={talk.isBusy}
            isPoolLost={isPoolLost}
            onSend={() => talk.send()}
            onStop={talk.stop}
            note={talk.note}
          />
        </div>
      </DropArea>
      <aside id={PANEL} className={classes['panel']} aria-label={t('try_it.panel')}>
        <AnswerPanel answer={shown} />
        {model.use === 'chat' && <Next key={state.id} options={options} onChange={(changed) => chat.change({ options: changed })} />}
        {isPhone && <p className={classes['small']}>{where}</p>}
      </aside>
    </div>
  );
}

const PANEL = 'try-panel';

/** Folded on a phone. */
function Next(props: NextMessageProps) {
  const { t } = useLabels();
  const isPhone = useIsPhone();
  if (!isPhone) return <NextMessage {...props} />;
  return (
    <details>
      <summary>{t('try_it.next')}</summary>
      <NextMessage {...props} />
    </details>
  );
}

interface CopyProps {
  readonly model: UsableModel;
  readonly question: string | null;
}

function Copy({ model, question }: CopyProps) {
  const target = usePoolTarget();
  return target === null || model.use !== 'chat' ? null : <CopyForPool target={target} model={model} question={question} />;
}

function CopyForPool({ target, model, question }: CopyProps & { readonly target: PoolTarget }) {
  const programKey = useProgramKey(target.baseUrl);
  return (
    <div className={classes['copy']}>
      <CopyAs target={target} model={model.model.model_id} question={question} programKey={programKey.key} createKey={programKey.create} />
      {programKey.error !== null && <AskErrorNote error={programKey.error} />}
    </div>
  );
}

interface EmptyProps {
  readonly isChat: boolean;
  /** Null: no message can be sent now. */
  readonly onExample: ((text: string) => void) | null;
}

function Empty({ isChat, onExample }: EmptyProps) {
  const { t } = useLabels();
  return (
    <div className={classes['empty']}>
      <h2>{t('try_it.empty_title')}</h2>
      <p>{t('try_it.empty_text')}</p>
      {isChat && (
        <ul>
          {(['languages', 'limits', 'table'] as const).map((example) => (
            <li key={example}>
              <button type="button" disabled={onExample === null} onClick={() => onExample?.(t(`try_it.examples.${example}`))}>
                {t(`try_it.examples.${example}`)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function DropArea({ onFiles, children }: { readonly onFiles: (files: readonly File[]) => void; readonly children: ReactNode }) {
  const { t } = useLabels();
  const [isOver, setIsOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    const dropped = [...event.dataTransfer.files];
    if (dropped.length > 0) onFiles(dropped);
  };
  return (
    // Dropping is a shortcut of the button that attaches files.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- see above
    <div
      className={classes['talk']}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      {children}
      {isOver && <div className={classes['drop']}>{t('try_it.drop_here')}</div>}
    </div>
  );
}
