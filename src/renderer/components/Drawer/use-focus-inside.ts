// Moves the focus into a part of the page when the part opens or shows another subject, and back when it closes.
import { type RefObject, useEffect, useRef } from 'react';

export function useFocusInside(panel: RefObject<HTMLElement | null>, subject: string): void {
  /** The last element outside the panel that had the focus. */
  const outside = useRef<HTMLElement | null>(null);

  useEffect(() => {
    const element = panel.current;
    const remember = ({ target }: FocusEvent): void => {
      if (target instanceof HTMLElement && element?.contains(target) === false && target.closest('[aria-modal="true"]') === null) {
        outside.current = target;
      }
    };
    if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body) outside.current = document.activeElement;
    document.addEventListener('focusin', remember);
    return () => {
      document.removeEventListener('focusin', remember);
      // An element that is gone takes no focus: then the page has it.
      const target = outside.current?.isConnected === true ? outside.current : document.querySelector<HTMLElement>('main');
      const hasLeft = element !== null && !element.contains(document.activeElement) && document.activeElement !== document.body;
      if (!hasLeft) target?.focus({ preventScroll: true });
    };
  }, [panel]);

  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, [panel, subject]);
}
