// Who led when, from the last terms. A term whose end is not known is left out. Pure.
import type { LeaderTermView } from '../../../shared/api/cluster';

export interface LeaderSpan {
  /** Null: no scheduler led, or it is not known which. */
  readonly name: string | null;
  readonly fromWallMs: number;
  readonly untilWallMs: number;
}

/** The first one first, without overlaps. */
export function leaderSpans(terms: readonly LeaderTermView[], nowWallMs: number): readonly LeaderSpan[] {
  const spans: LeaderSpan[] = [];
  for (const { name, began_at: began, ended_at: ended, is_current: isCurrent } of terms.toSorted((a, b) => a.epoch - b.epoch)) {
    const until = isCurrent ? nowWallMs : ended;
    const last = spans.at(-1)?.untilWallMs ?? began;
    // The clock of the database may be ahead of the one here.
    const from = Math.max(began, last);
    if (until === null || until <= from) continue;
    if (from > last) spans.push({ name: null, fromWallMs: last, untilWallMs: from });
    spans.push({ name, fromWallMs: from, untilWallMs: until });
  }
  return spans;
}
