// Rates of a node for a model: averages, concurrency, slowdown.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterSample,
  areRatesDoubtful,
  bothRatesAt,
  hasRates,
  isTrialDue,
  type ModelRates,
  NO_RATES,
  type NodeRates,
  outputPerSecondAt,
  type RateSample,
  slowdownOf,
  withDueTrials,
  withoutRemovedModels,
} from '../../../../src/main/scheduler/lifecycle/model-rates';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { aModel, aProfile, aRecord, at, healthyBeat, POLICY } from './records';

const aSample = (overrides: Partial<RateSample> = {}): RateSample => ({
  inputPerSecond: 1000,
  outputPerSecond: 50,
  concurrency: 1,
  loadSeconds: null,
  slowdown: null,
  ...overrides,
});

const NO_RATE = { inputPerSecond: null, outputPerSecond: null };

function ratesAfter(...samples: readonly Partial<RateSample>[]): ModelRates {
  const rates = samples.reduce((all, sample) => afterSample(all, 'm', aSample(sample), 0), NO_RATES).get('m');
  if (rates === undefined) throw new Error('no rates');
  return rates;
}

describe('model rates', () => {
  test('first samples -> their mean; later ones count a fifth', () => {
    expect(ratesAfter({ inputPerSecond: 100 }).inputPerSecond).toBe(100);
    expect(ratesAfter({ inputPerSecond: 100 }, { inputPerSecond: 200 }).inputPerSecond).toBe(150);
    const steady = Array.from({ length: 10 }, () => ({ inputPerSecond: 100 }));
    expect(ratesAfter(...steady, { inputPerSecond: 200 }).inputPerSecond).toBeCloseTo(120);
  });

  test('sample that shows no rate -> no rates; after other samples the known rates stay', () => {
    expect(hasRates(afterSample(NO_RATES, 'm', aSample(NO_RATE), 0), 'm')).toBe(false);
    expect(ratesAfter({}, NO_RATE)).toMatchObject({ samples: 2, inputPerSecond: 1000 });
  });

  test('jobs with little work -> rates of an answer of eight tokens in that time, until a job shows a rate', () => {
    const short = { ...NO_RATE, shortJobMs: 100 };
    const rates = ratesAfter(short, { ...short, shortJobMs: 200 });
    expect(rates).toMatchObject({ samples: 0, shortJobMs: 120 });
    expect(hasRates(new Map([['m', rates]]), 'm')).toBe(true);
    expect(areRatesDoubtful(rates)).toBe(true);
    expect(bothRatesAt(ratesAfter(short), 1)).toEqual({ input: 3200, output: 80 });
    expect(bothRatesAt(ratesAfter(short), 4)?.output).toBeCloseTo(80 * 0.85 ** 2);
    const shown = ratesAfter(short, {}, short);
    expect(bothRatesAt(shown, 1)).toEqual({ input: 1000, output: 50 });
    expect(areRatesDoubtful(shown)).toBe(false);
  });

  test('longer jobs that show no rate -> slow down the rates of short jobs, until a job shows a rate', () => {
    const short = { ...NO_RATE, shortJobMs: 100 };
    const long = { ...NO_RATE, slowdown: 100 };
    expect(slowdownOf(ratesAfter(short, long))).toBeCloseTo(100 ** 0.2);
    expect(slowdownOf(ratesAfter(short, ...Array.from({ length: 30 }, () => long)))).toBeGreaterThan(90);
    expect(slowdownOf(ratesAfter(short, long, {})), 'it compared with the short jobs').toBe(1);
    expect(slowdownOf(ratesAfter(long)), 'nothing to compare with').toBe(1);
  });

  test.each<[string, readonly Partial<RateSample>[], number, number | null]>([
    ['the same concurrency', [{ concurrency: 4, outputPerSecond: 40 }], 4, 40],
    ['a lower one, two levels below', [{ concurrency: 1, outputPerSecond: 40 }], 4, 40 * 0.85 ** 2],
    ['a higher one', [{ concurrency: 8, outputPerSecond: 30 }], 1, 30],
    [
      'both sides',
      [
        { concurrency: 1, outputPerSecond: 40 },
        { concurrency: 8, outputPerSecond: 39 },
      ],
      2,
      39,
    ],
    [
      'a lower one that is slower',
      [
        { concurrency: 1, outputPerSecond: 20 },
        { concurrency: 4, outputPerSecond: 40 },
      ],
      4,
      20,
    ],
    ['none', [{ outputPerSecond: null }], 1, null],
  ])('output rate known at %s', (_case, samples, concurrency, expected) => {
    const found = outputPerSecondAt(ratesAfter(...samples), concurrency);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected);
  });

  test('output rate: never higher with more jobs at once', () => {
    const sample = fc.record({
      concurrency: fc.integer({ min: 1, max: 40 }),
      outputPerSecond: fc.double({ min: 1, max: 200, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 12 }), (samples) => {
        const rates = ratesAfter(...samples);
        const at = Array.from({ length: 40 }, (_, i) => outputPerSecondAt(rates, i + 1) ?? 0);
        for (const [i, rate] of at.entries()) expect(rate).toBeLessThanOrEqual((at[i - 1] ?? Infinity) + 1e-9);
      }),
    );
  });

  test('jobs that take longer than predicted -> slowdown, at least 1 and at most a million', () => {
    expect(slowdownOf(ratesAfter({}))).toBe(1);
    expect(slowdownOf(ratesAfter({ slowdown: 0.1 }))).toBe(1);
    expect(slowdownOf(ratesAfter({ slowdown: 4 }, { slowdown: 4 }))).toBeCloseTo(4);
    expect(slowdownOf(ratesAfter({ slowdown: 1e9 }))).toBeCloseTo(1_000_000);
  });

  test('slowdown that is not measured for five minutes -> its square root at heartbeats, so that the node gets jobs again', () => {
    const rates = new Map([['nmt-en-zh', ratesAfter({ slowdown: 16 })]]);
    const [early] = nodeTransition(aRecord({ rates }), healthyBeat(), at(299_999), POLICY);
    expect(early?.rates).toBe(rates);
    const [later] = nodeTransition(early, healthyBeat(), at(300_000), POLICY);
    expect(slowdownOf(later?.rates.get('nmt-en-zh') ?? ratesAfter({}))).toBeCloseTo(4);
    expect(nodeTransition(later, healthyBeat(), at(300_001), POLICY)[0]?.rates).toBe(later?.rates);
  });

  test('removed model -> its rates are kept until its next trial has long been due; registration keeps the others', () => {
    const rates = afterSample(afterSample(NO_RATES, 'a', aSample(), 0), 'b', aSample(), 0);
    const fourHoursMs = 240 * 60_000;
    expect(withoutRemovedModels(rates, [{ modelId: 'a' }], fourHoursMs - 1)).toBe(rates);
    expect([...withoutRemovedModels(rates, [{ modelId: 'a' }], fourHoursMs).keys()]).toEqual(['a']);
    expect(withoutRemovedModels(rates, [{ modelId: 'a' }, { modelId: 'b' }], fourHoursMs)).toBe(rates);
    const profile = aProfile({ installedModels: [aModel({ modelId: 'b' })] });
    const [next] = nodeTransition(aRecord({ rates }), { type: 'registered', nodeId: 'node-1', profile }, at(fourHoursMs), POLICY);
    expect([...(next?.rates.keys() ?? [])]).toEqual(['b']);
  });

  test('node that removes models and adds others -> the rates of at most 1024 models, of the removed ones the latest', () => {
    let rates = afterSample(NO_RATES, 'installed', aSample(), 0);
    for (let i = 0; i < 1100; i++) rates = new Map(rates).set(`m${String(i)}`, { ...ratesAfter({}), measuredAtMonotonicMs: i });
    const kept = withoutRemovedModels(rates, [{ modelId: 'installed' }], 1100);
    expect(kept.size).toBe(1024);
    expect([kept.has('installed'), kept.has('m76'), kept.has('m77')]).toEqual([true, false, true]);
  });

  test('sample of a model that the node removed while the job ran -> counts, so that the trial ends', () => {
    const [next] = nodeTransition(aRecord(), { type: 'job_measured', modelId: 'removed', sample: aSample() }, at(1), POLICY);
    expect(isTrialDue(next?.rates ?? NO_RATES, 'removed')).toBe(false);
  });
});

