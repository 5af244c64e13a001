import { describe, expect, test } from 'vitest';
import {
  type ChartData,
  type ChartSeries,
  gapsOf,
  highestOf,
  isolatedOf,
  topsOf,
  type Value,
  withGaps,
} from '../../../../../src/renderer/components/charts/chart-data';

const series = (kind: ChartSeries['kind'], values: readonly Value[]): ChartSeries => ({ label: kind, kind, values });
const data = (timesWallMs: readonly number[], all: readonly ChartSeries[], more: Partial<ChartData> = {}): ChartData => ({
  fromWallMs: 0,
  toWallMs: 100,
  timesWallMs,
  series: all,
  ...more,
});

describe('stacking', () => {
  test.each<[string, readonly ChartSeries[], readonly (readonly Value[])[]]>([
    [
      'pool above the owner',
      [series('owner', [5, 10]), series('pool', [50, 60])],
      [
        [5, 10],
        [55, 70],
      ],
    ],
    ['pool alone', [series('pool', [50, null])], [[50, null]]],
    [
      'owner not known -> the height of the pool is not known',
      [series('owner', [null, 0]), series('pool', [50, 60])],
      [
        [null, 0],
        [null, 60],
      ],
    ],
    ['a line is not stacked', [series('owner', [5]), series('line', [61])], [[5], [61]]],
  ])('%s', (_name, all, tops) => {
    expect(topsOf(data([0, 10], all))).toEqual(tops);
  });

  test('highest: of the stack; null without a value', () => {
    expect(highestOf(data([0, 10], [series('owner', [5, 10]), series('pool', [90, 60])]))).toBe(95);
    expect(highestOf(data([0], [series('pool', [null])]))).toBeNull();
  });
});

describe('gaps', () => {
  test.each<[string, readonly number[], readonly Value[], readonly (readonly [number, number])[]]>([
    ['no gap; the future is none', [0, 10, 20], [1, 2, 3], []],
    ['inside: from the last known to the next', [0, 10, 20, 30, 40], [1, null, null, 4, 5], [[0, 30]]],
    ['at the end: up to the last sample', [0, 10, 20], [1, null, null], [[0, 20]]],
    ['before the first sample', [40, 50], [1, 2], [[0, 40]]],
    ['known before the start', [-10, 20], [1, 2], []],
    ['unknown before the start', [-10, 20], [null, 2], [[0, 20]]],
    ['never known', [0, 50], [null, null], [[0, 50]]],
    ['no sample', [], [], []],
    [
      'two gaps',
      [0, 10, 20, 30, 40],
      [1, null, 3, null, 5],
      [
        [0, 20],
        [20, 40],
      ],
    ],
  ])('%s', (_name, times, values, gaps) => {
    expect(gapsOf(data(times, [series('pool', values)]))).toEqual(gaps.map(([fromWallMs, toWallMs]) => ({ fromWallMs, toWallMs })));
  });

  test('a value of one series -> no gap', () => {
    expect(gapsOf(data([0, 10], [series('owner', [null, null]), series('line', [1, 2])]))).toEqual([]);
  });
});

describe('pauses between samples', () => {
  test('longer than usual -> null after the last sample; one late sample -> none', () => {
    const shown = withGaps(data([0, 10, 30, 70], [series('pool', [1, 2, 3, 4])], { stepMs: 10 }));
    expect([shown.timesWallMs, shown.series[0]?.values]).toEqual([
      [0, 10, 30, 40, 70],
      [1, 2, 3, null, 4],
    ]);
    expect(gapsOf(shown)).toEqual([{ fromWallMs: 30, toWallMs: 70 }]);
  });

  test('no usual step, or no pause -> the same data', () => {
    const [open, even] = [data([0, 90], [series('pool', [1, 2])]), data([0, 10], [series('pool', [1, 2])], { stepMs: 10 })];
    expect([withGaps(open), withGaps(even)].map((one, i) => one === [open, even][i])).toEqual([true, true]);
  });
});

test.each<[readonly (number | null | undefined)[], readonly number[]]>([
  [
    [1, null, 2, null, 3, 4],
    [0, 2],
  ],
  [[1], [0]],
  [[null, undefined], []],
])('isolated values of %j -> %j', (values, positions) => {
  expect(isolatedOf(values)).toEqual(positions);
});
