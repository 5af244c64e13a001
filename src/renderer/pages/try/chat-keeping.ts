// Keeps the chat of a window on this device (ADR 0051): saves it when a question is sent and when its answer ends, and every two seconds
// while text arrives. A chat that another window has changed goes on as a chat of its own, so that no window overwrites the other.
import type { StoreApi } from 'zustand/vanilla';
import { isOpen } from './answer';
import { DEFAULT_OPTIONS } from './chat';
import { type ChatShelf, newId } from './chat-shelf';
import type { ChatState, KeptState } from './chat-state';
import { entryOf, type KeptHead, titleOf } from './kept-chat';

const SAVE_EVERY_MS = 2000;

type Shown = Pick<ChatState, 'turns' | 'options' | keyof KeptState>;

/** What a window begins with: the chat that this tab had open, and the list. */
export function firstState(shelf: ChatShelf): Shown {
  return {
    turns: [],
    options: DEFAULT_OPTIONS,
    id: newId(),
    name: null,
    turnsLeftOut: 0,
    keepFault: null,
    ...keptState(shelf, shelf.openId() ?? ''),
    kept: shelf.list(),
    isKeeping: shelf.isOn(),
  };
}

function keptState(shelf: ChatShelf, chatId: string): Partial<Shown> | null {
  const found = shelf.read(chatId);
  if (found === null) return null;
  const { head, content } = found;
  return { ...content, id: head.id, name: head.isNamed ? head.title : null, keepFault: null };
}

export interface KeepingOptions {
  readonly store: StoreApi<ChatState>;
  readonly shelf: ChatShelf;
  readonly nowMonotonicMs: () => number;
  /** Ends what is open. */
  readonly stop: () => void;
}

export class Keeping {
  readonly #store: StoreApi<ChatState>;
  readonly #shelf: ChatShelf;
  readonly #nowMonotonicMs: () => number;
  readonly #stop: () => void;
  /** Of the entry that this window read or wrote last. Null: none. */
  #known: KeptHead | null;
  #savedAtMonotonicMs = 0;
  /** The turns come from the storage: to save them would be a change for the window that saved them. */
  #isReading = false;

  constructor({ store, shelf, nowMonotonicMs, stop }: KeepingOptions) {
    this.#store = store;
    this.#shelf = shelf;
    this.#nowMonotonicMs = nowMonotonicMs;
    this.#stop = stop;
    this.#known = shelf.headOf(store.getState().id);
    store.subscribe((state, before) => {
      if (state.turns !== before.turns && state.id === before.id && !this.#isReading) this.#changed(state, before);
    });
  }

  /** Also what is not worth a save of its own, such as options. */
  save(): void {
    this.#save(false);
  }

  /** Shows a chat that is kept. */
  show(chatId: string): void {
    this.#stop();
    this.#show(chatId);
    this.#list();
  }

  /** The chat of this window is a new one. */
  begin(): void {
    this.#stop();
    this.#known = null;
    const id = newId();
    this.#shelf.setOpen(id);
    this.#store.setState({ turns: [], shownId: null, sideError: null, id, name: null, turnsLeftOut: 0, keepFault: null });
  }

  /** Returns the function that puts it back. Null: it was not there. */
  remove(chatId: string): (() => void) | null {
    const wasShown = this.#isShown(chatId);
    if (wasShown) this.#stop();
    const entry = this.#shelf.take(chatId);
    if (wasShown) this.begin();
    this.#list();
    if (entry === null) return null;
    return () => {
      this.#shelf.putBack(chatId, entry);
      if (wasShown && this.#store.getState().turns.length === 0) this.#show(chatId);
      this.#list();
    };
  }

  removeAll(): void {
    this.#stop();
    this.#shelf.removeAll();
    this.begin();
    this.#list();
  }

  rename(chatId: string, name: string): void {
    const head = this.#shelf.rename(chatId, titleOf(name));
    if (head !== null && this.#isShown(chatId)) {
      this.#known = head;
      this.#store.setState({ name: head.title });
    }
    this.#list();
  }

  /** Off deletes all chats but the one on the screen, which is in memory only. */
  turn(isOn: boolean): void {
    this.#shelf.turn(isOn);
    this.#known = null;
    if (isOn) this.#save(true);
    this.#list();
  }

  /** Reads what other windows have changed. */
  refresh(): void {
    if (!this.#shelf.isOn()) this.#known = null;
    const { id, turns } = this.#store.getState();
    const there = this.#shelf.headOf(id);
    if (!turns.some(({ answer }) => isOpen(answer))) {
      const isChanged = there?.revision !== this.#known?.revision || turns.some(({ answer }) => answer.state === 'elsewhere');
      if (there === null && this.#known !== null) this.begin();
      else if (there !== null && isChanged) this.#show(id);
    }
    this.#list();
  }

  #changed(state: ChatState, before: ChatState): void {
    const isAsked = state.turns.at(-1)?.answer.id !== before.turns.at(-1)?.answer.id;
    const [isAnswering, wasAnswering] = [state, before].map(({ turns }) => turns.some(({ answer }) => isOpen(answer)));
    const isDue = this.#nowMonotonicMs() - this.#savedAtMonotonicMs >= SAVE_EVERY_MS;
    if (isAsked || isAnswering !== wasAnswering || isDue) this.#save(isAsked);
  }

  #save(isAsked: boolean): void {
    const state = this.#store.getState();
    if (state.turns.length === 0 || !this.#shelf.isOn()) return;
    const there = this.#shelf.headOf(state.id);
    // It was deleted in another window.
    if (there === null && this.#known !== null && !isAsked) return;
    const isOther = there !== null && there.revision !== this.#known?.revision;
    const nowWallMs = this.#shelf.now();
    const facts = {
      id: isOther ? newId() : state.id,
      name: state.name,
      askedAtWallMs: isAsked || this.#known === null ? nowWallMs : this.#known.askedAtWallMs,
      savedAtWallMs: nowWallMs,
      savedBy: this.#shelf.tabId,
      revision: newId(),
    };
    this.#savedAtMonotonicMs = this.#nowMonotonicMs();
    const entry = entryOf(state, facts, this.#savedAtMonotonicMs);
    const isWritten = entry !== null && this.#shelf.write(entry);
    if (isWritten) {
      this.#known = entry.head;
      this.#shelf.setOpen(entry.head.id);
      this.#store.setState({ id: entry.head.id, keepFault: null });
    } else this.#store.setState({ keepFault: entry === null ? 'chat_too_long' : 'storage_refused' });
    this.#list();
  }

  #show(chatId: string): void {
    const found = keptState(this.#shelf, chatId);
    if (found === null) return;
    this.#known = this.#shelf.headOf(chatId);
    this.#shelf.setOpen(chatId);
    const chosen = this.#isShown(chatId) || this.#known === null ? {} : { chosen: `chat ${this.#known.model}` };
    this.#isReading = true;
    this.#store.setState({ ...found, ...chosen, shownId: null, sideError: null });
    this.#isReading = false;
  }

  #isShown(chatId: string): boolean {
    return this.#store.getState().id === chatId;
  }

  #list(): void {
    this.#store.setState({ kept: this.#shelf.list(), isKeeping: this.#shelf.isOn() });
  }
}
