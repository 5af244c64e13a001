// The terms of the cost are monotone: more work never costs less, and a faster node never costs more.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beforeMs,
  classAt,
  costMs,
  type CostTerms,
  predictedMs,
  type RequestWork,
  serviceTerms,
  stepOf,
  stepsOf,
} from '../../../../../src/main/scheduler/dispatch/prediction/cost';
import { forecastNode, type RequestForecast } from '../../../../../src/main/scheduler/dispatch/prediction/forecast';
import { afterSample, NO_RATES, type NodeRates } from '../../../../../src/main/scheduler/lifecycle/model-rates';
import type { ModelResidency } from '../../../../../src/shared/protocol/model-control';
import { aModel, aProfile, aRecord, at } from '../../lifecycle/records';

const MODEL = 'nmt-en-zh';
const ratesOf = (
  inputPerSecond: number,
  outputPerSecond: number,
  slowdown: number | null = null,
  loadSeconds: number | null = null,
): NodeRates => afterSample(NO_RATES, MODEL, { inputPerSecond, outputPerSecond, concurrency: 1, loadSeconds, slowdown }, 0);
const forecastOf = (work: RequestWork, cachedOn: ReadonlyMap<string, number> = new Map()): RequestForecast => ({
  work,
  cachedOn,
  prior: () => null,
});

const perSecond = fc.double({ min: 0.01, max: 100_000, noNaN: true });
const work = fc.record({
  input: fc.double({ min: 1, max: 200_000, noNaN: true }),
  output: fc.double({ min: 0, max: 5000, noNaN: true }),
  reuse: fc.double({ min: 0, max: 1, noNaN: true }),
});
const more = fc.double({ min: 1, max: 4, noNaN: true });

test('cost: monotone in the prompt, the answer, the cached tokens and both rates', () => {
  fc.assert(
    fc.property(
      work,
      perSecond,
      perSecond,
      more,
      fc.double({ min: 0, max: 200_000, noNaN: true }),
      (request, input, output, times, cached) => {
        const rates = { inputPerSecond: input, outputPerSecond: output };
        const costOf = (of: Partial<RequestWork>, withRates = rates, cachedTokens = 0): number => {
          const terms: CostTerms = { waitMs: 0, loadMs: 0, ...serviceTerms(withRates, { ...request, ...of }, cachedTokens) };
          return costMs(terms);
        };
        const base = costOf({});
        expect(costOf({ input: request.input * times })).toBeGreaterThanOrEqual(base);
        expect(costOf({ output: request.output * times })).toBeGreaterThanOrEqual(base);
        expect(costOf({}, { ...rates, inputPerSecond: input * times })).toBeLessThanOrEqual(base);
        expect(costOf({}, { ...rates, outputPerSecond: output * times })).toBeLessThanOrEqual(base);
        expect(costOf({}, rates, cached)).toBeLessThanOrEqual(base);
      },
    ),
  );
});

test('cost: a node that is faster in everything is never worse, also after rounding', () => {
  fc.assert(
    fc.property(work, perSecond, perSecond, more, fc.integer({ min: 0, max: 3 }), (request, input, output, times, assignedJobs) => {
      const costOf = (rates: NodeRates): number =>
        forecastNode(aRecord({ rates, assignedJobs }), MODEL, forecastOf(request))?.costMs ?? NaN;
      expect(costOf(ratesOf(input * times, output * times))).toBeLessThanOrEqual(costOf(ratesOf(input, output)));
    }),
  );
});

