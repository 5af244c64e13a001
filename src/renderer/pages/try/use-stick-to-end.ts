// Keeps a scrolled list at its end while it grows, unless the reader has scrolled away. Another subject begins at its end. In a narrow
// window the list does not scroll: it grows in a part that scrolls as a whole, with the composer below the list. That part follows the
// end of the composer.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const NEAR_END_PX = 60;
/** The first heading of the panel below the chat stays in the window (`Talk.module.css`). */
const PANEL_HEAD_PX = 44;

export function useStickToEnd(content: unknown, subject: string): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const note = (): void => {
      isAtEnd.current = Math.abs(toEndPx(element)) < NEAR_END_PX;
    };
    const scrolling = [element, outerOf(element)];
    for (const one of scrolling) one.addEventListener('scroll', note, { passive: true });
    return () => {
      for (const one of scrolling) one.removeEventListener('scroll', note);
    };
  }, []);
  useLayoutEffect(() => {
    isAtEnd.current = true;
  }, [subject]);
  useLayoutEffect(() => {
    if (list.current !== null && isAtEnd.current) scrollerOf(list.current).scrollTop += toEndPx(list.current);
  }, [content]);
  return list;
}

/** The part of the page that scrolls in a narrow window. */
const outerOf = (list: HTMLElement): HTMLElement => list.closest<HTMLElement>('[data-scrolls-narrow]') ?? list;
const scrollerOf = (list: HTMLElement): HTMLElement => (getComputedStyle(list).overflowY === 'visible' ? outerOf(list) : list);

/** How far the reader is above the end. Below 0: the reader is below it, at the panel. */
function toEndPx(list: HTMLElement): number {
  const scroller = scrollerOf(list);
  if (scroller === list) return list.scrollHeight - list.scrollTop - list.clientHeight;
  const end = list.parentElement ?? list;
  return end.getBoundingClientRect().bottom + PANEL_HEAD_PX - scroller.getBoundingClientRect().bottom;
}
