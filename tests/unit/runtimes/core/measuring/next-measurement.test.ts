import { describe, expect, test } from 'vitest';
import { type Candidate, decide, mustGiveWay, type Surroundings } from '../../../../../src/main/runtimes/core/measuring/next-measurement';
import type { Measured, Measurement } from '../../../../../src/main/runtimes/core/measuring/measurement';

const IDLE: Surroundings = { jobsRunning: false, draining: false, gpuUnusable: false, gpuBusy: false };
const measured: Measured = { outcome: 'answered', tokensPerSecond: 50, tookMs: 700, measuredAtMs: 1 };
const failed: Measured = { outcome: 'failed', code: 'timeout', message: null, measuredAtMs: 1 };
const candidate = (fields: Partial<Candidate> = {}): Candidate => ({
  modelId: 'm',
  ready: true,
  measurable: true,
  kindIsGuess: false,
  measured: null,
  wished: false,
  ...fields,
});
const waiting = (code: string) => ({ state: 'waiting', code });
const NONE = { state: 'none' };

describe('a model', () => {
  test.each<readonly [string, Partial<Candidate>, Partial<Surroundings>, boolean, object]>([
    ['is not measured without a wish', {}, {}, false, NONE],
    ['is next on its owner’s wish', { wished: true }, {}, false, waiting('next')],
    ['is next on the configuration’s wish', {}, {}, true, waiting('next')],
    ['is measured once', { measured }, {}, true, { state: 'measured', measured }],
    ['that failed was measured too', { measured: failed }, {}, true, { state: 'measured', measured: failed }],
    ['is measured again on its owner’s wish', { measured, wished: true }, {}, false, waiting('next')],
    [
      'without a suited request is never measured',
      { measurable: false, wished: true },
      {},
      true,
      { state: 'impossible', code: 'no_suited_request' },
    ],
    ['whose kind is a guess is not measured on the configuration’s wish', { kindIsGuess: true }, {}, true, NONE],
    ['whose kind is a guess is next on its owner’s wish', { kindIsGuess: true, wished: true }, {}, true, waiting('next')],
    ['that is not ready waits', { ready: false, wished: true }, {}, false, waiting('model_not_ready')],
    ['waits for the node to be taken back', { wished: true }, { draining: true, jobsRunning: true }, false, waiting('draining')],
    ['waits for jobs', { wished: true }, { jobsRunning: true, gpuBusy: true }, false, waiting('jobs_running')],
    ['waits for a usable GPU, also when its owner asked', { wished: true }, { gpuUnusable: true }, false, waiting('gpu_unusable')],
    ['waits for a GPU that somebody uses', {}, { gpuBusy: true }, true, waiting('gpu_busy')],
    ['does not wait for the GPU when its owner asked', { wished: true }, { gpuBusy: true }, true, waiting('next')],
  ])('%s', (_title, fields, surroundings, measureAll, expected) => {
    const { measurements, next } = decide([candidate(fields)], { ...IDLE, ...surroundings }, null, measureAll);
    const measurement = measurements.get('m');
    expect(measurement).toEqual(expected);
    expect(next).toBe((expected as Measurement & { code?: string }).code === 'next' ? 'm' : null);
  });
});

test('one is measured at a time, those that were asked for first', () => {
  const models = [candidate({ modelId: 'a' }), candidate({ modelId: 'b', wished: true }), candidate({ modelId: 'c', wished: true })];
  expect(decide(models, IDLE, null, true).next).toBe('b');
  const { measurements, next } = decide(models, IDLE, { modelId: 'b', sinceMs: 7 }, true);
  expect(next).toBeNull();
  expect([...measurements.values()]).toEqual([waiting('next'), { state: 'running', sinceMs: 7 }, waiting('next')]);
});

test.each<readonly [Partial<Surroundings>, boolean]>([
  [{}, false],
  [{ gpuBusy: true }, false],
  [{ gpuUnusable: true }, false],
  [{ jobsRunning: true }, true],
  [{ draining: true }, true],
])('with %j around it, what runs must give way: %s', (surroundings, expected) => {
  expect(mustGiveWay({ ...IDLE, ...surroundings })).toBe(expected);
});
