// What a job shows of its node. Figures that cannot be true teach nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jobSampleOf, type MeasuredAttempt } from '../../../../../src/main/scheduler/dispatch/prediction/job-sample';
import type { JobTimings } from '../../../../../src/main/scheduler/dispatch/prediction/job-timings';
import { afterSample, type ModelRates, NO_RATES } from '../../../../../src/main/scheduler/lifecycle/model-rates';
import { NO_TIMINGS } from '../../../../support/no-timings';

const CHAT: JobTimings = {
  ...NO_TIMINGS,
  queueMs: 10,
  loadMs: 0,
  firstTokenMs: 1000,
  promptTokens: 2000,
  cachedTokens: 500,
  completionTokens: 101,
  decodeMs: 2000,
};
const MEASURED: MeasuredAttempt = {
  elapsedMs: 3060,
  firstTokenMs: 1050,
  concurrency: 2,
  beforeMs: 0,
  input: 1800,
  requestBytes: 8000,
  promptCharacters: 7800,
  answerBytes: 800,
  maxOutput: null,
  answers: 1,
  isGenerated: true,
  mayBeCold: false,
};

function knownRates(): ModelRates {
  const sample = { inputPerSecond: 1500, outputPerSecond: 50, concurrency: 1, loadSeconds: null, slowdown: null };
  const rates = [sample, sample, sample].reduce((all, one) => afterSample(all, 'm', one, 0), NO_RATES).get('m');
  if (rates === undefined) throw new Error('no rates');
  return rates;
}

