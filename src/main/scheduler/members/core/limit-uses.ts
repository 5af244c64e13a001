// How much of each limit a key has used, and what is left (ADR 0047). Tokens that open requests reserved are apart: they are corrected at the
// end of the request. Pure.
import type { KeyLimits } from '../../../../shared/api/members';
import type { LimitUse } from '../../../../shared/api/program-limits';
import { type Bucket, levelOf } from './key-limits';
import { type Instant, onDay, perMinute, type ProgramUse } from './program-limits';
import type { UtcDay } from './utc-day';

const MS_PER_SECOND = 1000;

/** Only the limits that the key has. */
export function limitUsesOf(past: ProgramUse, limits: KeyLimits, now: Instant, day: UtcDay): readonly LimitUse[] {
  const use = onDay(past, day);
  const [atOnce, daily] = [limits.max_at_once ?? null, limits.tokens_per_day ?? null];
  const each = [
    minuteUse('requests_per_minute', limits.requests_per_minute ?? null, { bucket: use.requests, reserved: 0 }, now),
    minuteUse('tokens_per_minute', limits.tokens_per_minute ?? null, { bucket: use.tokens, reserved: use.minuteReserved }, now),
    atOnce === null ? null : limitUse('max_at_once', atOnce, { used: use.atOnce, reserved: 0 }, null),
    daily === null
      ? null
      : limitUse('tokens_per_day', daily, { used: use.dayTokens, reserved: use.dayReserved }, day.endWallMs - now.wallMs),
  ];
  return each.filter((one) => one !== null);
}

interface Taken {
  readonly used: number;
  readonly reserved: number;
}

/** A bucket refills while requests are open, so less may be missing than they reserved. */
function minuteUse(
  limit: LimitUse['limit'],
  max: number | null,
  { bucket, reserved }: { readonly bucket: Bucket | null; readonly reserved: number },
  { monotonicMs }: Instant,
): LimitUse | null {
  if (max === null) return null;
  const rate = perMinute(max);
  const missing = Math.ceil(Math.max(0, max - levelOf(bucket, rate, monotonicMs)));
  const ofOpen = Math.min(reserved, missing);
  return limitUse(limit, max, { used: missing - ofOpen, reserved: ofOpen }, (missing / rate.perSecond) * MS_PER_SECOND);
}

const limitUse = (limit: LimitUse['limit'], max: number, { used, reserved }: Taken, resetMs: number | null): LimitUse => ({
  limit,
  max,
  used,
  reserved,
  left: Math.max(0, max - used - reserved),
  resets_in_seconds: resetMs === null ? null : Math.ceil(resetMs / MS_PER_SECOND),
});
