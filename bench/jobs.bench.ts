// Jobs over real sockets and a real disk: from a submission to its node, durable submissions a second, and the start with
// 100,000 jobs. Client, node and scheduler share this process, so the figures hold the cost of all three.
import { Agent, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../src/main/platform/clock';
import { silentLogger } from '../src/main/platform/logger';
import { newJob } from '../src/main/scheduler/jobs/machine/job-record';
import { toStoredJob } from '../src/main/scheduler/jobs/machine/stored-job';
import { jobsFileOf } from '../src/main/scheduler/database/scheduler-databases';
import { StoredJobs } from '../src/main/scheduler/jobs/stored-jobs';
import { JOB_DATABASE } from '../src/main/scheduler/database/migrations';
import { openDatabase } from '../src/main/scheduler/database/open-database';
import { SqliteStore } from '../src/main/scheduler/database/sqlite-store';
import { type OpenScheduler, openScheduler } from '../src/main/scheduler/open-scheduler';
import { accept, readyNode, submission, succeed } from '../tests/support/job-pool';
import { temporaryDir, testConfig } from '../tests/support/test-scheduler';

const ONE_BY_ONE = 500;
const SUBMITTERS = 64;
const SUBMISSIONS = 10_000;
const STORED = 100_000;
const PAYLOAD = 'x'.repeat(1000);
const MOST_P50_MS = 20;
const MOST_P99_MS = 100;
const LEAST_PER_SECOND = 500;
const MOST_START_MS = 3000;

const figures: Record<string, string | number>[] = [];
afterAll(() => {
  console.table(figures);
});

function percentiles(samples: number[]): { readonly p50: number; readonly p99: number } {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function record(figure: string, samples: number[]): { readonly p50: number; readonly p99: number } {
  const found = percentiles(samples);
  figures.push({ figure, value: `p50 ${found.p50.toFixed(2)} ms, p99 ${found.p99.toFixed(2)} ms` });
  return found;
}

async function opened(databaseFile: string): Promise<{ readonly scheduler: OpenScheduler; readonly url: string }> {
  const options = { config: await testConfig(), databaseFile, clock: systemClock, logger: silentLogger, version: '0' };
  const scheduler = await openScheduler({ ...options, ownerKey: () => 'owner-key-of-the-bench' });
  if (!scheduler.ok) throw new Error(scheduler.error.code);
  const listening = await scheduler.value.listen({ app: null, rendererDir: null });
  if (!listening.ok) throw new Error(listening.error.code);
  return { scheduler: scheduler.value, url: listening.value.url };
}

const agent = new Agent({ keepAlive: true, maxSockets: SUBMITTERS });

/** Resolves to the status. It costs less than fetch: the client and the measured scheduler share the processor. */
function post(url: string, body: unknown): Promise<number> {
  const payload = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMonotonicMs = performance.now();
  await run();
  return performance.now() - startMonotonicMs;
}

test('idle pool: time from a submission to its assignment at the node', async () => {
  const folder = temporaryDir();
  const { scheduler, url } = await opened(path.join(folder.dir, 'scheduler.db'));
  const node = await readyNode(url, { max_concurrent_jobs: 256 });
  const requests: number[] = [];
  const assigned: number[] = [];
  for (let i = 0; i < ONE_BY_ONE; i++) {
    requests.push(await timed(() => post(`${url}/api/v1/dispatch/explain`, { required_models: ['llm-a'] })));
    const startMonotonicMs = performance.now();
    const answer = post(`${url}/api/v1/jobs`, submission());
    const assign = await node.until('job_assign');
    assigned.push(performance.now() - startMonotonicMs);
    await answer;
    accept(node, assign);
    succeed(node, assign);
    await node.until('job_result_ack');
  }
  record('baseline: a request that writes nothing', requests);
  const { p50, p99 } = record('from submission to job_assign at the node', assigned);
  node.close();
  await scheduler.stop();
  folder.remove();
  expect(p50).toBeLessThan(MOST_P50_MS);
  expect(p99).toBeLessThan(MOST_P99_MS);
});

test('durable submissions a second', async () => {
  const folder = temporaryDir();
  const raw = new DatabaseSync(path.join(folder.dir, 'raw.db'));
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (b TEXT)');
  const insert = raw.prepare('INSERT INTO t VALUES (?)');
  const rawMs = await timed(() => {
    for (let i = 0; i < ONE_BY_ONE; i++) insert.run(PAYLOAD);
    return Promise.resolve();
  });
  raw.close();
  figures.push({ figure: 'baseline: one row and one sync at a time, a second', value: Math.round((ONE_BY_ONE * 1000) / rawMs) });

  const { scheduler, url } = await opened(path.join(folder.dir, 'scheduler.db'));
  const body = submission({ task: { kind: 'openai', path: '/v1/chat/completions', body: { model: 'llm-a', messages: [PAYLOAD] } } });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let left = SUBMISSIONS;
  const waits: number[] = [];
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: SUBMITTERS }, async () => {
        while (left-- > 0) {
          const startMonotonicMs = performance.now();
          expect(await post(`${url}/api/v1/jobs`, body)).toBe(202);
          waits.push(performance.now() - startMonotonicMs);
        }
      }),
    ),
  );
  delay.disable();
  const perSecond = (SUBMISSIONS * 1000) / ms;
  figures.push({ figure: `durable submissions a second over HTTP, ${String(SUBMITTERS)} at a time`, value: Math.round(perSecond) });
  record('one durable submission', waits);
  figures.push({
    figure: 'event-loop delay meanwhile, client included',
    value: `p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`,
  });
  await scheduler.stop();
  folder.remove();
  expect(perSecond).toBeGreaterThan(LEAST_PER_SECOND);
});

