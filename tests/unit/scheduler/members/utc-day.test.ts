import { afterEach, expect, test } from 'vitest';
import { utcDayAt } from '../../../../src/main/scheduler/members/core/utc-day';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test.each([
  ['the first instant', '2026-11-30T00:00:00Z', '2026-11-30', '2026-12-01T00:00:00Z'],
  ['the last instant', '2026-11-30T23:59:59.999Z', '2026-11-30', '2026-12-01T00:00:00Z'],
  ['the last day of a year', '2026-12-31T12:00:00Z', '2026-12-31', '2027-01-01T00:00:00Z'],
])('day in UTC: %s', (_what, at, name, end) => {
  expect(utcDayAt(Date.parse(at))).toEqual({ name, endWallMs: Date.parse(end) });
});

test.each(['Europe/Berlin', 'America/Santiago', 'Asia/Shanghai'])(
  'clocks of a host in %s change -> the day still has 24 hours and ends at midnight in UTC',
  (timeZone) => {
    process.env['TZ'] = timeZone;
    for (const day of ['2026-03-29', '2026-09-06', '2026-10-25']) {
      const startWallMs = Date.parse(`${day}T00:00:00Z`);
      for (let hour = 0; hour < 24; hour++)
        expect(utcDayAt(startWallMs + hour * 3_600_000)).toEqual({ name: day, endWallMs: startWallMs + 24 * 3_600_000 });
    }
  },
);
