// A live tally equals the tally of a full scan.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LiveTallies } from '../../../../src/main/scheduler/dispatch/live-tallies';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { tallyExclusions } from '../../../support/exclusion-tally';
import { poolSteps } from '../lifecycle/histories';
import { aRecord, at } from '../lifecycle/records';
import { anyJob, EAGER, NODE_IDS, WITH_ALL_MODELS } from './random-pools';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';

/** The examples of a reason can be any five of its nodes. */
const comparable = (tally: ReturnType<LiveTallies['of']>) =>
  Object.fromEntries(Object.entries(tally).map(([code, { count, examples }]) => [code, { count, examples: examples.length }]));

test('live tallies: random histories -> the tally of a full scan at any time', () => {
  let kept = 0;
  fc.assert(
    fc.property(
      poolSteps(NODE_IDS, 120),
      fc.array(anyJob, { minLength: 3, maxLength: 3 }),
      fc.array(fc.nat(5), { minLength: 120, maxLength: 120 }),
      (steps, jobs, asks) => {
        const tallies = new LiveTallies(POLICY);
        const records = new Map(NODE_IDS.map((nodeId) => [nodeId, aRecord({ nodeId, profile: WITH_ALL_MODELS })]));
        let nowMonotonicMs = 0;
        for (const [i, { nodeId, afterMs, event }] of steps.entries()) {
          const previous = records.get(nodeId) ?? null;
          const [next] = nodeTransition(previous, event, at((nowMonotonicMs += afterMs)), EAGER);
          if (next === null) records.delete(nodeId);
          else records.set(nodeId, next);
          if (next !== previous) tallies.update(previous, next);
          const job = jobs[asks[i] ?? 0];
          if (job === undefined) continue;
          kept += tallies.size;
          expect(comparable(tallies.of(job, records.values()))).toEqual(comparable(tallyExclusions(records.values(), job, POLICY)));
        }
      },
    ),
    { numRuns: 100 },
  );
  expect(kept, 'enough needs were kept up to date for the comparison to mean something').toBeGreaterThan(1000);
});

describe('live tallies: cost', () => {
  const job = (model: string): JobRequirements => ({ requiredModels: [model], public: true });
  const ready = (nodeId: string): NodeRecord => aRecord({ nodeId, profile: WITH_ALL_MODELS });
  const poolOf = (count: number): readonly NodeRecord[] => Array.from({ length: count }, (_, i) => ready(`n${String(i)}`));

  /** A pool that counts its full scans. */
  function countingPool(records: readonly NodeRecord[]) {
    const pool = {
      scans: 0,
      *[Symbol.iterator]() {
        pool.scans++;
        yield* records;
      },
    };
    return pool;
  }

  test('second request -> the pool is not read again', () => {
    const tallies = new LiveTallies(POLICY);
    const pool = countingPool(poolOf(1000));
    for (let i = 0; i < 3; i++) {
      expect(tallies.of(job('unknown'), pool)).toEqual({ model_not_available: { count: 1000, examples: ['n0', 'n1', 'n2', 'n3', 'n4'] } });
    }
    expect(pool.scans).toBe(1);
  });

  test('node changes -> its reason changes, the pool is not read again', () => {
    const tallies = new LiveTallies(POLICY);
    const records = poolOf(1000);
    const pool = countingPool(records);
    tallies.of(job('unknown'), pool);
    const closed = (nodeId: string) => ({ ...ready(nodeId), profile: { ...WITH_ALL_MODELS, acceptPublicJobs: false } });
    tallies.update(ready('n0'), closed('n0'));
    tallies.update(ready('n1'), null);
    tallies.update(null, closed('new'));
    expect(tallies.of(job('unknown'), pool)).toEqual({
      not_in_public_pool: { count: 2, examples: ['n0', 'new'] },
      model_not_available: { count: 998, examples: ['n2', 'n3', 'n4', 'n5', 'n6'] },
    });
    expect(pool.scans).toBe(1);
  });

  test('updates without a request cost more than a scan -> the tally is dropped', () => {
    const tallies = new LiveTallies(POLICY);
    const pool = countingPool(poolOf(1000));
    tallies.of(job('unknown'), pool);
    const [up, down] = [ready('n0'), { ...ready('n0'), online: false }];
    for (let i = 0; i < 250; i++) {
      tallies.update(up, down);
      tallies.update(down, up);
    }
    expect(tallies.size).toBe(1);
    tallies.update(up, down);
    expect(tallies.size).toBe(0);
    tallies.of(job('unknown'), pool);
    expect(pool.scans).toBe(2);
  });

  test('change that matters to no job -> no update', () => {
    const tallies = new LiveTallies(POLICY);
    tallies.of(job('unknown'), poolOf(10));
    for (let i = 0; i < 10_000; i++) tallies.update(ready('n0'), { ...ready('n0'), lastSeen: at(i) });
    expect(tallies.size).toBe(1);
  });

  test('more than 32 tallies -> the one with the oldest request is dropped', () => {
    const tallies = new LiveTallies(POLICY);
    const pool = countingPool(poolOf(1));
    for (let i = 0; i < 32; i++) tallies.of(job(String(i)), pool);
    tallies.of(job('0'), pool);
    tallies.of(job('new'), pool);
    expect([tallies.size, pool.scans]).toEqual([32, 33]);
    tallies.of(job('0'), pool);
    expect(pool.scans).toBe(33);
    tallies.of(job('1'), pool);
    expect(pool.scans).toBe(34);
  });
});
