// Delays until the next connection attempt and the next heartbeat. `random` is in [0, 1).
import { type BackoffPolicy, backoffMs, fullJitterMs, jitteredMs } from '../../../shared/backoff';
import { HEARTBEAT_JITTER, MAX_REGISTERING_INTERVAL_SECONDS, REGISTERING_INTERVAL_DIVISOR } from '../../../shared/protocol/limits';

export const RECONNECT_BACKOFF: BackoffPolicy = { firstMs: 1000, maxMs: 30_000 };
/** Limit for the scheduler's Retry-After. */
export const MAX_RETRY_AFTER_MS = 300_000;
/** Nodes that lost their scheduler together arrive at the next one within this time. */
export const MOVE_SPREAD_MS = 500;

/**
 * The delay before the next connection attempt, after `failures` earlier failures: full jitter from 0 to `min(30 s, 1 s * 2^failures)`,
 * so that nodes that lost a scheduler together do not reconnect together. Never shorter than the scheduler's Retry-After.
 */
export function reconnectDelayMs(failures: number, random: number, retryAfterMs: number | null): number {
  const delayMs = fullJitterMs(backoffMs(RECONNECT_BACKOFF, failures + 1), random);
  return Math.max(delayMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/** The delay before the next address of the pool is tried. After a refused or failed attempt none is needed: such attempts end one by one. */
export const moveDelayMs = (wasRegistered: boolean, random: number): number => (wasRegistered ? fullJitterMs(MOVE_SPREAD_MS, random) : 0);

/** The delay before the next heartbeat: the interval of the ack, in the warm-up a fifth of it and at most 3 s; 10 % jitter. */
export function heartbeatDelayMs(intervalMs: number, warmingUp: boolean, random: number): number {
  const base = warmingUp ? Math.min(intervalMs / REGISTERING_INTERVAL_DIVISOR, MAX_REGISTERING_INTERVAL_SECONDS * 1000) : intervalMs;
  return jitteredMs(base, HEARTBEAT_JITTER, random);
}
