import { describe, expect, test } from 'vitest';
import { placeLabels } from '../../../../../src/renderer/components/charts/place-labels';
import { isDayTick, timeTicks } from '../../../../../src/renderer/components/charts/time-scale';
import { roundAbove, topOf, valueTicks } from '../../../../../src/renderer/components/charts/value-scale';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Shanghai. */
const EAST = 8 * HOUR;
const clock = (wallMs: number, offsetMs = 0): string => new Date(wallMs + offsetMs).toISOString().slice(11, 16);

describe('value axis', () => {
  test.each([
    [0, 0],
    [0.42, 0.6],
    [1, 1],
    [3, 3],
    [9, 10],
    [10, 10],
    [21, 24],
    [1839, 2000],
    [2950, 3000],
    [98, 100],
  ])('round above %d -> %d', (value, round) => {
    expect(roundAbove(value)).toBe(round);
  });

  test('top: the total, also when a value is above it; else round, at least as wanted', () => {
    expect([topOf({ total: 24 }, 25), topOf({ atLeast: 4 }, null), topOf({ atLeast: 4 }, 1), topOf({ atLeast: 4 }, 21)]).toEqual([
      24, 4, 4, 24,
    ]);
  });

  test('grid lines: two, or four where they have space and whole labels', () => {
    expect([valueTicks(100, 80), valueTicks(100, 200), valueTicks(6, 200)]).toEqual([
      [0, 50, 100],
      [0, 25, 50, 75, 100],
      [0, 3, 6],
    ]);
  });
});

describe('time axis', () => {
  const FROM = Date.UTC(2026, 10, 23, 18, 46, 20);
  test.each<[string, number, number, number, readonly string[]]>([
    ['5 min', 5 * MINUTE, 400, 0, ['18:48', '18:50']],
    ['1 h', HOUR, 500, 0, ['19:00', '19:15', '19:30', '19:45']],
    ['1 h, narrow', HOUR, 280, 0, ['19:00', '19:30']],
    ['24 h: hours of the local day', DAY, 500, EAST, ['06:00', '12:00', '18:00', '00:00']],
    ['24 h in a zone with a half hour', DAY, 500, 5.5 * HOUR, ['06:00', '12:00', '18:00', '00:00']],
  ])('%s', (_name, rangeMs, widthPx, offsetMs, texts) => {
    expect(timeTicks(FROM, FROM + rangeMs, widthPx, offsetMs).ticks.map((tick) => clock(tick, offsetMs))).toEqual(texts);
  });

  test('7 days -> local midnights', () => {
    const { ticks, stepMs } = timeTicks(FROM, FROM + 7 * DAY, 700, EAST);
    expect([stepMs, ticks.length, new Set(ticks.map((tick) => clock(tick, EAST)))]).toEqual([DAY, 7, new Set(['00:00'])]);
  });

  test('years in a narrow chart -> some ticks, not thousands', () => {
    expect(timeTicks(FROM, FROM + 2000 * DAY, 300, 0).ticks.length).toBeLessThan(5);
  });

  test('a day label: at midnight, and where ticks are days apart', () => {
    const midnight = Date.UTC(2026, 10, 24) - EAST;
    expect([isDayTick(midnight, HOUR, EAST), isDayTick(midnight + HOUR, HOUR, EAST), isDayTick(midnight + HOUR, DAY, EAST)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('labels of events', () => {
  const within = { from: 0, to: 100, gap: 5 };
  test.each<[string, readonly [number, number][], readonly (number | null)[]]>([
    ['right of the line', [[10, 20]], [15]],
    ['at the right end: left of the line', [[90, 20]], [65]],
    ['longer than the chart: none', [[50, 200]], [null]],
    [
      'never across another line',
      [
        [10, 20],
        [20, 20],
      ],
      [null, 25],
    ],
    [
      'the latest has precedence',
      [
        [40, 30],
        [50, 30],
      ],
      [5, 55],
    ],
  ])('%s', (_name, wanted, places) => {
    expect(
      placeLabels(
        wanted.map(([at, width]) => ({ at, width })),
        within,
      ),
    ).toEqual(places);
  });
});
