// Keeps a scrolled list at its end while it grows, unless the reader has scrolled up. Another subject begins at its end.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const NEAR_END_PX = 60;

export function useStickToEnd(content: unknown, subject: string): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const note = (): void => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, []);
  useLayoutEffect(() => {
    isAtEnd.current = true;
  }, [subject]);
  useLayoutEffect(() => {
    if (list.current !== null && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [content]);
  return list;
}
