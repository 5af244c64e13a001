import { expect, test } from 'vitest';
import { isWithin, localDayAt } from '../../../../src/main/scheduler/members/core/local-day';

const HOUR_MS = 3_600_000;
const iso = (text: string): number => Date.parse(text);

test.each([
  ['UTC', '2026-11-30T15:00:00Z', '2026-11-30', '2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z', 24],
  ['UTC, the first instant of a day', '2026-12-01T00:00:00Z', '2026-12-01', '2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z', 24],
  ['UTC, the last instant of a day', '2026-11-30T23:59:59.999Z', '2026-11-30', '2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z', 24],
  ['Asia/Shanghai', '2026-11-30T16:30:00Z', '2026-12-01', '2026-11-30T16:00:00Z', '2026-12-01T16:00:00Z', 24],
  ['Europe/Berlin, clocks go forward', '2026-03-29T12:00:00Z', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 23],
  ['Europe/Berlin, clocks go back', '2026-10-25T12:00:00Z', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25],
  ['America/New_York, in the repeated hour', '2026-11-01T06:30:00Z', '2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 25],
  // Midnight does not exist there on that day: it begins at 01:00.
  ['America/Santiago, a day without midnight', '2026-09-06T12:00:00Z', '2026-09-06', '2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z', 23],
  // The day before was left out when the time zone crossed the date line.
  ['Pacific/Apia, after a day that was left out', '2011-12-30T12:00:00Z', '2011-12-31', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z', 24],
])('local day: %s', (zone, at, name, start, end, hours) => {
  const [timeZone = 'UTC'] = zone.split(',');
  const day = localDayAt(iso(at), timeZone);
  expect(day).toEqual({ name, startWallMs: iso(start), endWallMs: iso(end) });
  expect((day.endWallMs - day.startWallMs) / HOUR_MS).toBe(hours);
  expect([day.startWallMs - 1, day.startWallMs, day.endWallMs - 1, day.endWallMs].map((wallMs) => isWithin(day, wallMs))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('local day: an instant with a part of a millisecond -> whole milliseconds', () => {
  expect(localDayAt(iso('2026-11-30T15:00:00Z') + 0.25, 'UTC')).toEqual(localDayAt(iso('2026-11-30T15:00:00Z'), 'UTC'));
});
