// When a pause ends that `muster pause` begins: `--for 1h`, `--until 08:00` or `--until tomorrow`. Pure.
import { nextClockTimeWallMs, tomorrowWallMs } from '../../../shared/api/pause-times';
import { MAX_PAUSE_MS } from '../../../shared/protocol/pauses';
import { fail, ok, type Result } from '../../../shared/result';
import { parseDuration } from './duration';

/** Unix ms. Null: until the owner resumes. On failure, the error with the name of the option. */
export function pauseEndWallMs(
  { duration, until }: { readonly duration: string | undefined; readonly until: string | undefined },
  nowWallMs: number,
): Result<number | null, string> {
  if (duration !== undefined && until !== undefined) return fail('--until: cannot be used together with --for');
  if (duration !== undefined) return afterDuration(duration, nowWallMs);
  if (until === undefined) return ok(null);
  if (until === 'tomorrow') return ok(tomorrowWallMs(nowWallMs));
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(until) ?? [];
  if (hours === undefined || minutes === undefined) return fail(`--until: expected a time such as 08:00, or tomorrow, not "${until}"`);
  return ok(nextClockTimeWallMs(nowWallMs, { hours: Number(hours), minutes: Number(minutes) }));
}

function afterDuration(text: string, nowWallMs: number): Result<number, string> {
  const seconds = parseDuration(text);
  if (!seconds.ok) return fail(`--for: ${seconds.error}`);
  return seconds.value * 1000 > MAX_PAUSE_MS
    ? fail('--for: at most 30d; without --for the pause lasts until you resume')
    : ok(nowWallMs + seconds.value * 1000);
}
