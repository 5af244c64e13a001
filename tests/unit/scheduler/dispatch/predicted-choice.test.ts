// The choice by predicted time (ADR 0024) leads to the same node as a full scan with the same cost.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CandidateIndex } from '../../../../src/main/scheduler/dispatch/candidate-index';
import { choose } from '../../../../src/main/scheduler/dispatch/choose';
import { type JobRequirements, runModelOf } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { RequestWork } from '../../../../src/main/scheduler/dispatch/prediction/cost';
import type { RequestForecast } from '../../../../src/main/scheduler/dispatch/prediction/forecast';
import { PoolRates } from '../../../../src/main/scheduler/dispatch/prediction/pool-rates';
import {
  afterSample,
  hasRates,
  isTrialDue,
  NO_RATES,
  type NodeRates,
  type RateSample,
  withDueTrials,
} from '../../../../src/main/scheduler/lifecycle/model-rates';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { poolSteps } from '../lifecycle/histories';
import { aModel, aProfile, aRecord, at } from '../lifecycle/records';
import { predictByScan } from './predict-by-scan';
import { anyJob, EAGER, NODE_IDS, WITH_ALL_MODELS } from './random-pools';

const MODEL = 'nmt-en-zh';
const WORK: RequestWork = { input: 2000, output: 300, reuse: 0 };
const JOB: JobRequirements = { requiredModels: [MODEL], public: true };

const aSample = (inputPerSecond: number, outputPerSecond: number): RateSample => ({
  inputPerSecond,
  outputPerSecond,
  concurrency: 1,
  loadSeconds: null,
  slowdown: null,
});
const ratesOf = (inputPerSecond: number, outputPerSecond: number): NodeRates =>
  afterSample(NO_RATES, MODEL, aSample(inputPerSecond, outputPerSecond), 0);

/** A pool whose index and rates are kept as the registry keeps them. */
class IndexedPool {
  readonly index = new CandidateIndex(DEFAULT_DISPATCH_POLICY);
  readonly records = new Map<string, NodeRecord>();
  readonly #rates = new PoolRates();

  keep(next: NodeRecord | null, nodeId: string): void {
    const previous = this.records.get(nodeId) ?? null;
    this.index.update(previous, next);
    this.#rates.update(previous, next);
    if (next === null) this.records.delete(nodeId);
    else this.records.set(nodeId, next);
  }