describe('trials', () => {
  const MINUTE_MS = 60_000;
  const SLOW = aSample({ inputPerSecond: 400, outputPerSecond: 10 });
  const known = (sample = SLOW) => afterSample(afterSample(NO_RATES, 'm', sample, 0), 'm', sample, 0);

  test('no sample for ten minutes -> a trial is due from the next heartbeat on', () => {
    const rates = new Map([['nmt-en-zh', known().get('m') ?? ratesAfter({})]]);
    const [early] = nodeTransition(aRecord({ rates }), healthyBeat(), at(10 * MINUTE_MS - 1), POLICY);
    expect(isTrialDue(early?.rates ?? NO_RATES, 'nmt-en-zh')).toBe(false);
    const [later] = nodeTransition(early, healthyBeat(), at(10 * MINUTE_MS), POLICY);
    expect(isTrialDue(later?.rates ?? NO_RATES, 'nmt-en-zh')).toBe(true);
    expect(nodeTransition(later, healthyBeat(), at(10 * MINUTE_MS + 1), POLICY)[0]?.rates).toBe(later?.rates);
  });

  test('jobs that show no rate -> a trial is due as early as without them', () => {
    const rates = afterSample(known(), 'm', aSample(NO_RATE), 9 * MINUTE_MS);
    expect(isTrialDue(withDueTrials(rates, 10 * MINUTE_MS), 'm')).toBe(true);
    expect(rates.get('m')).toMatchObject({ measuredAtMonotonicMs: 9 * MINUTE_MS });
  });

  test('trial shows a higher rate -> it replaces the old one at every concurrency, and the next trial is due as early', () => {
    const old = afterSample(known(), 'm', { ...SLOW, concurrency: 8 }, 0);
    const fast = aSample({ inputPerSecond: 4000, outputPerSecond: 100 });
    const tried = afterSample(withDueTrials(old, 10 * MINUTE_MS), 'm', fast, 10 * MINUTE_MS);
    const found = tried.get('m') ?? ratesAfter({});
    expect(found).toMatchObject({ samples: 1, inputPerSecond: 4000, isTrialDue: false });
    expect([outputPerSecondAt(found, 1), outputPerSecondAt(found, 8)]).toEqual([100, 100 * 0.85 ** 3]);
    expect(isTrialDue(withDueTrials(tried, 20 * MINUTE_MS), 'm')).toBe(true);
  });

  test('trial shows one rate -> the other one stays', () => {
    const tried = afterSample(
      withDueTrials(known(), 10 * MINUTE_MS),
      'm',
      aSample({ inputPerSecond: null, outputPerSecond: 100 }),
      10 * MINUTE_MS,
    );
    expect(tried.get('m')).toMatchObject({ inputPerSecond: 400 });
  });

  test('trials show the same rate -> after 20, 40, 80 and at most 120 minutes', () => {
    let rates = known();
    let nowMonotonicMs = 0;
    for (const minutes of [10, 20, 40, 80, 120, 120]) {
      expect(isTrialDue(withDueTrials(rates, nowMonotonicMs + minutes * MINUTE_MS - 1), 'm'), `${String(minutes)} min`).toBe(false);
      nowMonotonicMs += minutes * MINUTE_MS;
      rates = withDueTrials(rates, nowMonotonicMs);
      expect(isTrialDue(rates, 'm'), `${String(minutes)} min`).toBe(true);
      rates = afterSample(rates, 'm', SLOW, nowMonotonicMs);
    }
  });

  test('node that removes and adds its model with each heartbeat -> slowdown, time of the next trial and missed trials stay', () => {
    const MODEL = 'nmt-en-zh';
    const other = [aModel({ modelId: 'other' })];
    let nowMonotonicMs = 1000;
    const flip = (rates: NodeRates): NodeRates => {
      const [without] = nodeTransition(aRecord({ rates }), healthyBeat({ installedModels: other }), at(++nowMonotonicMs), POLICY);
      return nodeTransition(without, healthyBeat({ installedModels: [aModel()] }), at(++nowMonotonicMs), POLICY)[0]?.rates ?? NO_RATES;
    };
    let rates = new Map([
      [MODEL, { ...ratesAfter({ slowdown: 100 }), trialFromMonotonicMs: 1000, slowdownAtMonotonicMs: 1000 }],
    ]) as NodeRates;
    for (let i = 0; i < 20; i++) rates = flip(rates);
    expect(slowdownOf(rates.get(MODEL) ?? ratesAfter({}))).toBeCloseTo(100);
    expect(isTrialDue(rates, MODEL)).toBe(false);
    let untried = NO_RATES;
    for (let i = 0; i < 3; i++) untried = flip(afterSample(untried, MODEL, aSample(NO_RATE), nowMonotonicMs));
    expect(isTrialDue(untried, MODEL), 'three trials without a rate').toBe(false);
  });

  test('three trials that show no rate -> none for ten minutes; then one, and none for 20 minutes', () => {
    let rates = NO_RATES;
    expect(isTrialDue(rates, 'm')).toBe(true);
    for (const due of [true, true, false]) {
      rates = afterSample(rates, 'm', aSample({ ...NO_RATE, loadSeconds: 20 }), 0);
      expect(isTrialDue(rates, 'm')).toBe(due);
    }
    expect(rates.get('m')).toMatchObject({ samples: 0, loadSeconds: 20 });
    rates = withDueTrials(rates, 10 * MINUTE_MS);
    expect(isTrialDue(rates, 'm')).toBe(true);
    rates = withDueTrials(afterSample(rates, 'm', aSample(NO_RATE), 10 * MINUTE_MS), 30 * MINUTE_MS - 1);
    expect(isTrialDue(rates, 'm')).toBe(false);
    expect(afterSample(rates, 'm', aSample(), 1).get('m')).toMatchObject({ samples: 1, isTrialDue: false });
  });
});

test('expected jobs: assigned -> first token -> released', () => {
  const load = { modelId: 'm', beginMonotonicMs: 1, ms: 5000 };
  const expected = { promptMs: 400, endMonotonicMs: 9000, load };
  const [assigned] = nodeTransition(aRecord(), { type: 'job_assigned', jobId: 'j', modelId: 'm', expected }, at(1), POLICY);
  expect(assigned?.expectedJobs).toEqual(new Map([['j', expected]]));
  const [started] = nodeTransition(assigned, { type: 'first_token', jobId: 'j' }, at(2), POLICY);
  expect(started?.expectedJobs).toEqual(new Map([['j', { promptMs: 0, endMonotonicMs: 9000, load: { ...load, ms: 0 } }]]));
  expect(nodeTransition(started, { type: 'first_token', jobId: 'j' }, at(3), POLICY)[0]).toBe(started);
  const released = { type: 'job_released', jobId: 'j', modelId: 'm', verdict: { kind: 'none' } } as const;
  expect(nodeTransition(started, released, at(4), POLICY)[0]?.expectedJobs.size).toBe(0);
});