test(`start of the scheduler with ${String(STORED)} waiting jobs`, async () => {
  const folder = temporaryDir();
  const file = path.join(folder.dir, 'scheduler.db');
  const empty = await timed(async () => {
    await (await opened(path.join(folder.dir, 'empty.db'))).scheduler.stop();
  });
  figures.push({ figure: 'baseline: start and stop without jobs, ms', value: Math.round(empty) });
  const database = openDatabase(jobsFileOf(file), JOB_DATABASE);
  if (!database.ok) throw new Error(database.error.code);
  const store = new SqliteStore(database.value);
  const now = { wallMs: Date.now(), monotonicMs: performance.now() };
  const task = JSON.stringify({ kind: 'openai', path: '/v1/chat/completions', body: { model: 'llm-a', messages: [PAYLOAD] } });
  const inserts = Array.from({ length: STORED }, (_, i) => {
    const seq = i + 1;
    const facts = {
      jobId: `job-${String(seq)}`,
      seq,
      task: { kind: 'openai' as const, path: '/v1/chat/completions', model: `llm-${String(i % 100)}`, payloadBytes: task.length },
      requirements: { requiredModels: [`llm-${String(i % 100)}`], public: true },
      priority: 0,
      maxAttempts: 3,
      timeoutMs: 300_000,
      queueTimeoutMs: 604_800_000,
      confirmationTimeoutMs: 60_000,
      totalTimeoutMs: null,
      interactive: false,
      streams: false,
      traceId: `trace-${String(seq)}`,
      submitter: null,
    };
    return { job: toStoredJob(newJob(facts, now)), task, key: null };
  });
  expect((await new StoredJobs(store).commit({ inserts, changes: [] })).ok).toBe(true);
  await store.close();
  const heapBefore = process.memoryUsage().rss;
  const startMonotonicMs = performance.now();
  const { scheduler, url } = await opened(file);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const servedMs = performance.now() - startMonotonicMs;
  figures.push({ figure: `start until the first answer with ${String(STORED)} waiting jobs, ms`, value: Math.round(servedMs) });
  figures.push({
    figure: 'resident memory of the waiting jobs, MiB',
    value: Math.round((process.memoryUsage().rss - heapBefore) / 1024 / 1024),
  });
  await scheduler.stop();
  folder.remove();
  expect(servedMs).toBeLessThan(MOST_START_MS);
});
