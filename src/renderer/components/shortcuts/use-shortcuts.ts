// The shortcuts of the components on the screen. The latest component has precedence, so a drawer can replace a shortcut of its page. An
// open dialog has the keyboard for itself.
import { useEffect, useSyncExternalStore } from 'react';
import { firesInFields, isField, isPressed, type Keys } from './shortcut-keys';

export interface Shortcut {
  readonly keys: Keys;
  /** What the shortcut does, for the list of shortcuts. Null: not listed, such as a second key for the same action. */
  readonly label: string | null;
  /** Returns false when there is nothing to do: the browser and the other shortcuts then have the key. */
  readonly run: (event: KeyboardEvent) => unknown;
}

let registered: readonly (readonly Shortcut[])[] = [];
const listeners = new Set<() => void>();

/** Pass the same array while its content is unchanged. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    setRegistered([...registered, shortcuts]);
    return () => setRegistered(registered.filter((one) => one !== shortcuts));
  }, [shortcuts]);
}

/** The listed shortcuts, in the order in which components registered them; of two with the same keys the latest. */
export function useShortcutList(): readonly Shortcut[] {
  const all = useSyncExternalStore(subscribe, () => registered).flat();
  const latest = new Map(all.map((one) => [one.keys, one]));
  return all.filter((one) => one.label !== null && latest.get(one.keys) === one);
}

function setRegistered(next: typeof registered): void {
  if (registered.length === 0) document.addEventListener('keydown', press);
  registered = next;
  if (registered.length === 0) document.removeEventListener('keydown', press);
  for (const listener of listeners) listener();
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || document.querySelector('[aria-modal="true"]') !== null) return;
  const isTyping = isField(event.target instanceof Element ? event.target : null);
  for (const shortcut of registered.flat().reverse()) {
    if (!isPressed(shortcut.keys, event) || (isTyping && !firesInFields(shortcut.keys))) continue;
    if (shortcut.run(event) === false) continue;
    event.preventDefault();
    return;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
