// Loads that a node does not report: their time follows from the known rates.
import { describe, expect, test } from 'vitest';
import { jobSampleOf, type MeasuredAttempt } from '../../../../../src/main/scheduler/dispatch/prediction/job-sample';
import { afterSample, type ModelRates, NO_RATES } from '../../../../../src/main/scheduler/lifecycle/model-rates';

const COLD: MeasuredAttempt = {
  elapsedMs: 65_200,
  firstTokenMs: null,
  concurrency: 1,
  beforeMs: 0,
  input: 1800,
  requestBytes: 8000,
  promptCharacters: 7800,
  answerBytes: 800,
  maxOutput: null,
  answers: 1,
  isGenerated: true,
  mayBeCold: true,
};

function knownRates(): ModelRates {
  const sample = { inputPerSecond: 1500, outputPerSecond: 50, concurrency: 1, loadSeconds: null, slowdown: null };
  const rates = [sample, sample, sample].reduce((all, one) => afterSample(all, 'm', one, 0), NO_RATES).get('m');
  if (rates === undefined) throw new Error('no rates');
  return rates;
}

describe('hidden load', () => {
  test('load of a cold model that the node does not report -> its time follows from the known rates, once', () => {
    const loadOf = (change: Partial<MeasuredAttempt>, rates: ModelRates | null = knownRates()): number | null =>
      jobSampleOf(null, { ...COLD, ...change }, rates).sample.loadSeconds;
    expect(loadOf({})).toBeCloseTo(65.2 - 1.2 - 4);
    expect(loadOf({ elapsedMs: 6000 }), 'less than a second is no load').toBeNull();
    expect(loadOf({ elapsedMs: 900_000 }), 'at most two minutes').toBe(120);
    expect(loadOf({}, { ...knownRates(), loadSeconds: 5 }), 'the rest is slow work').toBeNull();
    expect(loadOf({}, null)).toBeNull();
    expect(loadOf({ mayBeCold: false })).toBeNull();
  });

  test('known load of a model that may be cold -> no slowdown, also when it was not predicted', () => {
    const rates = { ...knownRates(), loadSeconds: 20 };
    expect(jobSampleOf(null, { ...COLD, elapsedMs: 25_000 }, rates).sample.slowdown).toBeNull();
    expect(jobSampleOf(null, { ...COLD, elapsedMs: 100_000 }, rates).sample.slowdown).toBeGreaterThan(3);
  });
});
