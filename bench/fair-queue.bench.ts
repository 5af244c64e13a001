// What the shares of keys cost: one turn of a queue with 10,000 jobs, beside the order by age in the same run. README.md has a baseline.
import { afterAll, expect, test } from 'vitest';
import { importBundled } from './bundled';
import type * as Orders from './queue-orders';
import type { Order, QueueSize } from './queue-orders';

const { byAgeOf, bySharesOf } = (await importBundled('bench/queue-orders.ts')) as typeof Orders;

const JOBS = 10_000;
const ROUNDS = 7;
const MOST_TIMES_SLOWER = 20;
/** Of a turn with one group. It is a small part of an assignment, which also decides about a node, logs and writes. */
const MOST_US = 100;

const figures: Record<string, string | number>[] = [];
afterAll(() => {
  console.table(figures);
});

/** Of the fastest round. */
function microseconds(order: Order, turns: number): number {
  let leastUs = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < turns; i++) order.turn();
    const { user, system } = process.cpuUsage(before);
    leastUs = Math.min(leastUs, (user + system) / turns);
  }
  return leastUs;
}

test.each<readonly [string, QueueSize, number]>([
  ['1 key, 1 group', { jobs: JOBS, keys: 1, groups: 1 }, 5000],
  ['1,000 keys, 1 group', { jobs: JOBS, keys: 1000, groups: 1 }, 5000],
  ['1,000 keys, 10 groups', { jobs: JOBS, keys: 1000, groups: 10 }, 5000],
  ['10 keys, 1,000 groups', { jobs: JOBS, keys: 10, groups: 1000 }, 50],
  ['1 key, 10,000 groups', { jobs: JOBS, keys: 1, groups: 10_000 }, 10],
])('a turn with 10,000 waiting jobs: %s', (name, size, turns) => {
  const ageUs = microseconds(byAgeOf(size), turns);
  const sharesUs = microseconds(bySharesOf(size), turns);
  const rounded = (value: number): number => Number(value.toPrecision(3));
  figures.push({ queue: name, 'by age, µs': rounded(ageUs), 'by shares, µs': rounded(sharesUs), ratio: rounded(sharesUs / ageUs) });
  expect(sharesUs / ageUs).toBeLessThan(MOST_TIMES_SLOWER);
  if (size.groups === 1) expect(sharesUs).toBeLessThan(MOST_US);
});
