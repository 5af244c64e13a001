import { expect, test } from 'vitest';
import { bytesPerSecond, type SpeedSample, withSample } from '../../../../../src/main/runtimes/core/pulls/pull-speed';

type Samples = readonly (readonly [seconds: number, bytes: number])[];
const after = (samples: Samples): readonly SpeedSample[] =>
  samples.reduce<readonly SpeedSample[]>(
    (kept, [seconds, completedBytes]) => withSample(kept, { atMonotonicMs: seconds * 1000, completedBytes }),
    [],
  );

test.each<[string, Samples, number | null]>([
  ['no sample', [], null],
  [
    'less than 2 s',
    [
      [0, 0],
      [1.9, 500],
    ],
    null,
  ],
  [
    'steady',
    [
      [0, 0],
      [1, 100],
      [2, 200],
    ],
    100,
  ],
  [
    'only the last 10 s count',
    [
      [0, 0],
      [1, 9000],
      [6, 9100],
      [11, 9200],
      [12, 9300],
    ],
    200 / 6,
  ],
  [
    'stalled -> 0',
    [
      [0, 100],
      [5, 100],
      [10, 100],
    ],
    0,
  ],
  [
    'a file begins again -> earlier samples dropped',
    [
      [0, 900],
      [5, 1000],
      [6, 10],
      [9, 40],
    ],
    10,
  ],
])('bytesPerSecond: %s', (_title, samples, expected) => {
  const speed = bytesPerSecond(after(samples));
  if (expected === null) expect(speed).toBeNull();
  else expect(speed).toBeCloseTo(expected, 6);
});

test('withSample: many samples a second -> at most 22 are kept', () => {
  const samples = after(Array.from({ length: 3000 }, (_, i) => [i / 100, i] as const));
  expect(samples.length).toBeLessThan(23);
  expect(samples.at(-1)).toEqual({ atMonotonicMs: 29_990, completedBytes: 2999 });
  expect(bytesPerSecond(samples)).toBeCloseTo(100, 6);
});
