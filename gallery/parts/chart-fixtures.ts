// Data of charts: the same in each run.
import type { ChartData, ChartSeries } from '../../src/renderer/components/charts/chart-data';
import { NOW } from '../../tests/fixtures/app-states/moment';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A repeatable wave with some noise, from 0 to 1. */
const wave = (i: number): number => (Math.sin(i * 1.7) + Math.sin(i * 0.61 + 2) + 2) / 4;

export const DAY_FROM = NOW - HOUR;

/** An hour: the pool works, then the owner, then nothing is reported. The last five minutes are the future. */
export function quietHour(): ChartData {
  const times = Array.from({ length: 111 }, (_, i) => DAY_FROM + i * (MINUTE / 2));
  const isGap = (i: number): boolean => i > 78 && i < 90;
  const isOwner = (i: number): boolean => i > 44 && i < 58;
  const isPool = (i: number): boolean => (i > 4 && i < 40) || (i > 60 && i < 106);
  const owner = times.map((_time, i) => (isGap(i) ? null : isOwner(i) ? 28 + wave(i) * 8 : 3 + wave(i) * 3));
  const pool = times.map((_time, i) => (isGap(i) ? null : isPool(i) ? 55 + wave(i) * 18 : 0));
  return {
    fromWallMs: DAY_FROM,
    toWallMs: DAY_FROM + HOUR,
    timesWallMs: times,
    series: [
      { label: 'You', kind: 'owner', values: owner },
      { label: 'Pool', kind: 'pool', values: pool },
    ],
  };
}

const dayOf = (series: (times: readonly number[]) => readonly ChartSeries[]): ChartData => {
  const times = Array.from({ length: 145 }, (_, i) => NOW - 24 * HOUR + i * 10 * MINUTE);
  return { fromWallMs: NOW - 24 * HOUR, toWallMs: NOW, timesWallMs: times, series: series(times) };
};
const isNight = (i: number): boolean => i > 28 && i < 36;

export const busyDay = (): ChartData =>
  dayOf((times) => [
    { label: 'Owners', kind: 'owner', values: times.map((_time, i) => (isNight(i) ? null : 5 + wave(i) * 4)) },
    { label: 'Pool', kind: 'pool', values: times.map((_time, i) => (isNight(i) ? null : 15 + Math.sin(i / 46) ** 2 * 40 + wave(i) * 6)) },
  ]);

export const waitingDay = (): ChartData =>
  dayOf((times) => [{ label: 'Waiting', kind: 'steps', values: times.map((_time, i) => (isNight(i) ? null : Math.round(wave(i) * 9))) }]);

export const jobsPerHour: readonly (number | null)[] = [0, 0, null, null, 0, 0, 0, 1, 4, 3, 2, 0, 0, 5, 6, 4, 2, 6, 5, 4];
