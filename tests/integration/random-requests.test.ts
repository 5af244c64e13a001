// Random requests to every route: in process, and over sockets beside honest traffic. None throws, stops the event loop, or stays in
// memory. `npm run test:long` runs 10,000 and 200 for each route. MUSTER_FAULT_SEED repeats a run.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppApi } from '../../src/shared/api/app-api';
import { ok } from '../../src/shared/result';
import { anyRoutes, type AnyRequest, type AnyRoute } from '../support/any-request';
import { liveHeapBytes } from '../support/heap';
import { HonestTraffic } from '../support/honest-traffic';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { faultSeed, isLong, repetitions } from '../support/repetitions';
import { startTestScheduler, temporaryDir, testConfig, type TestScheduler } from '../support/test-scheduler';

const IN_PROCESS = repetitions({ few: 100, many: 10_000 }, 'MUSTER_RANDOM_CASES');
const OVER_SOCKETS = repetitions({ few: 10, many: 200 }, 'MUSTER_RANDOM_SOCKET_CASES');
/** The share of a route without input. Each backup waits for the disk: hundreds of them would take most of the time on a busy one. */
const FEWER = 10;
const MAX_CPU_MS = 50;
/** For keys, invitations, and the log that the test keeps in memory. Few jobs are kept. */
const MAX_GROWTH_BYTES = 150 * 1024 * 1024;
const seed = faultSeed();

const runsOf = (count: number, hasInput: boolean): number => (hasInput ? count : Math.ceil(count / FEWER));

const folder = temporaryDir();
let scheduler: TestScheduler;
let server: FastifyInstance;
let routes: readonly AnyRoute[];
beforeAll(async () => {
  const onServer = (message: unknown): void => {
    server = (message as { readonly fastify: FastifyInstance }).fastify;
  };
  subscribe('fastify.initialization', onServer);
  const app: AppApi = { call: () => Promise.resolve(ok({} as never)), subscribe: () => () => undefined, ask: () => () => undefined };
  const { jobs } = (await testConfig()).scheduler;
  // A backup copies the files of the databases.
  scheduler = await startTestScheduler({
    app,
    databaseFile: path.join(folder.dir, 'scheduler.db'),
    scheduler: { jobs: { ...jobs, maxQueued: 100, maxFinished: 100 } },
  });
  unsubscribe('fastify.initialization', onServer);
  routes = anyRoutes((await sendRequest(scheduler.port, { path: '/openapi.json' })).json());
  process.stdout.write(`random requests: seed ${String(seed)}, ${String(IN_PROCESS)} in process, ${String(OVER_SOCKETS)} over sockets\n`);
});
afterAll(async () => {
  await scheduler.stop();
  folder.remove();
});

/** The status. An event stream is closed after its head. */
async function inject({ method, path: url, headers, body }: AnyRequest): Promise<number> {
  const response = await server.inject({
    method: method as 'GET',
    url,
    headers: { host: `127.0.0.1:${String(scheduler.port)}`, authorization: `Bearer ${OWNER_KEY}`, ...headers },
    ...(body === undefined ? {} : { payload: body }),
    payloadAsStream: true,
  });
  response.raw.res.destroy();
  // Node releases the request in the next turn of the event loop.
  await setImmediate();
  return response.statusCode;
}

async function cpuMsOf(request: AnyRequest): Promise<number> {
  const before = process.threadCpuUsage();
  expect(await inject(request)).not.toBe(500);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

const failures = (): readonly unknown[] => scheduler.log.of('internal_error');

test(
  `seed ${String(seed)}: random requests in process -> no failure, each at most ${String(MAX_CPU_MS)} ms of CPU, heap bounded`,
  async () => {
    const before = liveHeapBytes();
    let slowestMs = 0;
    for (const { name, requests, hasInput } of routes) {
      const property = fc.asyncProperty(requests, async (request) => {
        let cpuMs = await cpuMsOf(request);
        // A garbage collection may fall into any case.
        for (let again = 0; again < 2 && cpuMs > MAX_CPU_MS; again++) cpuMs = Math.min(cpuMs, await cpuMsOf(request));
        slowestMs = Math.max(slowestMs, cpuMs);
        expect([name, cpuMs <= MAX_CPU_MS]).toEqual([name, true]);
      });
      await fc.assert(property, { numRuns: runsOf(IN_PROCESS, hasInput), seed });
      expect([name, failures()]).toEqual([name, []]);
    }
    const grownMiB = (liveHeapBytes() - before) / 2 ** 20;
    process.stdout.write(`random requests: slowest ${slowestMs.toFixed(1)} ms of CPU, heap +${grownMiB.toFixed(0)} MiB\n`);
    expect(grownMiB * 2 ** 20).toBeLessThan(MAX_GROWTH_BYTES);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  },
  isLong ? 3_600_000 : 180_000,
);

test(
  `seed ${String(seed)}: random requests over sockets -> no failure; honest node available, health check answered beside`,
  async () => {
    const honest = await HonestTraffic.start(scheduler);
    for (const { name, requests, hasInput } of routes) {
      const property = fc.asyncProperty(requests, async ({ method, path: url, headers, body }) => {
        const { status } = await sendRequest(scheduler.port, { method, path: url, headers, ...(body === undefined ? {} : { body }) });
        expect([name, status === 500]).toEqual([name, false]);
      });
      await fc.assert(property, { numRuns: runsOf(OVER_SOCKETS, hasInput), seed });
    }
    expect(failures()).toEqual([]);
    honest.expectUnharmed(await honest.stop());
  },
  isLong ? 1_200_000 : 120_000,
);
