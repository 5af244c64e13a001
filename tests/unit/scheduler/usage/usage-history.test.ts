// Usage with a manual clock and a real file: what is written and when, restarts, a kill, a full disk, and the end of a year.
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { SqliteStore } from '../../../../src/main/scheduler/database/sqlite-store';
import { COUNTS_WRITE_DELAY_MS } from '../../../../src/main/scheduler/database/store';
import type { Attempt, JobFacts } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { newJob } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { UsageStore } from '../../../../src/main/scheduler/usage/usage-store';
import { UsageHistory } from '../../../../src/main/scheduler/usage/usage-history';
import type { JobStatus } from '../../../../src/shared/api/job';
import { dayNumberOf, dayOf, type Usage, USAGE_DAYS, type UsageQuery } from '../../../../src/shared/api/usage';
import { fail } from '../../../../src/shared/result';
import { ManualClock } from '../../../support/manual-clock';
import { KeptLog, temporaryDir } from '../../../support/test-scheduler';
import { aJob } from '../jobs/job-records';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

let folder: ReturnType<typeof temporaryDir>;
let clock: ManualClock;
let log: KeptLog;
let database: DatabaseSync;
let store: UsageStore;
let usage: UsageHistory;

async function open(): Promise<void> {
  const opened = openDatabase(path.join(folder.dir, 'muster.db'));
  if (!opened.ok) throw new Error(opened.error.code);
  database = opened.value;
  store = new UsageStore(new SqliteStore(database));
  const names = { key: (id: string) => `key ${id}`, node: (id: string) => `node ${id}` };
  const day = dayNumberOf(clock.wallMs());
  usage = new UsageHistory({ store, known: { day, places: await store.placesOf(day) }, names, clock, logger: log });
}
beforeEach(async () => {
  folder = temporaryDir();
  clock = new ManualClock();
  log = new KeptLog();
  await open();
});
afterEach(() => {
  if (database.isOpen) database.close();
  folder.remove();
});

