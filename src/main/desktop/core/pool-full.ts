// Whether jobs of the hosted pool wait because every node that takes jobs is full or busy, and for how long. Pure.
import { availabilityOf } from '../../../shared/api/availability';
import type { Notice, NoticeState } from './notices';

/** So long is a queue worth a notification. A shorter one is ordinary. */
export const FULL_MS = 5 * 60_000;

/** So long a node must be free before a new period can begin: between two jobs, a node is free for a moment. */
export const FREE_MS = 60_000;

export interface FullPeriod {
  readonly sinceMonotonicMs: number;
  /** Null: the pool is full now. */
  readonly freeSinceMonotonicMs: number | null;
  readonly isNotified: boolean;
}

export interface FullStep {
  readonly period: FullPeriod | null;
  readonly notices: readonly Notice[];
}

/** One notice in each period. `before` null: the pool was not full. */
export function stepFull(before: FullPeriod | null, state: NoticeState, nowMonotonicMs: number): FullStep {
  const full = fullPoolOf(state);
  if (full === null) return { period: freed(before, nowMonotonicMs), notices: [] };
  const sinceMonotonicMs = before?.sinceMonotonicMs ?? nowMonotonicMs;
  const isNotified = before?.isNotified === true;
  const isDue = !isNotified && nowMonotonicMs - sinceMonotonicMs >= FULL_MS;
  return {
    period: { sinceMonotonicMs, freeSinceMonotonicMs: null, isNotified: isNotified || isDue },
    notices: isDue ? [full] : [],
  };
}

function freed(before: FullPeriod | null, nowMonotonicMs: number): FullPeriod | null {
  if (before === null) return null;
  const freeSinceMonotonicMs = before.freeSinceMonotonicMs ?? nowMonotonicMs;
  return nowMonotonicMs - freeSinceMonotonicMs >= FREE_MS ? null : { ...before, freeSinceMonotonicMs };
}

/** Null: no job waits, or not for want of a free node. */
function fullPoolOf({ pool, nodes }: NoticeState): Extract<Notice, { kind: 'pool_full' }> | null {
  const waiting = pool?.access === 'host' ? (pool.open_jobs?.queued ?? 0) : 0;
  if (waiting === 0) return null;
  let taken = 0;
  for (const node of nodes.values()) {
    const { state } = availabilityOf(node);
    if (state === 'available') return null;
    if (state === 'full' || state === 'busy') taken += 1;
  }
  return taken === 0 ? null : { kind: 'pool_full', waiting, nodes: taken };
}
