// How long the first job of a key waits while another key has 1,000 queued ones, with a real scheduler, sockets, disk and clock. One node runs
// one job at a time. README.md has a baseline.
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../src/main/platform/clock';
import { silentLogger } from '../src/main/platform/logger';
import { type OpenScheduler, openScheduler } from '../src/main/scheduler/open-scheduler';
import { decodeSchedulerMessage } from '../src/shared/protocol/decode';
import { bearer, OWNER_KEY, sendRequest } from '../tests/support/http-api';
import { accept, readyNode, submitted, succeed } from '../tests/support/job-pool';
import { temporaryDir, testConfig } from '../tests/support/test-scheduler';
import { until } from '../tests/support/until';

const QUEUED = 1000;
const ROUNDS = 20;
const RUNNING_MS = 100;
/** Its first job waits for the job that runs, not for another one. */
const MOST_STARTS_BEFORE = 0;

const folder = temporaryDir();
let scheduler: OpenScheduler;
let url: URL;
beforeAll(async () => {
  const options = {
    config: await testConfig(),
    databaseFile: path.join(folder.dir, 'scheduler.db'),
    clock: systemClock,
    logger: silentLogger,
  };
  const opened = await openScheduler({ ...options, version: '0', ownerKey: () => OWNER_KEY });
  if (!opened.ok) throw new Error(opened.error.code);
  scheduler = opened.value;
  const listening = await scheduler.listen({ app: null, rendererDir: null });
  if (!listening.ok) throw new Error(listening.error.code);
  url = new URL(listening.value.url);
});
afterAll(async () => {
  await scheduler.stop();
  folder.remove();
});

async function submitterWith(name: string): Promise<() => Promise<string>> {
  const limits = { requests_per_second: 10_000, max_queued: 10_000 };
  const port = Number(url.port);
  const { key } = (await sendRequest(port, { method: 'POST', path: '/api/v1/keys', body: { name, limits } })).json() as { key: string };
  return () => submitted(port, {}, bearer(key));
}

test('a key with 1,000 queued jobs -> the first job of another waits for one running job', { timeout: 120_000 }, async () => {
  const many = await submitterWith('many');
  const node = await readyNode(url.origin, { max_concurrent_jobs: 1 });
  /** When each job was assigned. */
  const starts = new Map<string, number>();
  node.socket.on('message', (data: Buffer) => {
    const message = decodeSchedulerMessage(data.toString());
    if (!message.ok || message.value.type !== 'job_assign') return;
    const assigned = message.value;
    starts.set(assigned.job_id, performance.now());
    accept(node, assigned);
    void after(RUNNING_MS).then(() => {
      succeed(node, assigned);
    });
  });
  await Promise.all(Array.from({ length: QUEUED + 1 }, many));

  const waits: number[] = [];
  const before: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const one = await submitterWith(`key ${String(round)}`);
    // At another moment of the running job in each round.
    await after((round * RUNNING_MS) / ROUNDS);
    const sentAtMonotonicMs = performance.now();
    const jobId = await one();
    const storedAtMonotonicMs = performance.now();
    const startedAtMonotonicMs = await until('the job of the other key to start', () => starts.get(jobId));
    waits.push(startedAtMonotonicMs - sentAtMonotonicMs);
    before.push([...starts.values()].filter((at) => at > storedAtMonotonicMs && at < startedAtMonotonicMs).length);
  }
  node.close();
  const sorted = waits.toSorted((a, b) => a - b);
  const inRunningJobs = (ms: number | undefined): string => ((ms ?? NaN) / RUNNING_MS).toFixed(2);
  console.table([
    { figure: 'wait of the first job, in running jobs, p50', value: inRunningJobs(sorted[Math.floor(ROUNDS / 2)]) },
    { figure: 'longest', value: inRunningJobs(sorted.at(-1)) },
    { figure: 'jobs of the long queue that start before it, most', value: Math.max(...before) },
  ]);
  expect(Math.max(...before)).toBe(MOST_STARTS_BEFORE);
});
