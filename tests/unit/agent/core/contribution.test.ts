import { describe, expect, it } from 'vitest';
import {
  contributionOf,
  type CountedDays,
  countedDaysSchema,
  type LocalTime,
  poolPowerW,
  withJob,
  withTime,
} from '../../../../src/main/agent/core/contribution';
import { known, NOTHING_REPORTED, notReported } from '../../../../src/main/hardware/parse/reading';
import type { GpuLoad, GpuShare } from '../../../../src/main/hardware/parse/types';

const at = (day: number, hour = 9): LocalTime => ({ day: text(day), firstDay: text(day - 6), hour });
const text = (day: number): string => `2026-11-${String(day).padStart(2, '0')}`;
const done = (promptTokens = 100, completionTokens = 20) => ({ success: true, promptTokens, completionTokens });
const failed = { success: false, promptTokens: 100, completionTokens: 0 };
const NONE = { jobs: 0, failed_jobs: 0, prompt_tokens: 0, completion_tokens: 0, gpu_ms: 0, energy_wh: null };

it('jobs, tokens, time and energy of today and of seven days, by pool', () => {
  let days: CountedDays = [];
  days = withJob(days, at(23), 'pin-a', done());
  days = withJob(days, at(29, 9), 'pin-a', done());
  days = withJob(days, at(29, 9), 'pin-a', done(5, 1));
  days = withJob(days, at(29, 10), 'pin-a', failed);
  days = withTime(days, at(29), 'pin-a', 60_000, 2.5);
  days = withJob(days, at(29), 'pin-b', done());
  const [a, b] = contributionOf(days, at(29), 'pin-b').pools.toSorted((x, y) => x.pool.localeCompare(y.pool));
  expect(a).toEqual({
    pool: 'pin-a',
    is_current: false,
    today: { jobs: 2, failed_jobs: 1, prompt_tokens: 105, completion_tokens: 21, gpu_ms: 60_000, energy_wh: 2.5 },
    last_7_days: { jobs: 3, failed_jobs: 1, prompt_tokens: 205, completion_tokens: 41, gpu_ms: 60_000, energy_wh: 2.5 },
    jobs_by_hour: Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 2 : 0)),
  });
  expect(b).toMatchObject({ is_current: true, today: { jobs: 1, energy_wh: null } });
});

it('the present pool is first, also without a job; then the most jobs', () => {
  let days: CountedDays = [];
  for (const pool of ['a', 'b', 'b']) days = withJob(days, at(29), pool, done());
  expect(contributionOf(days, at(29), 'c').pools.map(({ pool }) => pool)).toEqual(['c', 'b', 'a']);
  expect(contributionOf([], at(29), 'c').pools[0]).toMatchObject({ today: NONE, last_7_days: NONE });
  expect(contributionOf([], at(29), null)).toEqual({ today: '2026-11-29', first_day: '2026-11-23', pools: [] });
});

it('a day passes -> today begins again, days before the seven are dropped', () => {
  let days: CountedDays = [];
  for (let day = 1; day <= 29; day++) days = withJob(days, at(day), 'a', done());
  expect(countedDaysSchema.parse(days).map(({ day }) => day)).toEqual([23, 24, 25, 26, 27, 28, 29].map(text));
  expect(contributionOf(days, at(30), 'a').pools[0]).toMatchObject({ today: { jobs: 0 }, last_7_days: { jobs: 6 } });
});

it('clock set back -> days after today are not counted', () => {
  const days = withJob(withJob([], at(29), 'a', done()), at(20), 'a', done());
  expect(contributionOf(days, at(20), 'a').pools[0]).toMatchObject({ today: { jobs: 1 }, last_7_days: { jobs: 1 } });
});

it('energy: known parts are added; never known -> null', () => {
  const days = [null, 1, null, 2].reduce((before: CountedDays, energy) => withTime(before, at(29), 'a', 1000, energy), []);
  expect(contributionOf(days, at(29), 'a').pools[0]?.today).toMatchObject({ gpu_ms: 4000, energy_wh: 3 });
  expect(contributionOf(withTime([], at(29), 'a', 1000, null), at(29), 'a').pools[0]?.today.energy_wh).toBeNull();
});

it('more than 16 pools on a day -> the others are not counted, and the file stays valid', () => {
  let days: CountedDays = [];
  for (let pool = 0; pool < 40; pool++) days = withJob(days, at(29), String(pool), done());
  expect(countedDaysSchema.parse(days)[0]?.pools).toHaveLength(16);
  expect(contributionOf(days, at(29), null).pools).toHaveLength(16);
});

describe('power of the pool', () => {
  const load = (key: string, use: number | null, powerW: number | null): GpuLoad => ({
    key,
    available: true,
    unavailableCode: null,
    live: {
      ...NOTHING_REPORTED,
      utilizationPercent: use === null ? notReported() : known(use),
      powerW: powerW === null ? notReported() : known(powerW),
    },
  });
  const share = (key: string, ownerPercent: number | null): GpuShare => ({
    key,
    ownerPercent,
    ownerMeanPercent: null,
    poolMemoryGb: null,
    programs: null,
  });
  it.each<[string, readonly GpuLoad[], readonly GpuShare[], number | null]>([
    ['the pool alone', [load('a', 80, 300)], [share('a', 0)], 300],
    ['in proportion to the use', [load('a', 80, 300)], [share('a', 20)], 225],
    ['idle card: none', [load('a', 0, 30)], [share('a', 0)], 0],
    ['parts unknown: the whole power', [load('a', 80, 300)], [share('a', null)], 300],
    ['use unknown: the whole power', [load('a', null, 300)], [share('a', 0)], 300],
    ['two cards, one without power', [load('a', 80, 300), load('b', 80, null)], [share('a', 0), share('b', 0)], 300],
    ['no power', [load('a', 80, null)], [share('a', 0)], null],
    ['no card', [], [], null],
    ['card not usable', [{ ...load('a', 80, 300), available: false }], [share('a', 0)], null],
  ])('%s', (_title, gpus, shares, expected) => {
    expect(poolPowerW({ gpus, shares })).toBe(expected);
  });
});