  forecast(work: RequestWork, cachedOn: ReadonlyMap<string, number> = new Map()): RequestForecast {
    return { work, cachedOn, prior: (record, modelId) => this.#rates.prior(record, modelId) };
  }
}

function poolOf(...records: readonly NodeRecord[]): IndexedPool {
  const pool = new IndexedPool();
  for (const record of records) pool.keep(record, record.nodeId);
  return pool;
}

describe('predicted choice', () => {
  test('two nodes, one ten times faster and slightly busier -> the fast one', () => {
    const slow = aRecord({ nodeId: 'slow', rates: ratesOf(300, 10) });
    const fast = aRecord({ nodeId: 'fast', rates: ratesOf(3000, 100), assignedJobs: 1 });
    const pool = poolOf(slow, fast);
    expect(choose(pool.index, JOB).node?.nodeId, 'without a forecast').toBe('slow');
    const chosen = choose(pool.index, JOB, pool.forecast(WORK));
    expect(chosen).toMatchObject({ node: { nodeId: 'fast' }, route: 'predicted' });
    expect(chosen.forecasts.map(({ nodeId }) => nodeId)).toEqual(['fast', 'slow']);
  });

  test('prompt cached on the slower node -> the slower node, by affinity', () => {
    const pool = poolOf(aRecord({ nodeId: 'slow', rates: ratesOf(1000, 50) }), aRecord({ nodeId: 'fast', rates: ratesOf(2000, 50) }));
    const work = { ...WORK, input: 20_000 };
    expect(choose(pool.index, JOB, pool.forecast(work)).node?.nodeId).toBe('fast');
    const cached = pool.forecast(work, new Map([['slow', 18_000]]));
    expect(choose(pool.index, JOB, cached)).toMatchObject({ node: { nodeId: 'slow' }, route: 'affinity' });
    const onFast = pool.forecast(work, new Map([['fast', 18_000]]));
    expect(choose(pool.index, JOB, onFast)).toMatchObject({ node: { nodeId: 'fast' }, route: 'predicted' });
  });

  test.each([
    ['idle, much the same as others', 0, 300, 'new'],
    ['has a job', 1, 300, 'known'],
  ])('node that has not run the model, %s -> %s', (_case, assignedJobs, _tokens, chosen) => {
    const pool = poolOf(aRecord({ nodeId: 'known', rates: ratesOf(1000, 50) }), aRecord({ nodeId: 'new', assignedJobs }));
    expect(choose(pool.index, JOB, pool.forecast(WORK)).node?.nodeId).toBe(chosen);
  });

  test('node that has not run the model and should take more than three times as long -> not tried', () => {
    const measured = (tokensPerSecond: number) => aProfile({ installedModels: [aModel({ tokensPerSecond })] });
    const known = aRecord({ nodeId: 'known', rates: ratesOf(1000, 50) });
    const chosen = (speed: number): string | undefined => {
      const pool = poolOf(known, aRecord({ nodeId: 'new', profile: measured(speed) }));
      return choose(pool.index, JOB, pool.forecast(WORK)).node?.nodeId;
    };
    expect(chosen(20)).toBe('new');
    expect(chosen(10)).toBe('known');
  });

  describe('trial', () => {
    const dueAt = (rates: NodeRates) => withDueTrials(rates, 600_000);

    test('fast node with a wrong low rate, no sample for ten minutes -> gets a job, as a node that has not run the model', () => {
      const fast = aRecord({ nodeId: 'fast', rates: ratesOf(4, 0.1) });
      const slow = aRecord({ nodeId: 'slow', rates: ratesOf(1200, 30) });
      const before = poolOf(fast, slow);
      expect(choose(before.index, JOB, before.forecast(WORK)).node?.nodeId).toBe('slow');
      const due = poolOf({ ...fast, rates: dueAt(fast.rates) }, slow);
      const chosen = choose(due.index, JOB, due.forecast(WORK));
      expect(chosen.node?.nodeId).toBe('fast');
      expect(chosen.forecasts.map(({ nodeId, isTried }) => [nodeId, isTried])).toEqual([
        ['fast', false],
        ['slow', true],
      ]);
      const busy = poolOf({ ...fast, rates: dueAt(fast.rates), assignedJobs: 1 }, slow);
      expect(choose(busy.index, JOB, busy.forecast(WORK)).node?.nodeId, 'one trial at a time').toBe('slow');
    });

    test('no jobs for ten minutes on any node -> the known rates still count', () => {
      const fast = aRecord({ nodeId: 'fast', rates: dueAt(ratesOf(4000, 100)), assignedJobs: 1 });
      const slow = aRecord({ nodeId: 'slow', rates: dueAt(ratesOf(400, 10)), assignedJobs: 1 });
      const pool = poolOf(slow, fast);
      expect(choose(pool.index, JOB, pool.forecast(WORK))).toMatchObject({ node: { nodeId: 'fast' }, route: 'predicted' });
    });

    test('request that shows no rate -> no trial', () => {
      const pool = poolOf(aRecord({ nodeId: 'known', rates: ratesOf(1000, 50) }), aRecord({ nodeId: 'new' }));
      expect(choose(pool.index, JOB, pool.forecast(WORK)).node?.nodeId).toBe('new');
      expect(choose(pool.index, JOB, { ...pool.forecast(WORK), showsRate: false }).node?.nodeId).toBe('known');
    });

    test('job failed on all nodes, trials are due -> one trial, on the first of them', () => {
      const slow = aRecord({ nodeId: 'a-slow', rates: dueAt(ratesOf(400, 10)) });
      const fast = aRecord({ nodeId: 'b-fast', rates: dueAt(ratesOf(4000, 100)) });
      const pool = poolOf(slow, fast);
      const chosen = choose(pool.index, JOB, pool.forecast(WORK), new Set(['a-slow', 'b-fast']));
      expect(chosen.forecasts.map(({ nodeId, isTried }) => [nodeId, isTried])).toEqual([
        ['a-slow', false],
        ['b-fast', true],
      ]);
    });

    test('node that never showed a rate in three jobs -> comes last until a trial is due again', () => {
      const noRate: RateSample = { ...aSample(1, 1), inputPerSecond: null, outputPerSecond: null };
      let rates: NodeRates = NO_RATES;
      const known = aRecord({ nodeId: 'known', rates: ratesOf(1000, 50), assignedJobs: 1 });
      const chosen = (): string | undefined => {
        const pool = poolOf(known, aRecord({ nodeId: 'new', rates }));
        return choose(pool.index, JOB, pool.forecast(WORK)).node?.nodeId;
      };
      for (const expected of ['new', 'new', 'new', 'known']) {
        expect(chosen()).toBe(expected);
        rates = afterSample(rates, MODEL, noRate, 0);
      }
      rates = withDueTrials(rates, 3_600_000);
      expect(chosen()).toBe('new');
    });
  });

  test.each([
    [100, 'short'],
    [1000, 'known'],
  ])('node whose jobs were too short to show a rate, each %d ms -> compared by their duration: %s', (shortJobMs, expected) => {
    const short: RateSample = { ...aSample(1, 1), inputPerSecond: null, outputPerSecond: null, shortJobMs };
    const rates = [short, short, short].reduce((all, sample) => afterSample(all, MODEL, sample, 0), NO_RATES);
    const pool = poolOf(aRecord({ nodeId: 'known', rates: ratesOf(1000, 50) }), aRecord({ nodeId: 'short', rates }));
    expect(choose(pool.index, JOB, pool.forecast(WORK))).toMatchObject({ node: { nodeId: expected }, route: 'predicted' });
  });

  test('one node can run the job -> only; no rates -> fallback', () => {
    const pool = poolOf(aRecord({ nodeId: 'one', rates: ratesOf(1000, 50) }));
    expect(choose(pool.index, JOB, pool.forecast(WORK)).route).toBe('only');
    const unknown = poolOf(aRecord({ nodeId: 'a' }), aRecord({ nodeId: 'b' }));
    expect(choose(unknown.index, JOB, unknown.forecast(WORK))).toMatchObject({ route: 'fallback', forecasts: [] });
  });

  test('attempt failed on the best node -> another one; failed on all -> the best one', () => {
    const pool = poolOf(aRecord({ nodeId: 'fast', rates: ratesOf(2000, 50) }), aRecord({ nodeId: 'slow', rates: ratesOf(1000, 50) }));
    const chosen = (...avoided: string[]) => choose(pool.index, JOB, pool.forecast(WORK), new Set(avoided)).node?.nodeId;
    expect(chosen('fast')).toBe('slow');
    expect(chosen('fast', 'slow')).toBe('fast');
  });
});

const perSecond = fc.constantFrom(5, 20, 50, 51, 400, 3000);
const measured = fc.record({
  nodeId: fc.constantFrom(...NODE_IDS),
  modelId: fc.constantFrom('a', 'a', 'b'),
  sample: fc.record(
    {
      inputPerSecond: fc.option(perSecond, { freq: 8 }),
      outputPerSecond: fc.option(perSecond, { freq: 8 }),
      concurrency: fc.constantFrom(1, 1, 2, 5),
      loadSeconds: fc.option(fc.constantFrom(1, 20)),
      shortJobMs: fc.constantFrom(50, 400),
      slowdown: fc.option(fc.constantFrom(1, 1.5, 8)),
    },
    { requiredKeys: ['inputPerSecond', 'outputPerSecond', 'concurrency', 'loadSeconds', 'slowdown'] },
  ),
});
const expectedJob = fc.record({
  nodeId: fc.constantFrom(...NODE_IDS),
  jobId: fc.constantFrom('j1', 'j2'),
  expected: fc.record(
    {
      promptMs: fc.constantFrom(0, 10, 5000),
      endMonotonicMs: fc.constant(0),
      load: fc.record({
        modelId: fc.constantFrom('a', 'b'),
        beginMonotonicMs: fc.constantFrom(0, 30_000),
        ms: fc.constantFrom(0, 4000, 60_000),
      }),
    },
    { requiredKeys: ['promptMs', 'endMonotonicMs'] },
  ),
});
const request = fc.record({
  job: anyJob.map(({ nodeId: _nodeId, ...job }) => ({
    ...job,
    requiredModels: job.requiredModels.length === 0 ? ['a'] : job.requiredModels,
  })),
  work: fc.record({ input: fc.constantFrom(1, 500, 30_000), output: fc.constantFrom(0, 100, 2000), reuse: fc.constantFrom(0, 0.8) }),
  cachedOn: fc.array(fc.tuple(fc.constantFrom(...NODE_IDS), fc.constantFrom(400, 20_000)), { maxLength: 2 }).map((all) => new Map(all)),
  avoided: fc.subarray(NODE_IDS, { maxLength: 2 }).map((all) => new Set(all)),
});

test('predicted choice: random pools, rates and requests -> same node as a full scan with the same cost', () => {
  let [predicted, trials] = [0, 0];
  fc.assert(
    fc.property(
      poolSteps(NODE_IDS, 40),
      fc.array(fc.oneof(measured, expectedJob), { minLength: 4, maxLength: 20 }),
      fc.array(request, { minLength: 4, maxLength: 4 }),
      (steps, jobs, requests) => {
        const pool = poolOf(...NODE_IDS.map((nodeId) => aRecord({ nodeId, profile: WITH_ALL_MODELS })));
        let nowMonotonicMs = 0;
        for (const [i, { nodeId, afterMs, event }] of steps.entries()) {
          nowMonotonicMs += afterMs;
          const apply = (id: string, next: typeof event): void => {
            pool.keep(nodeTransition(pool.records.get(id) ?? null, next, at(nowMonotonicMs), EAGER)[0], id);
          };
          apply(nodeId, event);
          const job = jobs[i % jobs.length];
          if (job !== undefined && 'sample' in job) apply(job.nodeId, { type: 'job_measured', modelId: job.modelId, sample: job.sample });
          else if (job !== undefined) apply(job.nodeId, { type: 'job_assigned', modelId: 'a', jobId: job.jobId, expected: job.expected });
          for (const { job: requirements, work, cachedOn, avoided } of requests) {
            const modelId = runModelOf(requirements);
            const forecast = pool.forecast(work, cachedOn);
            const { node, route } = choose(pool.index, requirements, forecast, avoided);
            if (route === 'fallback' || modelId === null) continue;
            if (![...pool.records.values()].some(({ rates }) => hasRates(rates, modelId))) continue;
            if (node !== null && isTrialDue(node.rates, modelId)) trials++;
            expect(node?.nodeId ?? null, JSON.stringify(requirements)).toBe(
              predictByScan(pool.records.values(), requirements, modelId, forecast, avoided),
            );
            if (node !== null) predicted++;
          }
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(predicted, 'enough predicted choices for the comparison').toBeGreaterThan(500);
  expect(trials, 'enough trials').toBeGreaterThan(20);
});
