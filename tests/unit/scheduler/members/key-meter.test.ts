// What KeyMeter keeps and writes: reservations of open jobs, tokens of the day, over a restart and over midnight.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type KeyLimits, keyLimitsSchema } from '../../../../src/shared/api/members';
import { NODE_DATABASE } from '../../../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { SqliteStore } from '../../../../src/main/scheduler/database/sqlite-store';
import { COUNTS_WRITE_DELAY_MS } from '../../../../src/main/scheduler/database/store';
import { KeyDayStore } from '../../../../src/main/scheduler/members/key-day-store';
import { KeyMeter } from '../../../../src/main/scheduler/members/key-meter';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ManualClock } from '../../../support/manual-clock';
import { temporaryDir } from '../../../support/test-scheduler';

const DAY_MS = 86_400_000;

/** Runs of a scheduler with one database. */
function runs() {
  const { dir, remove } = temporaryDir();
  onTestFinished(remove);
  const clock = new ManualClock();
  const limits = new Map<string, KeyLimits>([['key-a', keyLimitsSchema.parse({ tokens_per_day: 1000, max_at_once: 2 })]]);
  const refusals: unknown[] = [];
  let writes = 0;
  const open = async () => {
    const opened = openDatabase(path.join(dir, 'scheduler.db'), NODE_DATABASE);
    if (!opened.ok) throw new Error(opened.error.code);
    const database = new SqliteStore(opened.value);
    const store = new KeyDayStore(database);
    const meter = new KeyMeter({
      clock,
      logger: silentLogger,
      abuse: { limitReached: (...use) => refusals.push(use) },
      stored: await store.load(),
      store: {
        save: (days) => (writes++, store.save(days)),
        keepFrom: (day) => store.keepFrom(day),
      },
      limitsOf: (id) => limits.get(id) ?? null,
    });
    return {
      meter,
      stop: async () => {
        meter.stop();
        await database.close();
      },
      /** Without the last writes. */
      kill: () => {
        opened.value.close();
      },
    };
  };
  return { clock, limits, refusals, open, writes: () => writes };
}

const tokens = (count: number) => () => count;

test('jobs with tokens -> counted at their end, written once for many jobs, kept by a restart', async () => {
  const { clock, open, writes } = runs();
  const first = await open();
  for (let i = 0; i < 100; i++) {
    expect(first.meter.reserve(`job-${String(i)}`, 'key-a', tokens(100))).toBeNull();
    first.meter.ended(`job-${String(i)}`, 2);
  }
  expect([first.meter.useOf('key-a'), writes()]).toEqual([{ at_once: 0, tokens_today: 200, tokens_reserved: 0 }, 0]);
  clock.advance(COUNTS_WRITE_DELAY_MS);
  expect(writes()).toBe(1);
  await first.stop();
  const second = await open();
  expect(second.meter.useOf('key-a')).toEqual({ at_once: 0, tokens_today: 200, tokens_reserved: 0 });
  expect(second.meter.reserve('job-x', 'key-a', tokens(900))).toMatchObject({ limit: 'tokens_per_day', found: 200 });
  await second.stop();
});

test('killed -> only the tokens since the last write are lost', async () => {
  const { clock, open } = runs();
  const first = await open();
  const run = (jobId: string, count: number): void => {
    expect(first.meter.reserve(jobId, 'key-a', tokens(10))).toBeNull();
    first.meter.ended(jobId, count);
  };
  run('job-1', 30);
  clock.advance(COUNTS_WRITE_DELAY_MS);
  // The commit of this turn.
  await new Promise((resolve) => setImmediate(resolve));
  run('job-2', 5);
  first.kill();
  const second = await open();
  expect(second.meter.useOf('key-a').tokens_today).toBe(30);
  await second.stop();
});

test('midnight -> the tokens start again, also after a restart', async () => {
  const { clock, open } = runs();
  const first = await open();
  first.meter.reserve('job-1', 'key-a', tokens(10));
  first.meter.ended('job-1', 900);
  expect(first.meter.reserve('job-2', 'key-a', tokens(200))).toMatchObject({ limit: 'tokens_per_day', found: 900 });
  clock.advance(DAY_MS);
  expect(first.meter.useOf('key-a').tokens_today).toBe(0);
  expect(first.meter.reserve('job-2', 'key-a', tokens(200))).toBeNull();
  await first.stop();
  clock.advance(DAY_MS);
  const second = await open();
  expect(second.meter.useOf('key-a')).toEqual({ at_once: 0, tokens_today: 0, tokens_reserved: 0 });
  await second.stop();
});

test('restart while the clock is before midnight again -> the tokens of the later day stay', async () => {
  const { clock, open } = runs();
  clock.sleep(DAY_MS);
  const first = await open();
  first.meter.reserve('job-1', 'key-a', tokens(10));
  first.meter.ended('job-1', 900);
  await first.stop();
  clock.sleep(-DAY_MS);
  const second = await open();
  expect(second.meter.useOf('key-a').tokens_today).toBe(900);
  // The commit of this turn.
  await new Promise((resolve) => setImmediate(resolve));
  await second.stop();
  clock.sleep(DAY_MS);
  const third = await open();
  expect(third.meter.useOf('key-a').tokens_today).toBe(900);
  await third.stop();
});

test('restored job -> counts as open, and its tokens at its end', async () => {
  const { open, refusals } = runs();
  const { meter, stop } = await open();
  meter.restored('job-1', 'key-a');
  meter.restored('job-2', 'key-a');
  expect(meter.reserve('job-3', 'key-a', tokens(1))).toMatchObject({ limit: 'max_at_once', found: 2 });
  expect(refusals).toEqual([['key_max_at_once', 'key-a']]);
  meter.ended('job-1', 40);
  meter.ended('job-1', 40);
  expect(meter.useOf('key-a')).toEqual({ at_once: 1, tokens_today: 40, tokens_reserved: 0 });
  await stop();
});

test('a caller without a key, a member and the owner -> not counted', async () => {
  const { open } = runs();
  const { meter, stop } = await open();
  for (const submitter of [null, 'owner', 'mem-1']) {
    const jobId = `job-of-${String(submitter)}`;
    expect(meter.reserve(jobId, submitter, () => Number.NaN)).toBeNull();
    meter.ended(jobId, 1);
  }
  expect(meter.rateLimitsOf('owner')).toBeNull();
  await stop();
});

test('limits changed -> hold from the next request on, with what was used', async () => {
  const { open, limits } = runs();
  const { meter, stop } = await open();
  meter.reserve('job-1', 'key-a', tokens(10));
  meter.ended('job-1', 400);
  limits.set('key-a', keyLimitsSchema.parse({ tokens_per_day: 300, requests_per_minute: 5 }));
  expect(meter.reserve('job-2', 'key-a', tokens(1))).toMatchObject({ limit: 'tokens_per_day', max: 300, found: 400 });
  expect(meter.rateLimitsOf('key-a')).toMatchObject({ requests: { limit: 5, remaining: 5 }, tokens: { limit: 300, remaining: 0 } });
  await stop();
});
