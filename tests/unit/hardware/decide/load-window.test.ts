import { expect, it } from 'vitest';
import { EMPTY_WINDOW, meanOf, withReading } from '../../../../src/main/hardware/decide/load-window';

/** Readings as [end in s, duration in s, percent]. */
const windowOf = (...readings: readonly (readonly [number, number, number])[]) =>
  readings.reduce(
    (window, [end, duration, percent]) => withReading(window, { endsAtMonotonicMs: end * 1000, durationMs: duration * 1000, percent }),
    EMPTY_WINDOW,
  );

it.each([
  ['no reading', [], null],
  ['first reading', [[2, 2, 40]], 40],
  [
    'weighted by time',
    [
      [1, 1, 100],
      [5, 4, 0],
    ],
    20,
  ],
  [
    'readings older than 30 s dropped',
    [
      [2, 2, 100],
      [32, 2, 0],
      [34, 2, 10],
    ],
    5,
  ],
  [
    'of the oldest reading only the part inside the 30 s',
    [
      [10, 10, 90],
      [35, 25, 0],
    ],
    15,
  ],
  ['one reading of more than 30 s', [[60, 60, 7]], 7],
  [
    'gap without readings -> the last ones before it do not count',
    [
      [10, 10, 90],
      [100, 5, 3],
    ],
    3,
  ],
  ['difference below 0', [[2, 2, -4]], 0],
  [
    'negative readings count in the mean',
    [
      [2, 2, -10],
      [4, 2, 30],
    ],
    10,
  ],
  ['difference above 100', [[2, 2, 104]], 100],
  ['one decimal', [[3, 3, 100 / 3]], 33.3],
] as const)('mean over 30 s: %s', (_title, readings, expected) => {
  expect(meanOf(windowOf(...readings))).toBe(expected);
});
