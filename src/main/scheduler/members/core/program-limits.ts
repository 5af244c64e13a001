// The limits of a key for its requests that run a model (ADR 0047): requests and tokens per minute, tokens per day, requests at once. A
// request reserves its estimated tokens. At its end the reservation becomes the tokens that were measured. Pure.
import type { KeyLimits } from '../../../../shared/api/members';
import type { ProgramLimitName, ProgramLimitReached } from '../../../../shared/api/program-limits';
import { type Bucket, type BucketRate, levelOf, takeAt } from './key-limits';
import type { UtcDay } from './utc-day';

/** What one key uses: of constant size, whatever the number of its requests. */
export interface ProgramUse {
  readonly requests: Bucket | null;
  readonly tokens: Bucket | null;
  readonly atOnce: number;
  /** The name of the day of `dayTokens`. */
  readonly day: string;
  readonly dayTokens: number;
  /** Of the requests that have not ended, here and below. */
  readonly dayReserved: number;
  readonly minuteReserved: number;
}

export const UNUSED: ProgramUse = {
  requests: null,
  tokens: null,
  atOnce: 0,
  day: '',
  dayTokens: 0,
  dayReserved: 0,
  minuteReserved: 0,
};

/** What one request took from the limits of its key. No limit is taken beyond its size. */
export interface Reservation {
  readonly minute: number;
  readonly day: number;
}

/** A request of an earlier run of the scheduler. */
export const NO_RESERVATION: Reservation = { minute: 0, day: 0 };

export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

const SECONDS_PER_MINUTE = 60;
/** A request of the key may end at any time. */
const OPEN_REQUEST_WAIT_MS = 1000;

export const perMinute = (limit: number): BucketRate => ({ size: limit, perSecond: limit / SECONDS_PER_MINUTE });

/** A clock that was further ahead was wrong. */
const MAX_AHEAD_MS = 2 * 86_400_000;

/**
 * Of an earlier day, the tokens of that day do not count. A clock that goes back over midnight does not change the day: its next step over
 * midnight would begin at zero again.
 */
export function onDay(use: ProgramUse, day: UtcDay): ProgramUse {
  if (use.day < day.name) return { ...use, day: day.name, dayTokens: 0 };
  return Date.parse(use.day) - Date.parse(day.name) > MAX_AHEAD_MS ? { ...use, day: day.name } : use;
}

type Reserved =
  | { readonly use: ProgramUse; readonly reserved: Reservation; readonly reached: null }
  | { readonly use: ProgramUse; readonly reserved: null; readonly reached: ProgramLimitReached };

/** All limits, or none: a request that is refused takes nothing. Of several limits, the one with the longest wait is named. */
export function reserve(past: ProgramUse, limits: KeyLimits, tokens: number, now: Instant, day: UtcDay): Reserved {
  const use = onDay(past, day);
  const requests = requestsOf(use, limits, now);
  const minute = minuteOf(use, limits, tokens, now);
  const daily = dayOf(use, limits, tokens, now, day);
  const [reached] = [daily.reached, requests.reached, minute.reached, atOnceOf(use, limits)]
    .filter((each) => each !== null)
    .sort((one, other) => other.retryAfterSeconds - one.retryAfterSeconds);
  if (reached !== undefined) return { use, reserved: null, reached };
  const taken = {
    requests: requests.bucket,
    tokens: minute.bucket,
    atOnce: use.atOnce + 1,
    dayReserved: use.dayReserved + daily.cost,
    minuteReserved: use.minuteReserved + minute.cost,
  };
  return { use: { ...use, ...taken }, reserved: { minute: minute.cost, day: daily.cost }, reached: null };
}

/** A request of an earlier run goes on. */
export const resumed = (use: ProgramUse): ProgramUse => ({ ...use, atOnce: use.atOnce + 1 });

/** A request has ended, with so many tokens. They count for the day of the end. */
export function settle(
  past: ProgramUse,
  limits: KeyLimits | null,
  { reserved, tokens }: { readonly reserved: Reservation; readonly tokens: number },
  now: Instant,
  day: UtcDay,
): ProgramUse {
  const use = onDay(past, day);
  const perMinuteLimit = limits?.tokens_per_minute ?? null;
  return {
    ...use,
    tokens: perMinuteLimit === null ? use.tokens : corrected(use.tokens, reserved.minute - tokens, perMinute(perMinuteLimit), now),
    atOnce: Math.max(0, use.atOnce - 1),
    dayTokens: use.dayTokens + tokens,
    dayReserved: Math.max(0, use.dayReserved - reserved.day),
    minuteReserved: Math.max(0, use.minuteReserved - reserved.minute),
  };
}

