import { expect, test } from 'vitest';
import { logBuckets, ticksOf } from '../../../../src/renderer/pages/logs/log-buckets';
import { timeSpanOf } from '../../../../src/renderer/pages/logs/log-filters';

const NOON = Date.UTC(2026, 10, 23, 12);
const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const UTC = 0;
const SHANGHAI = 8 * HOUR;
const info = (at: number) => ({ at, level: 'info' as const });

test.each<
  [title: string, ages: readonly number[], most: number, offsetMs: number, stepMs: number, firstMs: number, counts: readonly number[]]
>([
  ['one line', [0], 12, UTC, SECOND, NOON, [1]],
  ['two lines in a second', [0, 1], 12, UTC, SECOND, NOON - SECOND, [1, 1]],
  ['12 s in 12 spans of a second', [0, 11 * SECOND], 12, UTC, SECOND, NOON - 11 * SECOND, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ['one second more -> 2 s', [0, 12 * SECOND], 12, UTC, 2 * SECOND, NOON - 12 * SECOND, [1, 0, 0, 0, 0, 0, 1]],
  ['spans begin at round times', [0, 7 * SECOND], 4, UTC, 5 * SECOND, NOON - 10 * SECOND, [1, 0, 1]],
  ['days in UTC', [0, 20 * DAY], 12, UTC, 2 * DAY, NOON - 20 * DAY - 12 * HOUR, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ['days in Shanghai begin at its midnight', [0, 9 * DAY], 12, SHANGHAI, DAY, NOON - 9 * DAY - 20 * HOUR, [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
])('%s', (_title, ages, most, offsetMs, stepMs, firstMs, counts) => {
  const found = logBuckets(
    ages.map((age) => info(NOON - age)),
    most,
    offsetMs,
  );
  expect(found?.stepMs).toBe(stepMs);
  expect(found?.buckets[0]?.fromWallMs).toBe(firstMs);
  expect(found?.buckets.map(({ lines }) => lines)).toEqual(counts);
  expect(found?.buckets.every(({ fromWallMs, toWallMs }) => toWallMs - fromWallMs === stepMs)).toBe(true);
});

test('warnings and errors are counted among the lines, in any order', () => {
  const lines = [
    info(NOON),
    { at: NOON, level: 'error' as const },
    { at: NOON - SECOND, level: 'debug' as const },
    { at: NOON, level: 'warn' as const },
  ];
  expect(logBuckets(lines, 12, UTC)?.buckets).toEqual([
    { fromWallMs: NOON - SECOND, toWallMs: NOON, lines: 1, warnings: 0, errors: 0 },
    { fromWallMs: NOON, toWallMs: NOON + SECOND, lines: 3, warnings: 1, errors: 1 },
  ]);
});

test.each([1, SECOND, 61 * SECOND, 25 * HOUR, 40 * DAY, 4000 * DAY])(
  'lines over %i ms -> all are counted, in at most as many spans as fit',
  (ms) => {
    for (const most of [12, 36, 60])
      for (const at of [NOON, NOON + 17 * HOUR + 13]) {
        const lines = Array.from({ length: 100 }, (_, i) => info(at - Math.floor((i * ms) / 99)));
        const { buckets = [] } = logBuckets(lines, most, SHANGHAI) ?? {};
        expect(buckets.length).toBeLessThanOrEqual(most);
        expect(buckets.reduce((sum, bucket) => sum + bucket.lines, 0)).toBe(100);
      }
  },
);

test('no line -> nothing', () => {
  expect(logBuckets([], 12, UTC)).toBeNull();
});

test.each([
  ['5-9', { fromWallMs: 5, toWallMs: 9 }],
  ['9-5', null],
  ['5-5', null],
  ['-5-9', null],
  ['5-9x', null],
  ['1e3-9', null],
  ['', null],
])('time in a route: %j', (value, span) => {
  expect(timeSpanOf([{ key: 'time', value }])).toEqual(span);
});

test.each([
  ['8 min in spans of 10 s -> every second minute', 10 * SECOND, 48, 8 * HOUR + 30 * SECOND, 120 * SECOND],
  ['40 s in spans of a second -> every 10 s', SECOND, 40, 0, 10 * SECOND],
  ['spans of an hour -> every 6 h', HOUR, 30, 0, 6 * HOUR],
])('ticks: %s', (_title, stepMs, count, startMs, everyMs) => {
  const buckets = Array.from({ length: count }, (_, i) => ({ fromWallMs: startMs + i * stepMs, toWallMs: startMs + (i + 1) * stepMs }));
  const times = ticksOf(buckets, stepMs, 6, UTC).map((i) => buckets[i]?.fromWallMs ?? 0);
  expect(times.length).toBeGreaterThan(2);
  expect(times.every((time) => time % everyMs === 0)).toBe(true);
});
