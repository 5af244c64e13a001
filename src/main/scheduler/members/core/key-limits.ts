// The limits of one key (ADR 0021): a token bucket for requests and bytes, and the fair share of queue and streams. Pure.
import type { KeyLimits } from '../../../../shared/api/members';
import { PRIORITY_CLASSES } from '../../../../shared/api/program-limits';
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
    // A class is the maximum, too: a program must not leave it by a field of its requests.
    maxPriority: own.max_priority ?? (own.priority == null ? defaults.maxPriority : classOf(principal)),
  };
}

/** The priority of requests without one of their own. */
export function defaultPriorityOf(principal: Principal | null, defaults: DefaultLimits): number {
  return Math.min(classOf(principal), limitsOf(principal, defaults)?.maxPriority ?? Infinity);
}

const classOf = (principal: Principal | null): number => PRIORITY_CLASSES[principal?.limits?.priority ?? 'normal'];

/** A bucket holds the allowance of this long. */
const BURST_SECONDS = 2;

export interface Bucket {
  readonly tokens: number;
  readonly atMonotonicMs: number;
}

/** How much a bucket holds, and how fast it refills. */
export interface BucketRate {
  readonly size: number;
  readonly perSecond: number;
}

/** What a bucket holds now. Null: a full one. */
export const levelOf = (bucket: Bucket | null, { size, perSecond }: BucketRate, nowMonotonicMs: number): number =>
  bucket === null ? size : Math.min(size, bucket.tokens + ((nowMonotonicMs - bucket.atMonotonicMs) / 1000) * perSecond);

interface Taken {
  readonly bucket: Bucket;
  /** Null: the request may pass. */
  readonly waitMs: number | null;
}

/** Takes `cost` from a bucket that holds what two seconds refill. */
export const take = (bucket: Bucket | null, cost: number, perSecond: number, nowMonotonicMs: number): Taken =>
  takeAt(bucket, cost, { size: Math.max(1, perSecond * BURST_SECONDS), perSecond }, nowMonotonicMs);

/**
 * Takes `cost` from a bucket. `bucket` null: a full one. A cost above the size of the bucket passes when the bucket is full and is paid off
 * later, so a large body is slow, not impossible.
 */
export function takeAt(bucket: Bucket | null, cost: number, rate: BucketRate, nowMonotonicMs: number): Taken {
  const { size, perSecond } = rate;
  const refilled = levelOf(bucket, rate, nowMonotonicMs);
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
