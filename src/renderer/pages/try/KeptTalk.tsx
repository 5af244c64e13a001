// The chat on the screen while no model can be asked: it can be read, with the facts of its answers, and nothing can be sent.
import { useLabels } from '../../i18n/use-labels';
import { AnswerPanel } from './AnswerPanel';
import { TurnView } from './TurnView';
import { useChat, useChatState } from './use-chat';
import { useStickToEnd } from './use-stick-to-end';
import classes from './Talk.module.css';

export function KeptTalk() {
  const { t } = useLabels();
  const chat = useChat();
  const turns = useChatState((state) => state.turns);
  const id = useChatState((state) => state.id);
  const shownId = useChatState((state) => state.shownId);
  const turnsLeftOut = useChatState((state) => state.turnsLeftOut);
  const end = useStickToEnd(turns, id);
  const shown = turns.find(({ answer }) => answer.id === shownId)?.answer ?? turns.at(-1)?.answer ?? null;
  return (
    <div className={classes['layout']} data-scrolls-narrow="">
      <div className={classes['talk']}>
        <div className={classes['turns']} ref={end} role="log" aria-live="off" tabIndex={-1}>
          <div className={classes['column']}>
            {turns.length === 0 && <p className={classes['small']}>{t('try_chats.choose')}</p>}
            {turnsLeftOut > 0 && <p className={classes['small']}>{t('try_chats.turns_left_out', { count: turnsLeftOut })}</p>}
            {turns.map((turn) => (
              <TurnView
                key={turn.answer.id}
                turn={turn}
                isInPanel={turn.answer.id === shown?.id}
                onWhy={(answerId) => chat.change({ shownId: answerId })}
                onHear={null}
              />
            ))}
          </div>
        </div>
      </div>
      {shown !== null && (
        <aside className={classes['panel']} aria-label={t('try_it.panel')}>
          <AnswerPanel answer={shown} />
        </aside>
      )}
    </div>
  );
}
