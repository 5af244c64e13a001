// Totals and history of a pool from its periods.
import { expect, test } from 'vitest';
import { poolHistoryOf, poolTotalsOf } from '../../../../../src/main/scheduler/history/core/history-views';
import { poolHistorySchema, type PoolMark, poolTotalsSchema } from '../../../../../src/shared/api/pool-history';
import { aPeriod } from '../periods';

const HOUR_MS = 3_600_000;
const NOW = 100 * HOUR_MS;

test('totals: last minute, last hour and last day -> each its own figures', () => {
  const hour = [
    aPeriod({ atWallMs: NOW - 600_000, endedJobs: 50, outputTokens: 5000, firstTokens: { 60: 18 } }),
    aPeriod({ atWallMs: NOW - 60_000, endedJobs: 2, outputTokens: 600 }),
    aPeriod({ atWallMs: NOW - 30_000, endedJobs: 4, outputTokens: 1200, firstTokens: { 70: 2 } }),
  ];
  const day = [
    aPeriod({ atWallMs: NOW - 5 * HOUR_MS, endedJobs: 900, outputTokens: 70_000 }),
    aPeriod({ atWallMs: NOW - HOUR_MS, endedJobs: 56 }),
  ];
  const last = aPeriod({ poolVramGb: 8.26, poolGpuPercent: 41.26, waitingJobs: 6, oldestWaitMs: 240_400, runningJobs: 3 });
  const totals = poolTotalsOf({ atWallMs: NOW, last, hour, day });
  expect(poolTotalsSchema.parse(totals)).toEqual(totals);
  expect(totals).toMatchObject({
    at: NOW,
    vram_gb: { total: 24, pool: 8.3, owners: 1 },
    gpu_percent: { pool: 41.3, owners: 2 },
    jobs: { running: 3, waiting: 6, oldest_wait_seconds: 240, ended_per_minute: 12 },
    output_tokens_per_second: 60,
    last_24h: { since: NOW - 5 * HOUR_MS, jobs_ended: 956, output_tokens: 70_000 },
  });
  const { median = 0, p95 = 0 } = totals.first_token_ms ?? {};
  expect([Math.abs(median - 1.1 ** 60.5), Math.abs(p95 - 1.1 ** 70.5)].every((error) => error < 1)).toBe(true);
});

test('totals: scheduler just started -> rates and first token unknown, not zero', () => {
  expect(poolTotalsOf({ atWallMs: NOW, last: aPeriod({}), hour: [], day: [] })).toMatchObject({
    jobs: { ended_per_minute: null },
    output_tokens_per_second: null,
    first_token_ms: null,
    last_24h: { since: NOW, jobs_ended: 0, output_tokens: 0 },
  });
});

test('history: periods -> columns of equal length, rates by the counted time, only marks of the range', () => {
  const marks: readonly PoolMark[] = [
    { kind: 'mass_loss', at: NOW - 2 * HOUR_MS, lost: 5, of: 6 },
    { kind: 'scheduler_started', at: NOW - 1000, cause: 'crashed', away_seconds: 7 },
  ];
  const periods = [
    aPeriod({ atWallMs: NOW - 30_000, endedJobs: 3, outputTokens: 150 }),
    aPeriod({ atWallMs: NOW - 15_000, countedMs: 5000, outputTokens: 150, poolGpuPercent: null, firstTokens: { 0: 1 } }),
  ];
  const history = poolHistoryOf('1h', periods, marks, NOW);
  expect(poolHistorySchema.parse(history)).toEqual(history);
  expect(history).toMatchObject({
    step_seconds: 15,
    from: NOW - HOUR_MS,
    until: NOW,
    at: [NOW - 30_000, NOW - 15_000],
    ended_per_minute: [12, 0],
    output_tokens_per_second: [10, 30],
    gpu_pool_percent: [0, null],
    first_token_median_ms: [null, 1],
    marks: [marks[1]],
  });
});
