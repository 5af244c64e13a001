// Keeps the answer of an operation fresh while it is looked at: asks again a while after each answer, soon after news, never twice
// at once, and not at all while nobody can see it or the way to the program is down. What is left behind costs nothing.
import { useEffect, useRef, useState } from 'react';
import type { AppError, OperationName, OperationParams, OperationResult } from '../../shared/api/app-api';
import { useScreen, useScreenState } from './Screen';

/** News may come in bursts; an answer is asked for at most this often. */
export const LEAST_GAP_MS = 400;

export interface WatchOptions {
  /** After each answer; null: it is asked for once, and news change nothing. */
  readonly everyMs: number | null;
  /** Another value is news. */
  readonly news?: string;
}

export interface Watched<Value> {
  /** The last one, also while another is asked for or cannot be had. */
  readonly value: Value | null;
  /** Why the last question was not answered. */
  readonly error: AppError | null;
  /** As news: something was done that changes the answer. */
  again(): void;
}

export function useWatch<Name extends OperationName>(
  name: Name,
  params: OperationParams<Name>,
  { everyMs, news = '' }: WatchOptions,
): Watched<OperationResult<Name>> {
  const { api } = useScreen();
  const isOpen = useScreenState((state) => state.connection === 'open');
  const [value, setValue] = useState<OperationResult<Name> | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const askSoon = useRef<() => void>(() => undefined);
  const question = JSON.stringify(params);
  useEffect(() => {
    if (!isOpen) return;
    let isWanted = true;
    let isAsking = false;
    let hasNews = false;
    let askedAt = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const askAfter = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), Math.max(ms, LEAST_GAP_MS - (performance.now() - askedAt)));
    };
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      if (isAsking || document.hidden) return;
      [isAsking, hasNews, askedAt] = [true, false, performance.now()];
      const outcome = await api.call(name, JSON.parse(question) as OperationParams<Name>);
      isAsking = false;
      if (!isWanted) return;
      if (outcome.ok) setValue(outcome.value);
      setError(outcome.ok ? null : outcome.error);
      if (everyMs !== null) askAfter(hasNews ? 0 : everyMs);
    };
    const seen = (): void => void ask();
    document.addEventListener('visibilitychange', seen);
    askSoon.current = () => {
      if (isAsking) hasNews = true;
      else if (everyMs !== null) askAfter(0);
    };
    void ask();
    return () => {
      isWanted = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
      askSoon.current = () => undefined;
    };
  }, [api, name, question, everyMs, isOpen]);
  const known = useRef(news);
  useEffect(() => {
    if (known.current === news) return;
    known.current = news;
    askSoon.current();
  }, [news]);
  return { value, error, again: () => askSoon.current() };
}
