// When to retry: exponential backoff for connections, probes, downloads, restarts and jobs, and the header Retry-After. Pure: the caller
// owns the timer and the random number.

export interface BackoffPolicy {
  /** The delay after the first failure. */
  readonly firstMs: number;
  /** The longest delay. */
  readonly maxMs: number;
}

/** With a larger exponent the delay is `maxMs` for every policy in use. The limit keeps the power finite. */
const LARGEST_EXPONENT = 30;

/** The delay in ms after this many failures in a row: `firstMs` after the first, doubled by each further failure, at most `maxMs`. */
export function backoffMs({ firstMs, maxMs }: BackoffPolicy, failures: number): number {
  const exponent = Math.min(Math.max(failures - 1, 0), LARGEST_EXPONENT);
  return Math.min(maxMs, firstMs * 2 ** exponent);
}

/** Full jitter: uniform in [0, delayMs), so that clients that failed together do not retry together. `random` is in [0, 1). */
export const fullJitterMs = (delayMs: number, random: number): number => Math.floor(delayMs * random);

/** The delay, up to `share` of it shorter or longer. `random` is in [0, 1). */
export const jitteredMs = (delayMs: number, share: number, random: number): number => Math.round(delayMs * (1 + share * (2 * random - 1)));

/** The seconds of a `Retry-After` header. Null when it is absent or invalid, and for a date, since clocks may differ. */
export const parseRetryAfterSeconds = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
