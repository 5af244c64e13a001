// Escape closes the drawer. It belongs to another part where one is open above the drawer, or where it has a meaning of its own.
import { useEffect, useRef } from 'react';

/** Dialogs and menus close themselves, fields clear themselves, lists of choices close. */
const OWN_ESCAPE =
  '[aria-modal="true"], [role="menu"], [role="listbox"], textarea, select, input:not([type="checkbox"], [type="radio"]), [aria-expanded="true"]';

export function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest(OWN_ESCAPE) !== null) return;
      if (document.querySelector('[aria-modal="true"]') === null) latest.current();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
