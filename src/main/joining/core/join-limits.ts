// How many attempts to join a pool admits. Each waiting request gives a man in the middle another chance in a million, and one machine
// has 2^64 IPv6 addresses. So the limits hold for networks of IPv6, in all, and for the memory of the limits itself.

export const MAX_WAITING = 3;
const MAX_PER_ADDRESS = 3;
const ADDRESS_WINDOW_MS = 120_000;
const MAX_PER_HOUR = 30;
const HOUR_MS = 3_600_000;

export interface JoinAttempt {
  readonly source: string;
  readonly atMonotonicMs: number;
}

/** The attempts of the last hour. At most `MAX_PER_HOUR` of them. */
export type JoinAttempts = readonly JoinAttempt[];

export type JoinLimit = 'waiting' | 'address' | 'hour';

export type Admission =
  | { readonly isAdmitted: true; readonly attempts: JoinAttempts }
  | { readonly isAdmitted: false; readonly attempts: JoinAttempts; readonly limit: JoinLimit; readonly retryAfterMs: number };

/** A refused attempt does not count, so that a person who waits as asked is admitted. `source`: as in platform/source-address.ts. */
export function admitJoin(attempts: JoinAttempts, waiting: number, source: string, nowMonotonicMs: number): Admission {
  const recent = attempts.filter(({ atMonotonicMs }) => nowMonotonicMs - atMonotonicMs < HOUR_MS);
  const own = recent.filter((attempt) => attempt.source === source && nowMonotonicMs - attempt.atMonotonicMs < ADDRESS_WINDOW_MS);
  const refused = (limit: JoinLimit, retryAfterMs: number): Admission => ({ isAdmitted: false, attempts: recent, limit, retryAfterMs });
  if (own.length >= MAX_PER_ADDRESS) return refused('address', restMs(own[0], ADDRESS_WINDOW_MS, nowMonotonicMs));
  if (recent.length >= MAX_PER_HOUR) return refused('hour', restMs(recent[0], HOUR_MS, nowMonotonicMs));
  if (waiting >= MAX_WAITING) return refused('waiting', ADDRESS_WINDOW_MS);
  return { isAdmitted: true, attempts: [...recent, { source, atMonotonicMs: nowMonotonicMs }] };
}

const restMs = (oldest: JoinAttempt | undefined, windowMs: number, nowMonotonicMs: number): number =>
  oldest === undefined ? windowMs : oldest.atMonotonicMs + windowMs - nowMonotonicMs;
