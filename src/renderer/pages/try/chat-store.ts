// The chat of this window: turns, options and open requests. It outlives the page, so that an answer goes on while another page is shown.
// Its texts are kept on this device, unless the user turned that off.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppApi, AppError } from '../../../shared/api/app-api';
import type { AskEvent, AskParamsInput } from '../../../shared/api/ask';
import { isLast } from '../../../shared/api/ask-end';
import type { ScreenStore } from '../../store/app-store';
import { type Answer, answerAfter, cut, isOpen, newAnswer, stopped } from './answer';
import { type ChatFault, chatFault, chatParams, type Question } from './chat';
import { firstState, Keeping } from './chat-keeping';
import { ChatShelf, newId } from './chat-shelf';
import type { ChatState, SideRequest } from './chat-state';

/** The text is drawn at most this often: a fast model sends hundreds of pieces in a second. */
const PACE_MS = 50;

export interface SideEnd {
  readonly text: string;
  readonly audio: Extract<AskEvent, { readonly type: 'audio' }> | null;
}

export interface Chat {
  readonly store: StoreApi<ChatState>;
  /** The list of chats. */
  readonly keeping: Keeping;
  /** Null: sent. */
  send(question: Question, model: string, language: 'en' | 'zh'): ChatFault | null;
  /** Asks the last question again. */
  retry(model: string, language: 'en' | 'zh'): ChatFault | null;
  /** Cancels what is open. */
  stop(): void;
  /** The page may end now: the browser asks it, or closes its connections. */
  leave(): void;
  /** The page ends, and with it what is open. */
  cut(): void;
  clear(): void;
  change(change: Partial<Pick<ChatState, 'options' | 'chosen' | 'shownId' | 'sideError'>>): void;
  /** Resolves to null when it failed or was stopped. */
  aside(request: SideRequest, params: AskParamsInput): Promise<SideEnd | null>;
}

const known = new WeakMap<ScreenStore, Chat>();

/** One chat for each screen. */
export function chatOf(screen: ScreenStore, api: Pick<AppApi, 'ask'>): Chat {
  const chat = known.get(screen) ?? createChat(api, () => performance.now(), new ChatShelf(screen.getState().device));
  known.set(screen, chat);
  return chat;
}

export function createChat(api: Pick<AppApi, 'ask'>, nowMonotonicMs: () => number, shelf: ChatShelf): Chat {
  const first = firstState(shelf);
  const model = first.turns.at(-1)?.answer.model;
  const chosen = model === undefined ? null : `chat ${model}`;
  const store = createStore<ChatState>(() => ({ ...first, chosen, shownId: null, side: null, sideError: null }));
  let cancel = (): void => undefined;
  const side = sideRequests(api, store);

  const changeAnswer = (id: string, change: (answer: Answer) => Answer): void =>
    store.setState(({ turns }) => ({
      turns: turns.map((turn) => (turn.answer.id === id ? { ...turn, answer: change(turn.answer) } : turn)),
    }));
  const end = (ended: (answer: Answer) => Answer): void => {
    cancel();
    cancel = () => undefined;
    for (const { answer } of store.getState().turns) {
      const after = ended(answer);
      if (after !== answer) changeAnswer(answer.id, () => after);
    }
    side.cancel();
  };
  const stop = (): void => end((answer) => stopped(answer, nowMonotonicMs()));
  let leavingAtMonotonicMs = Infinity;
  const keeping = new Keeping({ store, shelf, nowMonotonicMs, stop });
  /** After the first `count` turns. */
  const sendAfter = (count: number, question: Question, model: string, language: 'en' | 'zh'): ChatFault | null => {
    const { turns, options, id: session } = store.getState();
    const params = chatParams({ model, session, turns: turns.slice(0, count), question, options, language });
    const fault = chatFault(params);
    if (fault !== null) return fault;
    stop();
    const id = newId();
    const answer = newAnswer(id, model, nowMonotonicMs());
    store.setState((state) => ({ turns: [...state.turns.slice(0, count), { question, answer }], shownId: null }));
    cancel = api.ask(params, {
      onEvents(events) {
        changeAnswer(id, (current) => answerAfter(current, events, nowMonotonicMs()));
        return events.some(isLast) ? undefined : paced();
      },
    });
    return null;
  };

  return {
    store,
    keeping,
    send: (question, model, language) => sendAfter(store.getState().turns.length, question, model, language),
    retry(model, language) {
      const { turns } = store.getState();
      const last = turns.at(-1);
      return last === undefined ? null : sendAfter(turns.length - 1, last.question, model, language);
    },
    stop,
    leave() {
      leavingAtMonotonicMs = nowMonotonicMs();
    },
    cut() {
      end((answer) => cut(answer, nowMonotonicMs(), leavingAtMonotonicMs));
      keeping.save();
    },
    clear: () => keeping.begin(),
    change: (change) => store.setState(change),
    aside: side.start,
  };
}

/** One request beside the chat at a time. */
function sideRequests(
  api: Pick<AppApi, 'ask'>,
  store: StoreApi<ChatState>,
): { readonly start: Chat['aside']; readonly cancel: () => void } {
  let cancel = (): void => undefined;
  const start: Chat['aside'] = (side, params) => {
    cancel();
    store.setState({ side, sideError: null });
    return new Promise((resolve) => {
      let text = '';
      let audio: SideEnd['audio'] = null;
      const finish = (end: SideEnd | null, sideError: AppError | null): void => {
        cancel = () => undefined;
        store.setState({ side: null, sideError });
        resolve(end);
      };
      const cancelAsk = api.ask(params, {
        onEvents(events) {
          for (const event of events) {
            if (event.type === 'text') text += event.text;
            else if (event.type === 'audio') audio = event;
            else if (event.type === 'end') finish({ text, audio }, null);
            else if (event.type === 'failed') finish(null, event.error);
          }
        },
      });
      if (store.getState().side === side)
        cancel = () => {
          cancelAsk();
          finish(null, null);
        };
    });
  };
  return { start, cancel: () => cancel() };
}

export const isBusy = ({ turns, side }: ChatState): boolean => side !== null || turns.some(({ answer }) => isOpen(answer));

const paced = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PACE_MS));