/** A write and its result take a turn of the event loop each. */
async function written(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

const storedRows = (): unknown => database.prepare('SELECT count(*) AS rows FROM usage').get()?.['rows'];
async function read(query: Partial<UsageQuery> = {}): Promise<Usage> {
  const found = await usage.usage({ by: 'day', ...query });
  if (found === null) throw new Error('too many queries wait');
  return found;
}

/** A job of 2 s with an answer of 30 tokens. */
function ended(change: Partial<JobFacts> = {}, status: JobStatus = 'succeeded', nodeId = 'n1'): void {
  const facts = aJob({ submitter: 'k1', ...change, task: { ...aJob().task, path: '/v1/chat/completions', ...change.task } });
  const at = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  const attempt: Attempt = {
    attempt: 1,
    nodeId,
    assignedAt: at,
    startedAt: at,
    endedAt: { ...at, monotonicMs: at.monotonicMs + 2000 },
    outcome: status === 'succeeded' ? 'succeeded' : 'failed',
    error: null,
    prediction: null,
  };
  const tokens = status === 'succeeded' ? { prompt: 20, cached: 5, output: 10, isEstimated: false } : null;
  usage.attemptEnded(facts, attempt, tokens);
  usage.jobEnded({ ...newJob(facts, at), status, attempts: [attempt], lastAttempt: 1 }, tokens);
}

test('jobs -> counted at once for their key, model and node; written together later', async () => {
  ended();
  ended({}, 'failed');
  const total = { requests: 2, failed: 1, cancelled: 0, prompt_tokens: 20, cached_tokens: 5, output_tokens: 10, gpu_seconds: 4 };
  const model = aJob().task.model;
  for (const expectedRows of [0, 2]) {
    expect((await read({ by: 'key' })).rows).toEqual([
      { day: null, id: 'k1', name: 'key k1', rest: false, ...total, estimated: 0, refused: 0 },
    ]);
    expect((await read({ by: 'model' })).rows).toMatchObject([{ id: model, name: null, ...total }]);
    expect((await read({ by: 'node' })).rows).toMatchObject([{ id: 'n1', name: 'node n1', ...total }]);
    expect((await read({ by: 'day', node_id: 'n2' })).total.requests).toBe(0);
    expect(storedRows()).toBe(expectedRows);
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await written();
  }
});

test('requests over a limit -> counted for their key and day, apart from requests, also after a restart', async () => {
  ended();
  usage.requestRefused('k1');
  usage.requestRefused('k1');
  usage.requestRefused(null);
  const check = async (): Promise<void> => {
    const { rows, total } = await read({ by: 'key' });
    expect(rows.map(({ id, requests, refused }) => [id, requests, refused])).toEqual([
      ['k1', 1, 2],
      [null, 0, 1],
    ]);
    expect(total).toMatchObject({ requests: 1, refused: 3 });
    expect((await read({ by: 'node' })).total.refused).toBe(0);
  };
  await check();
  usage.stop();
  await written();
  database.close();
  await open();
  await check();
});

test('no jobs -> nothing is written; the next job is written later, too', async () => {
  ended();
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  database.exec('DELETE FROM usage');
  clock.advance(HOUR_MS);
  await written();
  expect(storedRows()).toBe(0);
  ended();
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  expect(storedRows()).toBe(2);
});

test('a query while a write is under way -> nothing counts twice, and nothing is missing', async () => {
  ended();
  clock.advance(COUNTS_WRITE_DELAY_MS);
  ended();
  expect((await read()).total.requests).toBe(2);
  await written();
  expect((await read()).total.requests).toBe(2);
});

test('restart -> the day goes on; killed -> only the counts since the last write are lost', async () => {
  ended();
  usage.stop();
  await written();
  database.close();
  await open();
  ended();
  expect((await read()).total.requests).toBe(2);
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  ended();
  // Killed: neither stopped nor written.
  database.close();
  await open();
  expect((await read()).total).toMatchObject({ requests: 2, output_tokens: 20, gpu_seconds: 4 });
});

test('midnight in UTC -> a new day; the days stay apart', async () => {
  const today = dayNumberOf(clock.wallMs());
  ended();
  clock.sleep((today + 1) * DAY_MS - clock.wallMs());
  ended();
  ended();
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  const { rows, from, to, today: named } = await read();
  expect(rows.map(({ day, requests }) => [day, requests])).toEqual([
    [dayOf(today), 1],
    [dayOf(today + 1), 2],
  ]);
  expect([from, to, named]).toEqual([dayOf(today - 5), dayOf(today + 1), dayOf(today + 1)]);
});

test('clock set back to the day before -> that day goes on', async () => {
  ended();
  clock.sleep(DAY_MS);
  ended();
  clock.sleep(-DAY_MS);
  ended();
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  const today = dayOf(dayNumberOf(clock.wallMs()));
  expect((await read({ from: today, to: today })).total.requests).toBe(2);
});

test('disk full -> logged, and the next write has all counts once', async () => {
  ended();
  const write = store.write.bind(store);
  store.write = () => Promise.resolve(fail({ isFull: true, reason: 'disk full' }));
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  expect(log.of('usage_not_written')).toEqual([{ reason: 'disk full' }]);
  store.write = write;
  ended();
  expect((await read()).total.requests).toBe(2);
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  database.close();
  await open();
  expect((await read()).total.requests).toBe(2);
});

test('after a year -> days that are older are removed, two with each write', async () => {
  const today = dayNumberOf(clock.wallMs());
  const insert = database.prepare("INSERT INTO usage VALUES (?, 'key', 'k1', 'm', 1, 0, 0, 0, 0, 0, 0, 0, 0)");
  for (const age of [1, USAGE_DAYS - 1, USAGE_DAYS, USAGE_DAYS + 1, USAGE_DAYS + 2]) insert.run(today - age);
  const days = () =>
    database
      .prepare("SELECT day FROM usage WHERE day <> ? AND kind = 'key' ORDER BY day")
      .all(today)
      .map((row) => today - Number(row['day']));
  ended();
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  expect(days()).toEqual([USAGE_DAYS, USAGE_DAYS - 1, 1]);
  ended();
  clock.advance(COUNTS_WRITE_DELAY_MS);
  await written();
  expect(days()).toEqual([USAGE_DAYS - 1, 1]);
  expect((await read()).since).toBe(dayOf(today - USAGE_DAYS + 1));
  expect((await read({ from: dayOf(today - USAGE_DAYS + 1), to: dayOf(today) })).total.requests).toBe(4);
});

test('clock years ahead -> no day is removed', async () => {
  const today = dayNumberOf(clock.wallMs());
  const insert = database.prepare("INSERT INTO usage VALUES (?, 'key', 'k1', 'm', 1, 0, 0, 0, 0, 0, 0, 0, 0)");
  for (let age = 0; age < USAGE_DAYS; age++) insert.run(today - age);
  clock.sleep(3 * USAGE_DAYS * DAY_MS);
  for (let i = 0; i < 3; i++) {
    ended();
    clock.advance(COUNTS_WRITE_DELAY_MS);
    await written();
  }
  clock.sleep(-3 * USAGE_DAYS * DAY_MS);
  expect((await read({ from: dayOf(today - USAGE_DAYS + 1), to: dayOf(today) })).total.requests).toBe(USAGE_DAYS);
});

test('many queries at once -> equal ones are shared; when too many wait, one more gets nothing, until others end', async () => {
  ended();
  const query = (age: number): UsageQuery => ({ by: 'day', from: dayOf(dayNumberOf(clock.wallMs()) - age) });
  const answers = Array.from({ length: 34 }, (_, age) => usage.usage(query(age)));
  const [equal, refused] = await Promise.all([usage.usage(query(0)), usage.usage(query(34))]);
  expect([equal?.total.requests, refused]).toEqual([1, null]);
  expect((await Promise.all(answers)).map((answer) => answer?.total.requests)).toEqual(Array(34).fill(1));
  expect(await usage.usage(query(34))).not.toBeNull();
});

test('model that no node ran -> counted under other models', async () => {
  const facts = aJob({ submitter: null, task: { ...aJob().task, model: 'any text of a client' } });
  usage.jobEnded({ ...newJob(facts, { wallMs: 0, monotonicMs: 0 }), status: 'expired' }, null);
  expect((await read({ by: 'model' })).rows).toMatchObject([{ id: null, rest: true, requests: 1, failed: 1 }]);
  expect((await read({ by: 'key' })).rows).toMatchObject([{ id: null, name: null, rest: false, requests: 1 }]);
});

test('disk full at the stop -> logged; nothing reads the closed file', async () => {
  ended();
  usage.stop();
  database.close();
  await written();
  expect(log.of('usage_not_written')).toHaveLength(1);
});

test('the rows of a new day cannot be read -> jobs go on and count', async () => {
  database.exec('ALTER TABLE usage RENAME TO broken');
  clock.sleep(DAY_MS);
  ended();
  await written();
  database.exec('ALTER TABLE broken RENAME TO usage');
  expect((await read()).total.requests).toBe(1);
});