test('cost: earlier prompts, loading, slowdown and failures cost time', () => {
  const request = { input: 2000, output: 100, reuse: 0 };
  const costOf = (overrides: Parameters<typeof aRecord>[0]): number =>
    forecastNode(aRecord({ rates: ratesOf(1000, 50), ...overrides }), MODEL, forecastOf(request))?.costMs ?? NaN;
  const base = costOf({});
  const cold = aProfile({ installedModels: [aModel({ isLoaded: false })] });
  expect(costOf({ expectedJobs: new Map([['j', { promptMs: 4000, endMonotonicMs: 0 }]]) })).toBe(base + 1000);
  expect(costOf({ profile: cold })).toBe(base + 5000);
  expect(costOf({ profile: cold, rates: ratesOf(1000, 50, null, 12) })).toBe(base + 12_000);
  expect(costOf({ rates: ratesOf(1000, 50, 2) })).toBeGreaterThan(1.8 * base);
});

describe('load', () => {
  const rates = ratesOf(1000, 50, null, 60);
  const loadOf = (overrides: Parameters<typeof aRecord>[0]): number => beforeMs(aRecord({ rates, ...overrides }), MODEL).loadMs;
  const residency = (state: ModelResidency | null) => aProfile({ modelResidency: state === null ? {} : { [MODEL]: state } });
  const waiting = (modelId: string, ms = 60_000) =>
    new Map([['j', { promptMs: 1000, endMonotonicMs: 90_000, load: { modelId, beginMonotonicMs: 10_000, ms } }]]);

  test.each<[string, Parameters<typeof aRecord>[0], number]>([
    ['cold', { profile: residency('cold') }, 60_000],
    ['loaded', { profile: residency('loaded') }, 0],
    ['unknown', { profile: residency(null) }, 0],
    ['loading, begin unknown', { profile: residency('loading') }, 60_000],
    ['loading for 20 s', { profile: residency('loading'), loadingSince: new Map([[MODEL, at(0)]]), lastSeen: at(20_000) }, 40_000],
    ['loading for longer than usual', { profile: residency('loading'), loadingSince: new Map([[MODEL, at(0)]]), lastSeen: at(90_000) }, 0],
    ['cold, a job waits for its load', { profile: residency('cold'), expectedJobs: waiting(MODEL), lastSeen: at(5000) }, 60_000],
    ['the same 25 s later', { profile: residency('cold'), expectedJobs: waiting(MODEL), lastSeen: at(35_000) }, 35_000],
    ['last reported as cold, its first token has arrived', { profile: residency('cold'), expectedJobs: waiting(MODEL, 0) }, 0],
    ['not reported, a job waits for its load', { profile: residency(null), expectedJobs: waiting(MODEL) }, 60_000],
    ['a job waits for the load of another model', { profile: residency('cold'), expectedJobs: waiting('other') }, 60_000],
    ['loaded, a job waits for the load of another model', { profile: residency('loaded'), expectedJobs: waiting('other') }, 0],
  ])('%s', (_case, overrides, expected) => {
    expect(loadOf(overrides)).toBe(expected);
  });
});

test('predicted time: the terms without the displaced cache', () => {
  const terms = { waitMs: 1, loadMs: 10, inputMs: 100, outputMs: 1000, displacedMs: 10_000 };
  expect(predictedMs(terms)).toBe(1111);
  expect(costMs(terms)).toBe(11_111);
});

test('rounding: 12 % steps, and the cached tokens are never more than the prompt', () => {
  expect(classAt(stepOf(1000), stepOf(50)).inputPerSecond).toBeGreaterThan(940);
  expect(classAt(stepOf(1000), stepOf(50)).inputPerSecond).toBeLessThan(1060);
  expect(stepsOf(aRecord(), MODEL, ratesOf(1000, 50).get(MODEL) ?? never())).toEqual({ input: stepOf(1000), output: stepOf(50) });
  const cached = forecastNode(
    aRecord({ rates: ratesOf(1000, 50) }),
    MODEL,
    forecastOf({ input: 500, output: 0, reuse: 0 }, new Map([['node-1', 900]])),
  );
  expect(cached).toMatchObject({ cachedTokens: 500, costMs: 0 });
  expect(beforeMs(aRecord(), MODEL)).toEqual({ waitMs: 0, loadMs: 0 });
});

function never(): never {
  throw new Error('no rates');
}
