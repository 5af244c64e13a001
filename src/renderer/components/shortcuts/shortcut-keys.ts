// Which key press is which shortcut. A shortcut of one key never fires while the user types in a field.

/** `j`, `?`, `Escape`, `shift+x`, `mod+k`: `mod` is Ctrl, and Cmd on a Mac. */
export type Keys = string;

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Letters are compared without case, because Caps Lock may be on. Signs such as `?` need Shift on some keyboards only. */
export function isPressed(keys: Keys, { key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): boolean {
  const [wanted = '', ...modifiers] = keys.split('+').reverse();
  const needsMod = modifiers.includes('mod');
  if (altKey || needsMod !== (ctrlKey || metaKey)) return false;
  const isSign = wanted.length === 1 && !/[a-z]/i.test(wanted);
  return key.toLowerCase() === wanted.toLowerCase() && (isSign || shiftKey === modifiers.includes('shift'));
}

/** With Ctrl or Cmd a shortcut is no text. */
export const firesInFields = (keys: Keys): boolean => keys.startsWith('mod+');

const NO_TEXT = new Set(['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'file', 'color', 'image']);

/** Whether the element takes text, or letters that choose an option. */
export function isField(element: Element | null): boolean {
  if (element === null) return false;
  if (element instanceof HTMLInputElement) return !NO_TEXT.has(element.type);
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return element.closest('[contenteditable=""], [contenteditable="true"], [role="listbox"], [role="menu"]') !== null;
}

/** `mod+k` as on the keys: `Ctrl K`, `⌘ K`. */
export function keyCaps(keys: Keys, isMac: boolean): readonly string[] {
  const names: Readonly<Record<string, string>> = {
    mod: isMac ? '⌘' : 'Ctrl',
    shift: isMac ? '⇧' : 'Shift',
    Escape: 'Esc',
    Enter: '↵',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  return keys.split('+').map((name) => names[name] ?? (name.length === 1 ? name.toUpperCase() : name));
}
