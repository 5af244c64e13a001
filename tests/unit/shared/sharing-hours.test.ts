// The hours in which a computer shares, as tables: what an owner may write, and times on usual days and on those with a change of the clock.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSharingHours, type SharingHours, sharingTimeAt } from '../../../src/shared/sharing-hours';

const [FRIDAY, SATURDAY, SUNDAY, MONDAY] = [5, 6, 0, 1];
const all = [0, 1, 2, 3, 4, 5, 6];

test.each<readonly [string, SharingHours | null]>([
  ['22:00-06:00', { days: all, fromMinutes: 1320, toMinutes: 360 }],
  ['mon-fri 18:00-08:00', { days: [1, 2, 3, 4, 5], fromMinutes: 1080, toMinutes: 480 }],
  [' Fri-Mon 0:00 - 24:00 ', { days: [FRIDAY, SATURDAY, SUNDAY, MONDAY], fromMinutes: 0, toMinutes: 1440 }],
  ['sun 09:30-17:00', { days: [SUNDAY], fromMinutes: 570, toMinutes: 1020 }],
  ['always', null],
  ['mon 18:00', null],
  ['mon-tue-wed 18:00-19:00', null],
  ['noday 18:00-19:00', null],
  ['mon,tue 18:00-19:00', null],
  ['25:00-26:00', null],
  ['24:30-06:00', null],
  ['18:60-19:00', null],
  ['08:00-08:00', null],
  ['24:00-06:00', null],
])('hours: %j', (text, hours) => {
  expect(parseSharingHours(text)).toEqual(hours);
});

describe('time in Berlin', () => {
  const zone = process.env['TZ'];
  beforeAll(() => {
    process.env['TZ'] = 'Europe/Berlin';
  });
  afterAll(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test.each<readonly [string, readonly string[], string, boolean, string | null]>([
    ['without hours -> open', [], '2026-11-30T12:00', true, null],
    ['in the hours', ['09:00-17:00'], '2026-11-30T12:00', true, '2026-11-30T17:00'],
    ['at their beginning', ['09:00-17:00'], '2026-11-30T09:00', true, '2026-11-30T17:00'],
    ['at their end', ['09:00-17:00'], '2026-11-30T17:00', false, '2026-12-01T09:00'],
    ['before them', ['09:00-17:00'], '2026-11-30T08:59', false, '2026-11-30T09:00'],
    ['over midnight, in the evening', ['mon-fri 18:00-08:00'], '2026-11-30T23:00', true, '2026-12-01T08:00'],
    ['over midnight, on the next morning', ['fri 18:00-08:00'], '2026-11-28T07:59', true, '2026-11-28T08:00'],
    ['over midnight, not on the morning of the first day', ['fri 18:00-08:00'], '2026-11-27T07:00', false, '2026-11-27T18:00'],
    ['over the end of the year', ['22:00-06:00'], '2026-12-31T23:30', true, '2027-01-01T06:00'],
    ['once a week, just over -> in a week', ['mon 09:00-10:00'], '2026-11-30T10:00', false, '2026-12-07T09:00'],
    ['two that touch -> one time', ['mon 09:00-12:00', 'mon 12:00-17:00'], '2026-11-30T10:00', true, '2026-11-30T17:00'],
    ['two that overlap -> one time', ['mon 11:00-17:00', 'mon 09:00-12:00'], '2026-11-30T10:00', true, '2026-11-30T17:00'],
    ['two apart -> the end of the first', ['mon 09:00-12:00', 'mon 13:00-17:00'], '2026-11-30T10:00', true, '2026-11-30T12:00'],
    ['two apart, between', ['mon 09:00-12:00', 'mon 13:00-17:00'], '2026-11-30T12:30', false, '2026-11-30T13:00'],
    ['every hour of the week -> no end', ['00:00-24:00'], '2026-11-30T12:00', true, null],
    // 2026-03-29: 02:00 to 03:00 does not exist. 2026-10-25: 02:00 to 03:00 comes twice.
    ['clock goes forward, over midnight', ['sat 22:00-06:00'], '2026-03-29T03:30', true, '2026-03-29T06:00'],
    ['clock goes forward, the day after', ['09:00-17:00'], '2026-03-28T18:00', false, '2026-03-29T09:00'],
    ['clock skips the hours', ['sun 02:00-03:00'], '2026-03-29T01:00', false, '2026-04-05T02:00'],
    ['clock goes back, over midnight', ['sat 22:00-06:00'], '2026-10-25T05:00', true, '2026-10-25T06:00'],
    ['clock goes back, the day after', ['09:00-17:00'], '2026-10-24T18:00', false, '2026-10-25T09:00'],
  ])('%s', (_case, texts, now, isOpen, changesAt) => {
    const hours = texts.map((text) => parseSharingHours(text)).filter((one) => one !== null);
    expect(hours).toHaveLength(texts.length);
    expect(sharingTimeAt(hours, Date.parse(now))).toEqual({ isOpen, changesAtWallMs: changesAt === null ? null : Date.parse(changesAt) });
  });
});
