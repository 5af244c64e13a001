// The limits of one key (ADR 0021): a token bucket for requests and bytes, and the fair share of queue and streams. Pure.
import type { KeyLimits } from '../../../../shared/api/members';
import type { Principal } from './principal';

/** The limits of the configuration, for keys without their own. */
export interface DefaultLimits {
  readonly requestsPerSecond: number;
  readonly megabytesPerMinute: number;
  readonly maxQueued: number;
  readonly maxStreams: number;
  readonly maxPriority: number;
}

/** Null: no limit. The owner and callers without a key have none; the fair share holds for all but the owner. */
export function limitsOf(principal: Principal | null, defaults: DefaultLimits): DefaultLimits | null {
  if (principal === null || principal.roles.includes('owner')) return null;
  const own: Partial<KeyLimits> = principal.limits ?? {};
  return {
    requestsPerSecond: own.requests_per_second ?? defaults.requestsPerSecond,
    megabytesPerMinute: own.megabytes_per_minute ?? defaults.megabytesPerMinute,
    maxQueued: own.max_queued ?? defaults.maxQueued,
    maxStreams: own.max_streams ?? defaults.maxStreams,
    maxPriority: own.max_priority ?? defaults.maxPriority,
  };
}

/** A bucket holds the allowance of this long. */
const BURST_SECONDS = 2;

export interface Bucket {
  readonly tokens: number;
  readonly atMonotonicMs: number;
}

/**
 * Takes `cost` from a bucket that refills at `perSecond`. `bucket` null: a full one. A cost above the size of the bucket passes when the
 * bucket is full and is paid off later, so a large body is slow, not impossible. `waitMs` is null when the request may pass.
 */
export function take(
  bucket: Bucket | null,
  cost: number,
  perSecond: number,
  nowMonotonicMs: number,
): { readonly bucket: Bucket; readonly waitMs: number | null } {
  const size = Math.max(1, perSecond * BURST_SECONDS);
  const refilled = bucket === null ? size : Math.min(size, bucket.tokens + ((nowMonotonicMs - bucket.atMonotonicMs) / 1000) * perSecond);
  const needed = Math.min(cost, size);
  if (refilled < needed) {
    return { bucket: { tokens: refilled, atMonotonicMs: nowMonotonicMs }, waitMs: ((needed - refilled) / perSecond) * 1000 };
  }
  return { bucket: { tokens: refilled - cost, atMonotonicMs: nowMonotonicMs }, waitMs: null };
}

/** The share of one submitter: without a limit while it is alone, else at most half. The owner has no limit. */
export function fairShareOf(total: number, isAlone: boolean, isOwner: boolean): number {
  return isAlone || isOwner ? Infinity : Math.max(1, Math.floor(total / 2));
}
