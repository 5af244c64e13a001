// The chats that are kept on this device: one entry of the storage for each, so that two windows that save two chats do not touch each
// other's. The browser may deny storage, or have no space.
import { contentOf, type ChatContent, ELSEWHERE_MS, type Entry, headOf, type KeptHead, renamedEntry, surplusOf } from './kept-chat';

/** Of every key below, for the events of other windows. */
export const KEY_PREFIX = 'muster.chat';
const ENTRY = `${KEY_PREFIX}.`;
/** Present while the user wants no chats to be kept. A window that saves reads it each time: another one may have turned it off. */
const OFF_KEY = `${KEY_PREFIX}s-off`;
/** The id of this tab and of its chat: they survive a reload, and no other window has them. */
const TAB_KEY = `${KEY_PREFIX}-tab`;
const OPEN_KEY = `${KEY_PREFIX}-open`;

export interface Device {
  readonly storage: Storage;
  /** What the browser keeps for this tab alone. Absent: nothing. */
  readonly tab?: Storage;
  /** Unix ms. */
  readonly now: () => number;
}

interface Kept {
  readonly head: KeptHead;
  readonly characters: number;
}

export class ChatShelf {
  /** The id of this window. */
  readonly tabId: string;
  readonly now: () => number;
  readonly #storage: Storage;
  readonly #tab: Storage | undefined;

  constructor({ storage, tab, now }: Device) {
    this.#storage = storage;
    this.#tab = tab;
    this.now = now;
    this.tabId = get(tab, TAB_KEY) ?? newId();
    set(tab, TAB_KEY, this.tabId);
  }

  isOn(): boolean {
    return get(this.#storage, OFF_KEY) === null;
  }

  /** Off deletes all. */
  turn(isOn: boolean): void {
    if (isOn) {
      remove(this.#storage, OFF_KEY);
      return;
    }
    // First, for the other windows: their chats are no longer kept, and not deleted. Where there is no space for it, there is afterwards.
    const isSet = set(this.#storage, OFF_KEY, '1');
    this.removeAll();
    if (!isSet) set(this.#storage, OFF_KEY, '1');
  }

  /** The last one first. Removes entries that are damaged. */
  list(): readonly KeptHead[] {
    return this.#all()
      .map(({ head }) => head)
      .toReversed();
  }

  /** Null: it is not there, or damaged; then it is removed. */
  read(chatId: string): { readonly head: KeptHead; readonly content: ChatContent } | null {
    const entry = get(this.#storage, ENTRY + chatId);
    if (entry === null) return null;
    const head = headOf(entry);
    const content = head === null ? null : contentOf(entry, isElsewhere(head, this.tabId, this.now()));
    if (head !== null && content !== null) return { head, content };
    remove(this.#storage, ENTRY + chatId);
    return null;
  }

  headOf(chatId: string): KeptHead | null {
    return headOf(get(this.#storage, ENTRY + chatId) ?? '');
  }

  /** False: the browser stores nothing. Removes the oldest chats where there are too many, or no space; none for a chat that never fits. */
  write({ head: { id }, text }: Entry): boolean {
    const removed: string[] = [];
    while (!set(this.#storage, ENTRY + id, text)) {
      const oldest = this.#all().find(({ head }) => head.id !== id);
      if (oldest === undefined) {
        for (const entry of removed) this.putBack(headOf(entry)?.id ?? '', entry);
        return false;
      }
      removed.push(this.take(oldest.head.id) ?? '');
    }
    const sizes = this.#all().map(({ head, characters }) => ({ id: head.id, characters }));
    for (const surplus of surplusOf(sizes, id)) remove(this.#storage, ENTRY + surplus);
    return true;
  }

  /** Null: it was not there. */
  rename(chatId: string, title: string): KeptHead | null {
    const change = { title, isNamed: true, savedBy: this.tabId, revision: newId() };
    const entry = renamedEntry(get(this.#storage, ENTRY + chatId) ?? '', change);
    return entry !== null && this.write(entry) ? entry.head : null;
  }

  /** The entry, to put it back. */
  take(chatId: string): string | null {
    const entry = get(this.#storage, ENTRY + chatId);
    remove(this.#storage, ENTRY + chatId);
    return entry;
  }

  putBack(chatId: string, entry: string): void {
    if (this.isOn()) set(this.#storage, ENTRY + chatId, entry);
  }

  removeAll(): void {
    for (const id of idsIn(this.#storage)) remove(this.#storage, ENTRY + id);
  }

  /** The chat that this tab had open before it was loaded again. */
  openId(): string | null {
    return get(this.#tab, OPEN_KEY);
  }

  setOpen(chatId: string): void {
    set(this.#tab, OPEN_KEY, chatId);
  }

  /** The oldest one first. */
  #all(): readonly Kept[] {
    const all = idsIn(this.#storage).flatMap((chatId): Kept[] => {
      const entry = get(this.#storage, ENTRY + chatId);
      if (entry === null) return [];
      const head = headOf(entry);
      if (head?.id === chatId) return [{ head, characters: entry.length }];
      remove(this.#storage, ENTRY + chatId);
      return [];
    });
    return all.toSorted((one, other) => one.head.askedAtWallMs - other.head.askedAtWallMs);
  }
}

const isElsewhere = ({ savedBy, savedAtWallMs }: KeptHead, tabId: string, nowWallMs: number): boolean =>
  savedBy !== tabId && Math.abs(nowWallMs - savedAtWallMs) < ELSEWHERE_MS;

const idsIn = (storage: Storage): readonly string[] =>
  tried(
    () =>
      Array.from({ length: storage.length }, (_none, index) => storage.key(index) ?? '').flatMap((key) =>
        key.startsWith(ENTRY) ? [key.slice(ENTRY.length)] : [],
      ),
    [],
  );

const get = (storage: Storage | undefined, key: string): string | null => tried(() => storage?.getItem(key) ?? null, null);
const remove = (storage: Storage, key: string): void => tried(() => storage.removeItem(key), undefined);
/** False: it is not stored. */
const set = (storage: Storage | undefined, key: string, value: string): boolean =>
  tried(() => {
    storage?.setItem(key, value);
    return storage !== undefined;
  }, false);

/** Storage throws where the browser denies it, or has no space. */
function tried<Value>(act: () => Value, otherwise: Value): Value {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/** No secret: it names a chat, also for the prompt cache, a window or a version. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
