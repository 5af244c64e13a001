// A node cannot look faster than it answers: after some equal jobs of a model in memory the predicted time is at least half of the measured
// one, whatever the node reports.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { predictedMs } from '../../../../../src/main/scheduler/dispatch/prediction/cost';
import { forecastNode } from '../../../../../src/main/scheduler/dispatch/prediction/forecast';
import { jobSampleOf, type MeasuredAttempt } from '../../../../../src/main/scheduler/dispatch/prediction/job-sample';
import type { JobTimings } from '../../../../../src/main/scheduler/dispatch/prediction/job-timings';
import { afterSample, hasRates, NO_RATES, type NodeRates } from '../../../../../src/main/scheduler/lifecycle/model-rates';
import { aModel, aProfile, aRecord } from '../../lifecycle/records';
import { NO_TIMINGS } from '../../../../support/no-timings';

const MODEL = 'm';
const BYTES_PER_TOKEN = 4;
/** Fixed costs of a request say nothing of the rates. */
const FIXED_MS = 50;

interface Answer {
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly elapsedMs: number;
  /** Null: the answer came in one part. */
  readonly firstTokenMs: number | null;
  /** Jobs in flight, with this one. */
  readonly concurrency?: number;
}

function measuredOf({ promptTokens, answerTokens, elapsedMs, firstTokenMs, concurrency = 1 }: Answer): MeasuredAttempt {
  const promptCharacters = promptTokens * BYTES_PER_TOKEN;
  return {
    elapsedMs,
    firstTokenMs,
    concurrency,
    beforeMs: 0,
    input: promptTokens,
    requestBytes: promptCharacters + 100,
    promptCharacters,
    answerBytes: answerTokens * BYTES_PER_TOKEN,
    maxOutput: null,
    answers: 1,
    isGenerated: true,
    mayBeCold: false,
  };
}

/** The predicted time of one more job, ms. Null: the jobs showed no rates. */
function predictedAfter(
  jobs: number,
  answer: Answer,
  timings: JobTimings | null,
  { earlier = NO_RATES, mayBeCold = false }: { readonly earlier?: NodeRates; readonly mayBeCold?: boolean } = {},
): number | null {
  const measured = { ...measuredOf(answer), mayBeCold };
  let rates = earlier;
  for (let i = 0; i < jobs; i++) rates = afterSample(rates, MODEL, jobSampleOf(timings, measured, rates.get(MODEL) ?? null).sample, 0);
  if (!hasRates(rates, MODEL)) return null;
  const record = aRecord({ profile: aProfile({ installedModels: [aModel({ modelId: MODEL })] }), rates });
  const work = { input: answer.promptTokens, output: answer.answerTokens, reuse: 0 };
  const forecast = forecastNode(record, MODEL, { work, cachedOn: new Map(), prior: () => null });
  return forecast === null ? null : predictedMs(forecast.terms);
}

