// The processor time of lifecycle and dispatch at 100 and at 10,000 nodes, and that of a naive full scan for comparison.
// The benchmark asserts the limits that the design promises, and prints the figures. README.md has a baseline.
// Each figure is that of the fastest round, so that other work on the machine has the least effect.
import { afterAll, expect, test, type TestContext } from 'vitest';
import { importBundled } from './bundled';
import type * as Core from './core';
import type { Pool } from './pools';
import type { JobRequirements } from '../src/main/scheduler/dispatch/job-requirements';

const core = (await importBundled('bench/core.ts')) as typeof Core;
const { choose, chooseByScan, DEFAULT_DISPATCH_POLICY, DEFAULT_LIFECYCLE_POLICY, explain, isNodeDeadlineDue } = core;

const NO_GRACE = -Infinity;
const JOB: JobRequirements = { requiredModels: ['model-3'], requiredKinds: [{ kind: 'nmt', srcLang: 'en' }], public: true };

const small = new core.Pool(100);
const large = new core.Pool(10_000);

const PROCESSOR_TIME = {
  now: (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

const figures: Record<string, string | number>[] = [];
afterAll(() => {
  console.table(figures);
});

/** Repeats one operation, so that the cost and the resolution of the clock do not matter. */
const times = (count: number, operation: () => void) => (): void => {
  for (let i = 0; i < count; i++) operation();
};

/** One operation to measure on both pools, and how often a round repeats it on each. */
interface Operation {
  readonly name: string;
  readonly repeat: readonly [small: number, large: number];
  readonly run: (pool: Pool) => void;
  readonly pools?: readonly [small: Pool, large: Pool];
}

/** Adds a row to the table; returns microseconds per operation in both pools. */
async function measure(bench: TestContext['bench'], { name, repeat, run, pools = [small, large] }: Operation) {
  const result = await bench.compare(
    bench(
      '100',
      times(repeat[0], () => {
        run(pools[0]);
      }),
    ),
    bench(
      '10000',
      times(repeat[1], () => {
        run(pools[1]);
      }),
    ),
    PROCESSOR_TIME,
  );
  const smallUs = (result.get('100').latency.min * 1000) / repeat[0];
  const largeUs = (result.get('10000').latency.min * 1000) / repeat[1];
  figures.push({
    operation: name,
    '100 nodes, µs': rounded(smallUs),
    '10,000 nodes, µs': rounded(largeUs),
    ratio: rounded(largeUs / smallUs),
  });
  return { largeUs, ratio: largeUs / smallUs };
}
const rounded = (value: number): number => Number(value.toPrecision(3));

test('decision: 10,000 nodes -> at most three times the cost at 100 nodes', async ({ bench }) => {
  const { ratio } = await measure(bench, {
    name: 'decision',
    repeat: [20_000, 20_000],
    run: (pool) => choose(pool.registry.candidates, JOB),
  });
  await measure(bench, {
    name: 'decision by full scan (naive)',
    repeat: [100, 1],
    run: (pool) => chooseByScan(pool.registry.records(), JOB, DEFAULT_DISPATCH_POLICY),
  });
  expect(choose(large.registry.candidates, JOB).node).toBe(chooseByScan(large.registry.records(), JOB, DEFAULT_DISPATCH_POLICY));
  expect(ratio).toBeLessThan(3);
});

test('decision by predicted time: 10,000 nodes -> at most 50 µs, and three times the cost at 100 nodes', async ({ bench }) => {
  const pools = [new core.Pool(100).learnRates(), new core.Pool(10_000).learnRates()] as const;
  const job: JobRequirements = {
    requiredModels: ['model-3'],
    requiredTask: { modelId: 'model-3', task: '/v1/chat/completions' },
    public: true,
  };
  const chunks = Array.from({ length: 40 }, (_, i) => i);
  const shape = { kind: '/v1/chat/completions', size: 80_000, maxOutput: null, chunks, session: null } as const;
  const requests = new Map(pools.map((pool) => [pool, new core.RequestForecasts(pool.registry.rates)]));
  for (const [pool, of] of requests)
    for (const { nodeId } of [...pool.registry.records()].slice(0, 20)) of.assigned(nodeId, 'model-3', shape);
  const decide = (pool: Pool) => choose(pool.registry.candidates, job, requests.get(pool)?.forecastFor('model-3', shape));
  expect(pools.map((pool) => decide(pool).forecasts.length)).toEqual([4, 4]);
  const { ratio, largeUs } = await measure(bench, {
    name: 'decision by predicted time',
    repeat: [2000, 2000],
    run: decide,
    pools,
  });
  expect(largeUs).toBeLessThan(50);
  expect(ratio).toBeLessThan(3);
});

test('heartbeat: 10,000 nodes -> about the cost at 100 nodes, 40,000 a second on a core', async ({ bench }) => {
  const run = (pool: Pool): void => {
    pool.receiveHeartbeat();
  };
  const pools = [new core.Pool(100, 'steady'), new core.Pool(10_000, 'steady')] as const;
  const steady = await measure(bench, { name: 'heartbeat, same figures', repeat: [2000, 2000], run, pools });
  const changing = await measure(bench, { name: 'heartbeat, all figures new', repeat: [2000, 2000], run });
  figures.push({ operation: 'heartbeats per second and core, all figures new', '10,000 nodes, µs': Math.round(1e6 / changing.largeUs) });
  expect(1e6 / changing.largeUs).toBeGreaterThan(40_000);
  expect(steady.ratio).toBeLessThan(2.5);
  expect(changing.ratio).toBeLessThan(3);
});

test('explain again, 50 nodes shown: 10,000 nodes -> at most three times the cost at 100 nodes', async ({ bench }) => {
  const { ratio } = await measure(bench, {
    name: 'explain again, 50 nodes shown',
    repeat: [200, 200],
    run: (pool) => explain(pool.registry, JOB, { nodeLimit: 50 }),
  });
  expect(ratio).toBeLessThan(3);
});

test('explain: 10,000 nodes -> less than 50 ms', async ({ bench }) => {
  const { largeUs } = await measure(bench, {
    name: 'explain',
    repeat: [100, 1],
    run: (pool) => explain(pool.registry, JOB),
  });
  expect(largeUs / 1000).toBeLessThan(50);
});

test('sweep with nothing due: 10,000 nodes -> at most three times the cost at 100 nodes', async ({ bench }) => {
  const { ratio } = await measure(bench, {
    name: 'sweep, nothing due',
    repeat: [50_000, 50_000],
    run: (pool) => pool.registry.deadlines.due(pool.nowMonotonicMs, NO_GRACE),
  });
  await measure(bench, {
    name: 'sweep by full scan (naive)',
    repeat: [1000, 10],
    run: (pool) => {
      for (const record of pool.registry.records()) isNodeDeadlineDue(record, pool.nowMonotonicMs, NO_GRACE, DEFAULT_LIFECYCLE_POLICY);
    },
  });
  expect(large.registry.deadlines.due(large.nowMonotonicMs, NO_GRACE)).toEqual([]);
  expect(ratio).toBeLessThan(3);
});

test('sample of the pool: 10,000 nodes -> less than 10 ms, which the scheduler spends in turns', async ({ bench }) => {
  const { largeUs } = await measure(bench, {
    name: 'sample of the pool',
    repeat: [1000, 10],
    run: (pool) => {
      const counter = new core.PoolCounter();
      for (const record of pool.registry.records()) counter.add(record, 'available');
      if (counter.count().gpus === 0) throw new Error('the pool has no GPU');
    },
  });
  expect(largeUs / 1000).toBeLessThan(10);
});
