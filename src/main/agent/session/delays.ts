// Delays until the next connection attempt and the next heartbeat. `random` is in [0, 1).
import { HEARTBEAT_JITTER, MAX_REGISTERING_INTERVAL_SECONDS, REGISTERING_INTERVAL_DIVISOR } from '../../../shared/protocol/limits';

export const MAX_BACKOFF_MS = 30_000;
const FIRST_BACKOFF_MS = 1000;
/** Limit for the scheduler's Retry-After. */
export const MAX_RETRY_AFTER_MS = 300_000;
/** 2^15 seconds are far beyond the longest delay: larger exponents change nothing. */
const LARGEST_EXPONENT = 15;

/**
 * Full jitter: from 0 to `min(30 s, 1 s * 2^failures)`, so that nodes that lost a scheduler together do not reconnect together.
 * Never shorter than the scheduler's Retry-After.
 */
export function reconnectDelayMs(failures: number, random: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, LARGEST_EXPONENT));
  return Math.max(Math.floor(random * ceiling), Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/** The interval of the ack; during the warm-up a fifth of it, at most 3 s. With up to 10 % jitter (protocol §2). */
export function heartbeatDelayMs(intervalMs: number, warmingUp: boolean, random: number): number {
  const base = warmingUp ? Math.min(intervalMs / REGISTERING_INTERVAL_DIVISOR, MAX_REGISTERING_INTERVAL_SECONDS * 1000) : intervalMs;
  return Math.round(base * (1 + HEARTBEAT_JITTER * (2 * random - 1)));
}
