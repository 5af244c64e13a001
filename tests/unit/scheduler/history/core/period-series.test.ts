// Samples become periods: joined by time, bounded by the range, with gaps where there was no sample.
import { expect, test } from 'vitest';
import { PeriodSeries } from '../../../../../src/main/scheduler/history/core/period-series';
import { aPeriod } from '../periods';

const SETTINGS = { rangeMs: 60_000, stepMs: 10_000 };
const atOf = (series: PeriodSeries) => series.since(-Infinity).map(({ atWallMs }) => atWallMs);

test('periods: samples of one period -> mean by time, sums added, highest queue, histograms joined', () => {
  const series = new PeriodSeries(SETTINGS);
  series.add(
    aPeriod({
      atWallMs: 20_000,
      countedMs: 3000,
      poolGpuPercent: 10,
      poolVramGb: null,
      waitingJobs: 2,
      endedJobs: 1,
      firstTokens: { 5: 1 },
    }),
  );
  series.add(
    aPeriod({
      atWallMs: 24_000,
      countedMs: 1000,
      poolGpuPercent: 50,
      poolVramGb: 8,
      waitingJobs: 1,
      endedJobs: 2,
      firstTokens: { 5: 1, 9: 2 },
    }),
  );
  expect(series.since(-Infinity)).toEqual([
    aPeriod({
      atWallMs: 20_000,
      countedMs: 4000,
      poolGpuPercent: 20,
      poolVramGb: 8,
      waitingJobs: 2,
      endedJobs: 3,
      firstTokens: { 5: 2, 9: 2 },
    }),
  ]);
});

test.each<readonly [name: string, samples: readonly number[], expected: readonly number[]]>([
  ['gap -> stays a gap', [1000, 45_000], [0, 40_000]],
  ['older than the range -> dropped', [0, 10_000, 61_000, 70_000], [10_000, 60_000, 70_000]],
  ['all older than the range -> only the new one', [0, 10_000, 900_000], [900_000]],
  ['clock set back -> later periods dropped', [50_000, 58_000, 12_000], [10_000]],
])('periods: %s', (_name, samples, expected) => {
  const series = new PeriodSeries(SETTINGS);
  for (const atWallMs of samples) series.add(aPeriod({ atWallMs }));
  expect(atOf(series)).toEqual(expected);
});

test('periods: a week of samples -> no more than the range has', () => {
  const series = new PeriodSeries(SETTINGS);
  for (let atWallMs = 0; atWallMs < 10_000_000; atWallMs += 5000) series.add(aPeriod({ atWallMs }));
  expect(atOf(series).length).toBeLessThanOrEqual(7);
});

test('periods: stored in any order -> oldest first, continued', () => {
  const series = new PeriodSeries(SETTINGS, [aPeriod({ atWallMs: 30_000 }), aPeriod({ atWallMs: 10_000 })]);
  series.add(aPeriod({ atWallMs: 35_000 }));
  expect(atOf(series)).toEqual([10_000, 30_000]);
  expect(series.get(30_000)?.countedMs).toBe(2 * aPeriod({}).countedMs);
});
