// A question and its answer: the text, what happens before it, the figures below it, and what can be done with it.
import { Button } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { Shape } from '../../labels/shape';
import { AskErrorNote } from '../../components/AskErrorNote';
import { CopyButton } from '../../components/CopyButton';
import { late } from '../../components/late';
import { StatusShape } from '../../components/StatusShape';
import { LinkButton } from '../../components/LinkButton';
import { useLabels } from '../../i18n/use-labels';
import { type Answer, figuresOf, isOpen, isRetryable } from './answer';
import type { Question, Turn } from './chat';
import { useAnswerNode } from './use-answer-node';
import { WaitingNote } from './WaitingNote';
import classes from './TurnView.module.css';

/** The parser is loaded with the first answer. */
const MARKDOWN = late(async () => (await import('./Markdown')).Markdown);

export interface TurnViewProps {
  readonly turn: Turn;
  /** The panel has its figures. */
  readonly isInPanel?: boolean;
  /** Stops the answer and chooses another model. Null: there is no choice. */
  readonly onOtherModel?: (() => void) | null;
  /** Shows the answer in the panel. */
  readonly onWhy: (answerId: string) => void;
  /** Null: no model of the pool speaks. */
  readonly onHear: ((answer: Answer) => void) | null;
  /** Null: another question followed, or no model takes it. */
  readonly onRetry?: (() => void) | null;
  /** At the right, below the last answer. */
  readonly tail?: ReactNode;
}

export const TurnView = memo(function TurnView({
  turn: { question, answer },
  isInPanel = false,
  onOtherModel = null,
  onWhy,
  onHear,
  onRetry = null,
  tail = null,
}: TurnViewProps) {
  const { t } = useLabels();
  return (
    <>
      <QuestionView question={question} />
      <article className={classes['answer']} aria-label={t('try_it.answer', { model: answer.model })} aria-busy={isOpen(answer)}>
        {answer.reasoning !== '' && (
          <details className={classes['thoughts']} open={answer.text === '' && isOpen(answer)}>
            <summary>{t('try_it.thoughts')}</summary>
            <p>{answer.reasoning}</p>
          </details>
        )}
        {answer.text !== '' && <MARKDOWN.View text={answer.text} loading={<p className={classes['plain']}>{answer.text}</p>} />}
        {answer.state === 'waiting' && <WaitingNote answer={answer} onOtherModel={onOtherModel} />}
        {answer.error !== null && <AskErrorNote error={answer.error} />}
        <AnswerFoot
          answer={answer}
          isInPanel={isInPanel}
          onWhy={onWhy}
          onHear={onHear}
          onRetry={isRetryable(answer) ? onRetry : null}
          tail={tail}
        />
      </article>
    </>
  );
});

function QuestionView({ question: { text, pictures, picturesLeftOut = 0 } }: { readonly question: Question }) {
  const { t } = useLabels();
  return (
    <div className={classes['question']}>
      <span className="visually-hidden">
        {t('try_it.you')}
        {t('punctuation.colon')}
      </span>
      {pictures.map(({ name, dataUrl }) => (
        <img key={dataUrl.slice(-64)} src={dataUrl} alt={name} />
      ))}
      {picturesLeftOut > 0 && <p className={classes['leftOut']}>{t('try_chats.pictures_left_out', { count: picturesLeftOut })}</p>}
      {text !== '' && <p>{text}</p>}
    </div>
  );
}

const SHAPES: Readonly<Record<Answer['state'], Shape>> = {
  waiting: 'waiting',
  answering: 'running',
  done: 'ready',
  stopped: 'stopped',
  cut: 'stopped',
  elsewhere: 'running',
  failed: 'refused',
};

type FootProps = Required<Omit<TurnViewProps, 'turn' | 'onOtherModel'>> & { readonly answer: Answer };

function AnswerFoot({ answer, isInPanel, onWhy, onHear, onRetry, tail }: FootProps) {
  const { t } = useLabels();
  const node = useAnswerNode(answer);
  const ofPanel = useFiguresOfPanel(answer);
  const facts = useFacts(answer);
  const all = [...(node === null ? [] : [<b key="node">{node}</b>]), ...ofPanel, ...facts];
  const hasFacts = answer.state !== 'failed' || all.length > 0;
  if (answer.state === 'waiting' || (!hasFacts && onRetry === null)) return tail;
  return (
    <div className={classes['foot']}>
      {hasFacts && (
        <span className={classes['facts']}>
          <StatusShape shape={SHAPES[answer.state]} size={13} />{' '}
          {all.map((fact, index) => (
            <span key={index} data-in-panel={(isInPanel && index < all.length - facts.length) || undefined}>
              {fact}
              {index < all.length - 1 && ' · '}
            </span>
          ))}
        </span>
      )}
      <div className={classes['acts']}>
        {onRetry !== null && (
          <Button size="compact-xs" variant="default" onClick={onRetry}>
            {t(answer.state === 'done' ? 'try_chats.ask_again' : 'try_chats.retry')}
          </Button>
        )}
        {node !== null && <LinkButton onClick={() => onWhy(answer.id)}>{t('try_it.why')}</LinkButton>}
        {!isOpen(answer) && answer.text !== '' && (
          <>
            <CopyButton size="compact-xs" variant="subtle" value={answer.text} text={t('try_it.copy_answer')} />
            {onHear !== null && (
              <Button size="compact-xs" variant="subtle" onClick={() => onHear(answer)}>
                {t('try_it.hear')}
              </Button>
            )}
          </>
        )}
        {tail}
      </div>
    </div>
  );
}

function useFiguresOfPanel(answer: Answer): readonly string[] {
  const { t, format } = useLabels();
  const { firstTokenMs, tokensPerSecond } = figuresOf(answer);
  return [
    ...(firstTokenMs === null ? [] : [t('try_it.figures.first', { time: format.took(firstTokenMs) })]),
    ...(tokensPerSecond === null
      ? []
      : [t('try_it.figures.speed', { speed: format.number(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0) })]),
  ];
}

function useFacts(answer: Answer): readonly string[] {
  const { t, format } = useLabels();
  const { tokens, isReported } = figuresOf(answer);
  const { endedAtMonotonicMs: ended, sentAtMonotonicMs: sent } = answer;
  const count = tokens === null ? null : { count: tokens, tokens: format.number(tokens) };
  return [
    ...(count === null
      ? []
      : [t(isReported ? 'try_it.figures.tokens' : isOpen(answer) ? 'try_it.figures.counted' : 'try_it.figures.about', count)]),
    ...(answer.state === 'stopped' || answer.state === 'cut' || answer.state === 'elsewhere' ? [t(`try_it.figures.${answer.state}`)] : []),
    ...(answer.state === 'failed' && tokens !== null && ended !== null
      ? [t('try_it.figures.failed', { time: format.took(ended - sent) })]
      : []),
    ...(answer.finishReason === 'length' ? [t('try_it.figures.length')] : []),
  ];
}