describe('claims of nodes', () => {
  test.each<[string, Answer, JobTimings | null, number]>([
    ['first token at once, no timings', { promptTokens: 1000, answerTokens: 200, elapsedMs: 10_000, firstTokenMs: 2 }, null, 9000],
    ['older agent', { promptTokens: 1000, answerTokens: 200, elapsedMs: 10_000, firstTokenMs: 100 }, null, 9000],
    [
      'first token at once, timings that cannot be true',
      { promptTokens: 1000, answerTokens: 200, elapsedMs: 10_000, firstTokenMs: 2 },
      { ...NO_TIMINGS, promptTokens: 1000, completionTokens: 198_000, firstTokenMs: 1, decodeMs: 9900 },
      9000,
    ],
    [
      'durations of microseconds',
      { promptTokens: 1000, answerTokens: 200, elapsedMs: 10_000, firstTokenMs: 2 },
      { ...NO_TIMINGS, promptTokens: 1000, completionTokens: 200, firstTokenMs: 0.01, decodeMs: 0.01 },
      9000,
    ],
    [
      'prompt alone',
      { promptTokens: 1000, answerTokens: 200, elapsedMs: 10_000, firstTokenMs: 2 },
      { ...NO_TIMINGS, promptTokens: 1000, firstTokenMs: 1 },
      9000,
    ],
    [
      'wait in the queue of the server, without another job',
      { promptTokens: 1000, answerTokens: 200, elapsedMs: 10_000, firstTokenMs: 9900 },
      { ...NO_TIMINGS, queueMs: 9800, promptTokens: 1000, completionTokens: 200, firstTokenMs: 3, decodeMs: 12 },
      9000,
    ],
    [
      'the same with a whole answer',
      { promptTokens: 1000, answerTokens: 200, elapsedMs: 10_000, firstTokenMs: null },
      { ...NO_TIMINGS, queueMs: 9800, promptTokens: 1000, completionTokens: 200 },
      9000,
    ],
  ])('%s -> predicted as it answers, after three jobs', (_case, answer, timings, atLeastMs) => {
    expect(predictedAfter(3, answer, timings)).toBeGreaterThan(atLeastMs);
  });

  test.each<[string, Answer, JobTimings | null, boolean]>([
    [
      'load of a model that is in memory',
      { promptTokens: 500, answerTokens: 300, elapsedMs: 60_000, firstTokenMs: null },
      { ...NO_TIMINGS, loadMs: 30_000, promptTokens: 500, completionTokens: 300 },
      false,
    ],
    [
      'the same, short answers to long prompts',
      { promptTokens: 8000, answerTokens: 2, elapsedMs: 60_000, firstTokenMs: null },
      { ...NO_TIMINGS, loadMs: 30_000, promptTokens: 8000, completionTokens: 2 },
      false,
    ],
    ['long answers at once', { promptTokens: 20, answerTokens: 500, elapsedMs: 60_000, firstTokenMs: 59_999.9 }, null, false],
    ['cold model, no load time', { promptTokens: 500, answerTokens: 300, elapsedMs: 600_000, firstTokenMs: null }, null, true],
  ])('fast short job, then long jobs that show no rate (%s) -> predicted as the long ones', (_case, answer, timings, mayBeCold) => {
    const short = measuredOf({ promptTokens: 10, answerTokens: 1, elapsedMs: 60, firstTokenMs: null });
    const earlier = afterSample(NO_RATES, MODEL, jobSampleOf(null, short, null).sample, 0);
    expect(predictedAfter(15, answer, timings, { earlier, mayBeCold })).toBeGreaterThan(mayBeCold ? 6000 : answer.elapsedMs / 2);
  });

  test('short jobs first, then long jobs that show the rate -> predicted as the long ones', () => {
    const short = measuredOf({ promptTokens: 10, answerTokens: 1, elapsedMs: 60, firstTokenMs: null });
    let earlier = NO_RATES;
    for (let i = 0; i < 4; i++) earlier = afterSample(earlier, MODEL, jobSampleOf(null, short, earlier.get(MODEL) ?? null).sample, 0);
    const long = { promptTokens: 500, answerTokens: 300, elapsedMs: 30_000, firstTokenMs: 1000 };
    for (const jobs of [1, 2, 5]) {
      const predicted = predictedAfter(jobs, long, null, { earlier });
      expect(predicted, `${String(jobs)} long jobs`).toBeGreaterThan(25_000);
      expect(predicted, `${String(jobs)} long jobs`).toBeLessThan(35_000);
    }
  });

  test('short answer after a short prompt -> a long answer is not expected in no time', () => {
    const measured = measuredOf({ promptTokens: 500, answerTokens: 2, elapsedMs: 200, firstTokenMs: 190 });
    const rates = afterSample(NO_RATES, MODEL, jobSampleOf(null, measured, null).sample, 0);
    const record = aRecord({ profile: aProfile({ installedModels: [aModel({ modelId: MODEL })] }), rates });
    const work = { input: 500, output: 1000, reuse: 0 };
    const forecast = forecastNode(record, MODEL, { work, cachedOn: new Map(), prior: () => null });
    expect(forecast?.terms.outputMs).toBeGreaterThan(10_000);
  });

  test('any claims, equal jobs of a loaded model -> after 30 jobs at least half of the measured duration is predicted', () => {
    const answers = fc
      .record({
        promptTokens: fc.integer({ min: 1, max: 20_000 }),
        answerTokens: fc.integer({ min: 16, max: 4000 }),
        elapsedMs: fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 600_000 })),
        concurrency: fc.constantFrom(1, 2, 8, 50),
        firstShare: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.0001, 0.01, 0.999)),
      })
      .map(({ firstShare, ...answer }) => ({ ...answer, firstTokenMs: firstShare === null ? null : firstShare * answer.elapsedMs }));
    const share = fc.option(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1e-9, 1e-6, 0.0001, 0.01, 1)));
    const times = fc.option(fc.oneof(fc.double({ min: 0, max: 8, noNaN: true }), fc.constantFrom(0.5, 1, 1.2, 1.33, 2, 1000)));
    const claims = fc.option(
      fc.record({ queue: share, load: share, first: share, decode: share, prompt: times, cached: share, completion: times }),
      { freq: 20 },
    );
    fc.assert(
      fc.property(answers, claims, (answer, claimed) => {
        const { promptTokens, answerTokens, elapsedMs } = answer;
        const of = (part: number | null, whole: number): number | null => (part === null ? null : part * whole);
        const prompt = claimed === null ? null : of(claimed.prompt, promptTokens);
        const timings =
          claimed === null
            ? null
            : {
                queueMs: of(claimed.queue, elapsedMs),
                loadMs: of(claimed.load, elapsedMs),
                firstTokenMs: of(claimed.first, elapsedMs),
                decodeMs: of(claimed.decode, elapsedMs),
                promptTokens: prompt === null ? null : Math.round(prompt),
                cachedTokens: prompt === null ? null : of(claimed.cached, Math.round(prompt)),
                completionTokens: claimed.completion === null ? null : Math.round(claimed.completion * answerTokens),
                inputUnits: null,
              };
        const predicted = predictedAfter(30, answer, timings);
        if (predicted !== null) expect(predicted).toBeGreaterThanOrEqual((elapsedMs - FIXED_MS) / 2);
      }),
      { numRuns: 2000 },
    );
  });
});