/** More tokens than were reserved may leave a debt, which the bucket pays off while it refills. */
function corrected(bucket: Bucket | null, change: number, rate: BucketRate, { monotonicMs }: Instant): Bucket {
  return { tokens: Math.min(rate.size, levelOf(bucket, rate, monotonicMs) + change), atMonotonicMs: monotonicMs };
}

function requestsOf(use: ProgramUse, limits: KeyLimits, { monotonicMs }: Instant) {
  const max = limits.requests_per_minute ?? null;
  if (max === null) return { bucket: use.requests, reached: null };
  const { bucket, waitMs } = takeAt(use.requests, 1, perMinute(max), monotonicMs);
  return {
    bucket,
    reached: waitMs === null ? null : reachedAfter('requests_per_minute', max, { found: max - bucket.tokens, reserved: 0 }, waitMs),
  };
}

function minuteOf(use: ProgramUse, limits: KeyLimits, tokens: number, { monotonicMs }: Instant) {
  const max = limits.tokens_per_minute ?? null;
  // A request without tokens does not wait for them.
  if (max === null || tokens === 0) return { bucket: use.tokens, cost: 0, reached: null };
  const cost = Math.min(tokens, max);
  const { bucket, waitMs } = takeAt(use.tokens, cost, perMinute(max), monotonicMs);
  const taken = { found: max - bucket.tokens, reserved: use.minuteReserved, wanted: tokens };
  return { bucket, cost, reached: waitMs === null ? null : reachedAfter('tokens_per_minute', max, taken, waitMs) };
}

function dayOf(use: ProgramUse, limits: KeyLimits, tokens: number, { wallMs }: Instant, { endWallMs }: UtcDay) {
  const max = limits.tokens_per_day ?? null;
  if (max === null) return { cost: 0, reached: null };
  const cost = Math.min(tokens, max);
  const used = use.dayTokens + use.dayReserved;
  if (cost === 0 || used + cost <= max) return { cost, reached: null };
  // When open requests use nothing of what they reserved, the request has room.
  const waitMs = use.dayTokens + cost <= max ? OPEN_REQUEST_WAIT_MS : endWallMs - wallMs;
  return { cost, reached: reachedAfter('tokens_per_day', max, { found: used, reserved: use.dayReserved, wanted: tokens }, waitMs) };
}

function atOnceOf({ atOnce }: ProgramUse, { max_at_once: max = null }: KeyLimits): ProgramLimitReached | null {
  return max === null || atOnce < max ? null : reachedAfter('max_at_once', max, { found: atOnce, reserved: 0 }, OPEN_REQUEST_WAIT_MS);
}

/** `reserved`: a part of `found`. A bucket may have refilled more than is left of it. */
function reachedAfter(
  limit: ProgramLimitName,
  max: number,
  use: { readonly found: number; readonly reserved: number; readonly wanted?: number },
  waitMs: number,
): ProgramLimitReached {
  const found = Math.max(0, Math.ceil(use.found));
  const taken = { ...use, found, reserved: Math.min(found, use.reserved) };
  return { limit, max, ...taken, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
}

/** A limit as the headers of an answer show it. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Until nothing of the limit is used, when no other request comes. */
  readonly resetMs: number;
}

export interface RateLimits {
  readonly requests: RateLimit | null;
  /** Per minute or per day: the limit of which less is left. */
  readonly tokens: RateLimit | null;
}

export function rateLimitsOf(past: ProgramUse, limits: KeyLimits, now: Instant, day: UtcDay): RateLimits {
  const use = onDay(past, day);
  const requests = bucketLimit(use.requests, limits.requests_per_minute ?? null, now);
  const minute = bucketLimit(use.tokens, limits.tokens_per_minute ?? null, now);
  const max = limits.tokens_per_day ?? null;
  const left = max === null ? 0 : Math.max(0, max - use.dayTokens - use.dayReserved);
  const daily = max === null ? null : { limit: max, remaining: left, resetMs: day.endWallMs - now.wallMs };
  if (minute === null || daily === null) return { requests, tokens: minute ?? daily };
  return { requests, tokens: minute.remaining <= daily.remaining ? minute : daily };
}

function bucketLimit(bucket: Bucket | null, limit: number | null, { monotonicMs }: Instant): RateLimit | null {
  if (limit === null) return null;
  const rate = perMinute(limit);
  const level = levelOf(bucket, rate, monotonicMs);
  return { limit, remaining: Math.max(0, Math.floor(level)), resetMs: Math.ceil(((limit - level) / rate.perSecond) * 1000) };
}
