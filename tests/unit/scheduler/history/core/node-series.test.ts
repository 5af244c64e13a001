// The rings of one node: minutes and ten minutes, gaps, unknown figures, a clock that is set back, the memory.
import { expect, test } from 'vitest';
import { MINUTE_MS, type NodeFigures, NodeSeries, SERIES_BYTES } from '../../../../../src/main/scheduler/history/core/node-series';

const START_WALL_MS = 1_700_000_400_000;
const figures = (pool: number, change: Partial<NodeFigures> = {}): NodeFigures => ({
  state: 'available',
  gpuPercent: { pool, owner: 5 },
  vramGb: { pool: 8, owner: 1.5 },
  ...change,
});
const seriesOf = (samples: readonly (readonly [minute: number, figures: NodeFigures])[]): NodeSeries => {
  const series = new NodeSeries();
  for (const [minute, sample] of samples) series.add(START_WALL_MS + minute * MINUTE_MS, sample);
  return series;
};
const minutesOf = (series: NodeSeries, range: '1h' | '24h' = '1h'): readonly (readonly [number, number | null])[] =>
  series.since(range, -Infinity).map(({ atWallMs, gpuPercent }) => [(atWallMs - START_WALL_MS) / MINUTE_MS, gpuPercent?.pool ?? null]);

test('series: no sample -> no point', () => {
  expect(new NodeSeries().since('1h', -Infinity)).toEqual([]);
});

test('series: two samples in one minute -> the later one', () => {
  expect(
    minutesOf(
      seriesOf([
        [0, figures(10)],
        [0.5, figures(20)],
      ]),
    ),
  ).toEqual([[0, 20]]);
});

test('series: minutes without a sample -> no points there, and none of an earlier round', () => {
  const series = seriesOf([...Array.from({ length: 60 }, (_, i) => [i, figures(1)] as const), [62, figures(2)]]);
  const points = minutesOf(series);
  expect(points).toHaveLength(58);
  expect(points[0]).toEqual([3, 1]);
  expect(points.slice(-2)).toEqual([
    [59, 1],
    [62, 2],
  ]);
});

test('series: a gap longer than the ring -> only the newest point', () => {
  expect(
    minutesOf(
      seriesOf([
        [0, figures(1)],
        [600, figures(2)],
      ]),
    ),
  ).toEqual([[600, 2]]);
});

test('series: figures not reported -> null, also the mean of ten minutes', () => {
  const series = seriesOf([[0, figures(0, { gpuPercent: null, vramGb: null, state: 'disconnected' })]]);
  for (const range of ['1h', '24h'] as const)
    expect(series.since(range, -Infinity)).toEqual([{ atWallMs: START_WALL_MS, state: 'disconnected', gpuPercent: null, vramGb: null }]);
});

test('series: ten minutes -> mean of the known figures and the most frequent state', () => {
  const series = seriesOf([
    [0, figures(10, { state: 'full' })],
    [1, figures(20, { state: 'full' })],
    [2, figures(0, { state: 'available', gpuPercent: null })],
    [10, figures(90)],
  ]);
  expect(series.since('24h', -Infinity)).toEqual([
    { atWallMs: START_WALL_MS, ...figures(15, { state: 'full' }) },
    { atWallMs: START_WALL_MS + 10 * MINUTE_MS, ...figures(90) },
  ]);
});

test('series: two days -> at most one hour and one day of points', () => {
  const series = seriesOf(Array.from({ length: 2 * 24 * 60 }, (_, i) => [i, figures(i % 100)]));
  expect(series.since('1h', -Infinity)).toHaveLength(60);
  expect(series.since('24h', -Infinity)).toHaveLength(144);
  expect(minutesOf(series, '24h')[0]?.[0]).toBe(24 * 60);
});

test('series: clock set back -> begins again', () => {
  expect(
    minutesOf(
      seriesOf([
        [50, figures(1)],
        [10, figures(2)],
        [11, figures(3)],
      ]),
    ),
  ).toEqual([
    [10, 2],
    [11, 3],
  ]);
});

test('series: memory -> 2,040 bytes for a node, 20.4 MB for 10,000', () => {
  expect(SERIES_BYTES).toBe(2040);
});
