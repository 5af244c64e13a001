// Durations of options, such as `30d`, `24h`, `15m` and `90s`.
import { fail, ok, type Result } from '../../../shared/result';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** The duration in whole seconds. */
export function parseDuration(text: string): Result<number, string> {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? [];
  const seconds = Number(digits) * (SECONDS[unit] ?? 0);
  return seconds > 0 ? ok(seconds) : fail(`expected a duration such as 30d, 24h, 15m or 90s, not "${text}"`);
}