describe('job sample', () => {
  test('chat -> rates without the cached tokens and the first token, and the work that was done', () => {
    expect(jobSampleOf(CHAT, MEASURED, null)).toEqual({
      sample: { inputPerSecond: 1500, outputPerSecond: 50, concurrency: 2, loadSeconds: null, slowdown: null },
      done: { input: 2000, cached: 500, output: 101 },
    });
  });

  test.each<[string, Partial<JobTimings>]>([
    ['longer than the scheduler measured', { decodeMs: 60_000 }],
    ['more tokens than bytes', { promptTokens: 50_000 }],
    ['more cached tokens than tokens', { cachedTokens: 3000 }],
    ['more tokens than bytes of the answer', { completionTokens: 198_000 }],
    ['more units of input than bytes', { inputUnits: 50_000 }],
  ])('figures that cannot be true (%s) -> nothing of the node counts', (_case, change) => {
    const { sample, done } = jobSampleOf({ ...CHAT, ...change }, MEASURED, null);
    expect(done).toBeNull();
    expect(sample).toMatchObject({ loadSeconds: null });
    expect(sample.inputPerSecond, 'from the first token that the scheduler saw').toBeCloseTo(1800 / 1.05);
    expect(sample.outputPerSecond, 'from the bytes and the time that the scheduler saw').toBeCloseTo(199 / 2.01);
  });

  test.each<[string, Partial<JobTimings>, 'inputPerSecond' | 'outputPerSecond']>([
    ['prompt of a few tokens', { promptTokens: 20, cachedTokens: 0 }, 'inputPerSecond'],
    ['prompt from the cache', { cachedTokens: 1990 }, 'inputPerSecond'],
    ['prompt in no time', { firstTokenMs: 0 }, 'inputPerSecond'],
    ['faster than any node', { firstTokenMs: 0.0001 }, 'inputPerSecond'],
    ['answer in no time', { decodeMs: 0 }, 'outputPerSecond'],
    ['faster than any node', { decodeMs: 0.001 }, 'outputPerSecond'],
  ])('%s -> no rate', (_case, change, rate) => {
    expect(jobSampleOf({ ...CHAT, ...change }, MEASURED, null).sample[rate]).toBeNull();
  });

  test('more tokens than the client allowed -> nothing of the node counts', () => {
    expect(jobSampleOf(CHAT, { ...MEASURED, maxOutput: 100 }, null).done, 'the last token ends the answer').not.toBeNull();
    expect(jobSampleOf(CHAT, { ...MEASURED, maxOutput: 99 }, null).done).toBeNull();
  });

  test('more tokens than usual text has -> one token for three bytes counts, at most one for each character of the prompt', () => {
    const claims = { ...CHAT, promptTokens: 8000, cachedTokens: 100, completionTokens: 700 };
    expect(jobSampleOf(claims, MEASURED, null).done).toEqual({ input: 2731, cached: 0, output: 275 });
    expect(jobSampleOf(claims, { ...MEASURED, promptCharacters: 1000 }, null).done?.input).toBe(1064);
    const systemPrompt = { ...CHAT, promptTokens: 1000, cachedTokens: 990 };
    const short = { ...MEASURED, requestBytes: 120, promptCharacters: 2 };
    expect(jobSampleOf(systemPrompt, short, null).done, 'the cached tokens are cut first').toMatchObject({ input: 66, cached: 56 });
  });

  test('answer of 800 bytes with three tokens -> their number is not known', () => {
    expect(jobSampleOf({ ...CHAT, completionTokens: 3 }, MEASURED, null).done?.output).toBeNull();
    expect(jobSampleOf({ ...CHAT, completionTokens: 3 }, { ...MEASURED, answerBytes: 12 }, null).done?.output).toBe(3);
  });

  test('task that generates no text -> tokens of an answer do not count', () => {
    const { sample, done } = jobSampleOf(CHAT, { ...MEASURED, isGenerated: false, answerBytes: 0, firstTokenMs: null }, null);
    expect([done?.output, sample.outputPerSecond]).toEqual([null, null]);
  });

  test('several answers to one request -> no rate and no slowdown, because their tokens are generated at once', () => {
    const { sample, done } = jobSampleOf({ ...CHAT, completionTokens: 200 }, { ...MEASURED, answers: 4, maxOutput: 50 }, knownRates());
    expect([sample.inputPerSecond, sample.outputPerSecond, sample.slowdown]).toEqual([null, null, null]);
    expect(done?.output).toBe(200);
  });

  test('answer of a few tokens -> no output rate', () => {
    const short = { ...MEASURED, answerBytes: 12 };
    expect(jobSampleOf({ ...CHAT, completionTokens: 3 }, short, null).sample.outputPerSecond).toBeNull();
    expect(jobSampleOf(null, short, null).sample.outputPerSecond).toBeNull();
  });

  test.each<[string, Partial<MeasuredAttempt>, number | undefined]>([
    ['whole answer', { elapsedMs: 300, firstTokenMs: null }, 300],
    ['whole answer after a predicted wait', { elapsedMs: 300, firstTokenMs: null, beforeMs: 100 }, 200],
    ['within the usual fixed costs', { elapsedMs: 15, firstTokenMs: null }, 50],
    ['stream', { elapsedMs: 300, firstTokenMs: 290 }, 300],
    ['model that may be cold', { elapsedMs: 20_000, firstTokenMs: null, mayBeCold: true }, undefined],
    ['task that generates no text', { elapsedMs: 300, firstTokenMs: null, isGenerated: false }, undefined],
  ])('short prompt and answer (%s) -> no rate, but how long such a job takes', (_case, change, expected) => {
    const short = { ...MEASURED, input: 3, requestBytes: 80, promptCharacters: 12, answerBytes: 4, ...change };
    const { sample } = jobSampleOf(null, short, null);
    expect(sample.shortJobMs).toBe(expected);
    if (expected !== undefined) expect(sample).toMatchObject({ inputPerSecond: null, outputPerSecond: null });
  });

  test('stream without a duration or a number of tokens -> output rate from the time after the first token', () => {
    const { sample } = jobSampleOf({ ...CHAT, decodeMs: null, completionTokens: null }, MEASURED, null);
    expect(sample).toMatchObject({ inputPerSecond: 1500 });
    expect(sample.outputPerSecond).toBeCloseTo(199 / 2.01);
    const noPromptTime = jobSampleOf({ ...CHAT, firstTokenMs: null }, MEASURED, null).sample;
    expect(noPromptTime.inputPerSecond).toBeCloseTo(1500 / 1.05);
  });

  test('sound, text or bytes: units per second without the wait and the load', () => {
    const measured = { ...MEASURED, isGenerated: false, elapsedMs: 6000 };
    const { sample, done } = jobSampleOf({ ...NO_TIMINGS, queueMs: 500, loadMs: 1500, inputUnits: 40 }, measured, null);
    expect(sample).toMatchObject({ inputPerSecond: 10, outputPerSecond: null, loadSeconds: 1.5 });
    expect(done).toEqual({ input: 40, cached: null, output: null });
  });

  test('node without figures -> from the durations that the scheduler measured', () => {
    expect(jobSampleOf(null, { ...MEASURED, beforeMs: 150 }, null).sample.inputPerSecond).toBe(2000);
    expect(jobSampleOf(null, { ...MEASURED, isGenerated: false }, null).sample.inputPerSecond).toBeCloseTo(1800 / 3.06);
  });

  test('whole answer without durations -> both rates from the whole duration', () => {
    const whole = { ...MEASURED, firstTokenMs: null, elapsedMs: 2000 };
    const timings = { ...NO_TIMINGS, promptTokens: 2000, cachedTokens: 400, completionTokens: 60 };
    const { sample } = jobSampleOf(timings, whole, null);
    expect(sample).toMatchObject({ outputPerSecond: 50, inputPerSecond: 2000 });
    const estimated = jobSampleOf(null, whole, null).sample;
    expect(estimated.outputPerSecond).toBeCloseTo((1800 / 40 + 200) / 2);
    const tiny = jobSampleOf({ ...NO_TIMINGS, promptTokens: 5, completionTokens: 2 }, { ...whole, answerBytes: 8 }, null).sample;
    expect([tiny.inputPerSecond, tiny.outputPerSecond]).toEqual([null, null]);
    const withTimings = jobSampleOf(CHAT, { ...MEASURED, firstTokenMs: null }, null).sample;
    expect(withTimings).toMatchObject({ inputPerSecond: 1500, outputPerSecond: 50 });
  });

  test.each<[string, JobTimings | null]>([
    ['without figures', null],
    ['with the figures of an agent', { ...NO_TIMINGS, firstTokenMs: 9990, decodeMs: 5, promptTokens: 1800, completionTokens: 200 }],
  ])('stream that arrives at once (%s) -> both rates from the whole duration', (_case, timings) => {
    const atOnce = { ...MEASURED, elapsedMs: 10_000, firstTokenMs: 9995 };
    const { inputPerSecond, outputPerSecond } = jobSampleOf(timings, atOnce, null).sample;
    expect(outputPerSecond).toBeCloseTo((1800 / 40 + 200) / 10);
    expect(inputPerSecond).toBeCloseTo(40 * (outputPerSecond ?? NaN));
    const ofServer = { ...NO_TIMINGS, firstTokenMs: 1000, decodeMs: 8900, promptTokens: 1800, completionTokens: 200 };
    expect(jobSampleOf(ofServer, atOnce, null).sample.inputPerSecond, 'the server measured').toBeGreaterThan(1500);
  });

  test('short job with a load of a few milliseconds, as servers report of a model in memory -> how long such a job takes', () => {
    const short = { ...MEASURED, elapsedMs: 150, firstTokenMs: null, input: 3, requestBytes: 80, promptCharacters: 12, answerBytes: 4 };
    expect(jobSampleOf({ ...NO_TIMINGS, loadMs: 60, promptTokens: 20, completionTokens: 1 }, short, null).sample.shortJobMs).toBe(150);
  });

  test.each<[string, JobTimings | null, Partial<MeasuredAttempt>]>([
    ['without figures', null, {}],
    ['with tokens', { ...NO_TIMINGS, promptTokens: 1000, completionTokens: 200 }, {}],
    ['embeddings without figures', null, { isGenerated: false }],
    ['sound', { ...NO_TIMINGS, inputUnits: 40 }, { isGenerated: false }],
  ])(
    'whole answer of a possibly cold model (%s) -> no rate and no slowdown, because the load is in the duration',
    (_case, timings, change) => {
      const measured = { ...MEASURED, firstTokenMs: null, elapsedMs: 22_000, ...change };
      const cold = jobSampleOf(timings, { ...measured, mayBeCold: true }, knownRates()).sample;
      expect([cold.inputPerSecond, cold.outputPerSecond, cold.slowdown]).toEqual([null, null, null]);
      expect(jobSampleOf(timings, measured, knownRates()).sample.inputPerSecond, 'in memory').not.toBeNull();
    },
  );

  test('node that claims to be cold in each job -> its figures, a known load and two minutes are no excuse for long jobs', () => {
    const cold = { ...MEASURED, firstTokenMs: null, mayBeCold: true };
    const slowdownOf = (timings: JobTimings | null, elapsedMs: number, rates = knownRates()): number | null =>
      jobSampleOf(timings, { ...cold, elapsedMs }, rates).sample.slowdown;
    const queued = { ...CHAT, loadMs: null, queueMs: 20_000, firstTokenMs: 50, decodeMs: 50 };
    expect(slowdownOf(queued, 20_100)).toBeGreaterThan(5);
    expect(slowdownOf(null, 100_000)).toBeNull();
    expect(slowdownOf(null, 600_000)).toBeGreaterThan(4);
    expect(slowdownOf(null, 100_000, { ...knownRates(), loadSeconds: 5 })).toBeGreaterThan(5);
  });

  test('whole answer of a cold model, node knows the time of the load -> rates of the rest', () => {
    const cold = { ...MEASURED, firstTokenMs: null, elapsedMs: 22_000, beforeMs: 5000, mayBeCold: true };
    const timings = { ...NO_TIMINGS, promptTokens: 2000, cachedTokens: 400, completionTokens: 60, loadMs: 20_000 };
    expect(jobSampleOf(timings, cold, null).sample).toMatchObject({ outputPerSecond: 50, inputPerSecond: 2000, loadSeconds: 20 });
  });

  test('stream without figures from a possibly cold model -> no rate', () => {
    expect(jobSampleOf(null, { ...MEASURED, mayBeCold: true }, null).sample.inputPerSecond).toBeNull();
  });

  test('whole answers without usage -> slowdown 1 while the node answers as before', () => {
    const whole = { ...MEASURED, concurrency: 1, firstTokenMs: null, elapsedMs: 7000, input: 1000, answerBytes: 1200 };
    let rates = NO_RATES;
    for (let i = 0; i < 6; i++) rates = afterSample(rates, 'm', jobSampleOf(null, whole, rates.get('m') ?? null).sample, 0);
    expect(Math.exp(rates.get('m')?.logSlowdown ?? NaN)).toBeCloseTo(1);
    const noOutput = { ...NO_TIMINGS, promptTokens: 1000 };
    expect(jobSampleOf(noOutput, whole, rates.get('m') ?? null).sample.slowdown, 'only the prompt is counted').toBeCloseTo(1);
  });

  test('slowdown: the measured duration against that of the known rates', () => {
    const rates = knownRates();
    const slowdownOf = (elapsedMs: number, beforeMs = 0) =>
      jobSampleOf(CHAT, { ...MEASURED, concurrency: 1, elapsedMs, beforeMs }, rates).sample.slowdown ?? NaN;
    expect(slowdownOf(3020)).toBeCloseTo(1);
    expect(slowdownOf(9060)).toBeGreaterThan(2.5);
    expect(slowdownOf(9060, 6040), 'the predicted wait is no slowdown').toBeCloseTo(1);
  });

  test('node that leaves out most of the measured duration -> its rates are lower by that', () => {
    const short = jobSampleOf({ ...CHAT, firstTokenMs: 1, decodeMs: 2 }, { ...MEASURED, elapsedMs: 30_000 }, null).sample;
    expect(short.inputPerSecond).toBeLessThan(30_000);
    expect(short.outputPerSecond).toBeLessThan(1000);
  });

  test('wait in the queue of the server -> counts for the share of the other jobs at most', () => {
    const queued: JobTimings = { ...CHAT, queueMs: 8000, firstTokenMs: 500, decodeMs: 500 };
    const measured = { ...MEASURED, elapsedMs: 9000 };
    const inputOf = (concurrency: number, beforeMs = 0) =>
      jobSampleOf(queued, { ...measured, concurrency, beforeMs }, null).sample.inputPerSecond;
    expect(inputOf(1)).toBeCloseTo(1500 / (0.5 * 8.95));
    expect(inputOf(4)).toBeCloseTo(1500 / (0.5 * (8950 / 7750)));
    expect(inputOf(1, 8000), 'the predicted wait').toBeCloseTo(3000, -2);
  });

  test('model in memory, and the node reports a long load -> no rate; a short one is a part of the duration', () => {
    const loading = jobSampleOf({ ...CHAT, loadMs: 1000, firstTokenMs: 500, decodeMs: 1500 }, MEASURED, knownRates()).sample;
    expect([loading.inputPerSecond, loading.outputPerSecond]).toEqual([null, null]);
    expect(loading.slowdown).not.toBeNull();
    expect(jobSampleOf({ ...CHAT, loadMs: 100 }, MEASURED, null).sample.inputPerSecond).toBe(1500);
  });

  test('node that claims to be cold and to load in each job -> rates look high, and the slowdown makes up for that', () => {
    const lying: JobTimings = { ...CHAT, loadMs: 2900, firstTokenMs: 50, decodeMs: 50 };
    let rates = NO_RATES;
    const cold = { ...MEASURED, mayBeCold: true };
    for (let i = 0; i < 30; i++) rates = afterSample(rates, 'm', jobSampleOf(lying, cold, rates.get('m') ?? null).sample, 0);
    const known = rates.get('m');
    expect(known?.inputPerSecond).toBe(30_000);
    expect(Math.exp(known?.logSlowdown ?? 0)).toBeGreaterThan(7);
  });

  test('any figures -> rates are null or within their bounds', () => {
    const figure = fc.option(fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constantFrom(0, 1e-300, 604_800_000)));
    const timings = fc.record({
      queueMs: figure,
      loadMs: figure,
      firstTokenMs: figure,
      promptTokens: figure,
      cachedTokens: figure,
      completionTokens: figure,
      decodeMs: figure,
      inputUnits: figure,
    });
    fc.assert(
      fc.property(timings, fc.double({ min: 0, max: 1e7, noNaN: true }), (reported, elapsedMs) => {
        const { sample } = jobSampleOf(reported, { ...MEASURED, elapsedMs }, knownRates());
        for (const rate of [sample.inputPerSecond, sample.outputPerSecond])
          if (rate !== null) expect(rate > 0 && rate <= 1_000_000).toBe(true);
        expect(sample.slowdown !== null && sample.slowdown > 0 && Number.isFinite(sample.slowdown)).toBe(true);
      }),
    );
  });
});
