import { describe, expect, test } from 'vitest';
import { cellState, type HourCell, hoursOfWeek, openMinutes, weekOf, withCells } from '../../../src/shared/sharing-week';

const MONDAY = 1;
const cells = (day: number, ...hours: number[]): HourCell[] => hours.map((hour) => ({ day, hour }));
const wholeWeek = Array.from({ length: 7 }, (_, day) => cells(day, ...Array.from({ length: 24 }, (_none, hour) => hour))).flat();

describe('hours of a week', () => {
  test.each<readonly [readonly string[], readonly string[]]>([
    [[], []],
    [['00:00-24:00'], []],
    [['mon-fri 18:00-08:00'], ['mon-fri 18:00-08:00']],
    [['22:00-06:00'], ['22:00-06:00']],
    [['sat-sun 00:00-24:00'], ['sat-sun 00:00-24:00']],
    [
      ['mon-fri 18:30-08:00', 'sat-sun 00:00-24:00'],
      ['mon-thu 18:30-08:00', 'fri 18:30-24:00', 'sat-sun 00:00-24:00'],
    ],
    [['sat 20:00-10:00'], ['sat 20:00-10:00']],
    [['sun 12:00-12:30', 'sun 12:30-13:00'], ['sun 12:00-13:00']],
    [
      ['mon 08:00-10:00', 'wed 08:00-10:00', 'thu 08:00-10:00'],
      ['mon 08:00-10:00', 'wed-thu 08:00-10:00'],
    ],
  ])('%j -> %j, which is the same week', (texts, expected) => {
    const written = hoursOfWeek(weekOf(texts));
    expect(written).toEqual(expected);
    expect(weekOf(written ?? ['none'])).toEqual(weekOf(texts));
  });

  test('any cells -> hours that are the same week', () => {
    let state = 1;
    const next = (most: number): number => (state = (state * 48_271) % 2_147_483_647) % most;
    for (let round = 0; round < 40; round++) {
      const some = Array.from({ length: 1 + next(60) }, () => ({ day: next(7), hour: next(24) }));
      const week = withCells(weekOf(round % 2 === 0 ? [] : ['mon-fri 18:30-08:15']), some, round % 4 === 1);
      expect(weekOf(hoursOfWeek(week) ?? ['none'])).toEqual(week);
    }
  });

  test('no hour open -> no schedule', () => {
    expect(hoursOfWeek(withCells(weekOf([]), wholeWeek, false))).toBeNull();
  });

  test('a part of an hour stays, until its cell is changed', () => {
    const week = weekOf(['mon 08:30-10:00']);
    expect([8, 9, 10].map((hour) => cellState(week, { day: MONDAY, hour }))).toEqual(['part', 'open', 'closed']);
    expect(hoursOfWeek(withCells(week, cells(MONDAY, 10), true))).toEqual(['mon 08:30-11:00']);
    expect(hoursOfWeek(withCells(week, cells(MONDAY, 8), true))).toEqual(['mon 08:00-10:00']);
    expect(openMinutes(week)).toBe(90);
  });
});
