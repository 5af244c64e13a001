// The chat of this window: turns, options and open requests. It outlives the page, so that an answer goes on while another page is shown,
// and ends with the window.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppApi, AppError } from '../../../shared/api/app-api';
import type { AskEvent, AskParamsInput } from '../../../shared/api/ask';
import { isLast } from '../../../shared/api/ask-end';
import type { ScreenStore } from '../../store/app-store';
import { type Answer, answerAfter, isOpen, newAnswer, stopped } from './answer';
import { type ChatFault, chatFault, type ChatOptions, chatParams, DEFAULT_OPTIONS, type Question, type Turn } from './chat';

/** The text is drawn at most this often: a fast model sends hundreds of pieces in a second. */
const PACE_MS = 50;

/** A request beside the chat: a sound to text, or an answer to speech. */
export interface SideRequest {
  readonly kind: 'transcribe' | 'speak';
  /** The model that works. */
  readonly model: string;
  /** The answer that is spoken. Null: none. */
  readonly answerId: string | null;
}

export interface ChatState {
  readonly turns: readonly Turn[];
  readonly options: ChatOptions;
  /** `use model`. Null: the first of the pool. */
  readonly chosen: string | null;
  /** The answer in the panel. Null: the last one. */
  readonly shownId: string | null;
  readonly side: SideRequest | null;
  readonly sideError: AppError | null;
}

export interface SideEnd {
  readonly text: string;
  readonly audio: Extract<AskEvent, { readonly type: 'audio' }> | null;
}

export interface Chat {
  readonly store: StoreApi<ChatState>;
  /** Null: sent. */
  send(question: Question, model: string, language: 'en' | 'zh'): ChatFault | null;
  /** Cancels what is open. */
  stop(): void;
  clear(): void;
  change(change: Partial<Pick<ChatState, 'options' | 'chosen' | 'shownId' | 'sideError'>>): void;
  /** Resolves to null when it failed or was stopped. */
  aside(request: SideRequest, params: AskParamsInput): Promise<SideEnd | null>;
}

const EMPTY: ChatState = { turns: [], options: DEFAULT_OPTIONS, chosen: null, shownId: null, side: null, sideError: null };

const known = new WeakMap<ScreenStore, Chat>();

/** One chat for each screen. */
export function chatOf(screen: ScreenStore, api: Pick<AppApi, 'ask'>): Chat {
  const chat = known.get(screen) ?? createChat(api, () => performance.now());
  known.set(screen, chat);
  return chat;
}

export function createChat(api: Pick<AppApi, 'ask'>, nowMonotonicMs: () => number): Chat {
  const store = createStore<ChatState>(() => EMPTY);
  let session = newId();
  let cancel = (): void => undefined;
  const side = sideRequests(api, store);

  const changeAnswer = (id: string, change: (answer: Answer) => Answer): void =>
    store.setState(({ turns }) => ({
      turns: turns.map((turn) => (turn.answer.id === id ? { ...turn, answer: change(turn.answer) } : turn)),
    }));
  const stopOpen = (): void => {
    cancel();
    cancel = () => undefined;
    const now = nowMonotonicMs();
    store.setState(({ turns }) => ({ turns: turns.map((turn) => ({ ...turn, answer: stopped(turn.answer, now) })) }));
    side.cancel();
  };

  return {
    store,
    send(question, model, language) {
      const { turns, options } = store.getState();
      const params = chatParams({ model, session, turns, question, options, language });
      const fault = chatFault(params);
      if (fault !== null) return fault;
      stopOpen();
      const id = newId();
      const answer = newAnswer(id, model, nowMonotonicMs());
      store.setState((state) => ({ turns: [...state.turns, { question, answer }], shownId: null }));
      cancel = api.ask(params, {
        onEvents(events) {
          changeAnswer(id, (current) => answerAfter(current, events, nowMonotonicMs()));
          return events.some(isLast) ? undefined : paced();
        },
      });
      return null;
    },
    stop: stopOpen,
    clear() {
      stopOpen();
      session = newId();
      store.setState(({ options, chosen }) => ({ ...EMPTY, options, chosen }));
    },
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

/** No secret: it marks the requests of one chat for the prompt cache. */
const newId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
