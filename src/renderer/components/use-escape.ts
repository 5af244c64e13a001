// Escape for a part of the page: it closes the drawer, or stops the answer. It belongs to another part where one is open above it, or where
// it has a meaning of its own.
import { useEffect, useRef } from 'react';

/** Dialogs and menus close themselves, fields clear themselves, lists of choices close. */
const OWN_ESCAPE =
  '[aria-modal="true"], [role="menu"], [role="listbox"], select, input:not([type="checkbox"], [type="radio"]), [aria-expanded="true"]';

export interface EscapeOptions {
  /** Whether Escape in a field of several lines counts. */
  readonly inTextarea?: boolean;
}

export function useEscape(onEscape: () => void, { inTextarea = false }: EscapeOptions = {}): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest(inTextarea ? OWN_ESCAPE : `${OWN_ESCAPE}, textarea`) !== null) return;
      if (document.querySelector('[aria-modal="true"]') === null) latest.current();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [inTextarea]);
}
