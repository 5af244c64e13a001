// Which lines a paused page shows: those of the moment at which it was paused, and older ones.
import { useState } from 'react';
import type { LogLine } from '../../../shared/api/logs';
import type { Logs } from '../../queries/logs';

export interface Paused {
  readonly shown: readonly LogLine[];
  /** New lines that are not shown. */
  readonly waiting: number;
  /** By the user's button. */
  readonly isPaused: boolean;
  readonly setPaused: (isPaused: boolean) => void;
}

/** `isHeld`: the page is paused for a reason of its own. */
export function usePaused({ lines, added }: Pick<Logs, 'lines' | 'added'>, isHeld: boolean): Paused {
  const [isPaused, setPaused] = useState(false);
  const isStill = isPaused || isHeld;
  /** How many lines had been added when the page was paused; null: live. */
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  // While rendering, so that not even one line moves. Other filters begin with 0 added lines.
  if (isStill && (pausedAt === null || pausedAt > added)) setPausedAt(added);
  if (!isStill && pausedAt !== null) setPausedAt(null);
  const waiting = isStill && pausedAt !== null ? Math.max(0, added - pausedAt) : 0;
  return { shown: (lines ?? NONE).slice(waiting), waiting, isPaused, setPaused };
}

const NONE: readonly LogLine[] = [];
