// At most one notification of a kind per minute. Later notices are collected and shown together. Pure: the time is a parameter.
import type { Notice } from './notices';

const QUIET_MS = 60_000;
/** A text names only the first of them. */
const MAX_WAITING = 100;

interface Waiting {
  readonly quietUntilMonotonicMs: number;
  /** The notices of the next notification. */
  readonly notices: readonly Notice[];
}

/** By kind. */
export type NoticeQueue = ReadonlyMap<Notice['kind'], Waiting>;

export interface DueNotices {
  readonly queue: NoticeQueue;
  /** One notification each: notices of one kind, at least one. */
  readonly due: readonly (readonly [Notice, ...Notice[]])[];
  /** When further notices are due. Null: none wait. */
  readonly nextAtMonotonicMs: number | null;
}

export const NO_NOTICES: NoticeQueue = new Map();

/** Adds notices, and takes those that are due now. */
export function takeDue(queue: NoticeQueue, added: readonly Notice[], nowMonotonicMs: number): DueNotices {
  const next = new Map(queue);
  for (const notice of added) {
    const { quietUntilMonotonicMs, notices } = next.get(notice.kind) ?? { quietUntilMonotonicMs: nowMonotonicMs, notices: [] };
    next.set(notice.kind, { quietUntilMonotonicMs, notices: [...notices, notice].slice(-MAX_WAITING) });
  }
  const due: (readonly [Notice, ...Notice[]])[] = [];
  let nextAtMonotonicMs: number | null = null;
  for (const [kind, { quietUntilMonotonicMs, notices }] of next) {
    const [first, ...others] = notices;
    if (quietUntilMonotonicMs <= nowMonotonicMs) {
      if (first === undefined) next.delete(kind);
      else {
        due.push([first, ...others]);
        next.set(kind, { quietUntilMonotonicMs: nowMonotonicMs + QUIET_MS, notices: [] });
      }
    } else if (first !== undefined) nextAtMonotonicMs = Math.min(nextAtMonotonicMs ?? Infinity, quietUntilMonotonicMs);
  }
  return { queue: next, due, nextAtMonotonicMs };
}
