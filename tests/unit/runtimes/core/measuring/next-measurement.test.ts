import { describe, expect, test } from 'vitest';
import {
  type MeasurementCandidate,
  decideMeasurement,
  mustStop,
  type Preconditions,
} from '../../../../../src/main/runtimes/core/measuring/next-measurement';
import type { Measured, Measurement } from '../../../../../src/main/runtimes/core/measuring/measurement';

const IDLE: Preconditions = { jobsRunning: false, draining: false, gpuUnusable: false, gpuBusy: false };
const measured: Measured = { outcome: 'answered', tokensPerSecond: 50, tookMs: 700, measuredAtWallMs: 1 };
const failed: Measured = { outcome: 'failed', code: 'timeout', message: null, measuredAtWallMs: 1 };
const candidate = (fields: Partial<MeasurementCandidate> = {}): MeasurementCandidate => ({
  modelId: 'm',
  ready: true,
  measurable: true,
  kindIsGuess: false,
  measured: null,
  requested: false,
  ...fields,
});
const waiting = (code: string) => ({ state: 'waiting', code });
const NONE = { state: 'none' };

describe('decideMeasurement', () => {
  test.each<readonly [string, Partial<MeasurementCandidate>, Partial<Preconditions>, boolean, object]>([
    ['no request -> none', {}, {}, false, NONE],
    ['requested by the owner -> next', { requested: true }, {}, false, waiting('next')],
    ['requested by the configuration -> next', {}, {}, true, waiting('next')],
    ['measured, requested by the configuration -> not repeated', { measured }, {}, true, { state: 'measured', measured }],
    ['failed, requested by the configuration -> not repeated', { measured: failed }, {}, true, { state: 'measured', measured: failed }],
    ['measured, requested by the owner -> next', { measured, requested: true }, {}, false, waiting('next')],
    [
      'no suitable request -> impossible',
      { measurable: false, requested: true },
      {},
      true,
      { state: 'impossible', code: 'no_suited_request' },
    ],
    ['guessed kind, requested by the configuration -> none', { kindIsGuess: true }, {}, true, NONE],
    ['guessed kind, requested by the owner -> next', { kindIsGuess: true, requested: true }, {}, true, waiting('next')],
    ['not ready -> waiting', { ready: false, requested: true }, {}, false, waiting('model_not_ready')],
    ['node draining -> waiting', { requested: true }, { draining: true, jobsRunning: true }, false, waiting('draining')],
    ['jobs running -> waiting', { requested: true }, { jobsRunning: true, gpuBusy: true }, false, waiting('jobs_running')],
    ['no usable GPU, requested by the owner -> waiting', { requested: true }, { gpuUnusable: true }, false, waiting('gpu_unusable')],
    ['GPU busy, requested by the configuration -> waiting', {}, { gpuBusy: true }, true, waiting('gpu_busy')],
    ['GPU busy, requested by the owner -> next', { requested: true }, { gpuBusy: true }, true, waiting('next')],
  ])('%s', (_title, fields, preconditions, measureAll, expected) => {
    const { measurements, next } = decideMeasurement([candidate(fields)], { ...IDLE, ...preconditions }, null, measureAll);
    const measurement = measurements.get('m');
    expect(measurement).toEqual(expected);
    expect(next).toBe((expected as Measurement & { code?: string }).code === 'next' ? 'm' : null);
  });
});

test('decideMeasurement: one at a time, requested models first', () => {
  const models = [candidate({ modelId: 'a' }), candidate({ modelId: 'b', requested: true }), candidate({ modelId: 'c', requested: true })];
  expect(decideMeasurement(models, IDLE, null, true).next).toBe('b');
  const { measurements, next } = decideMeasurement(models, IDLE, { modelId: 'b', sinceWallMs: 7 }, true);
  expect(next).toBeNull();
  expect([...measurements.values()]).toEqual([waiting('next'), { state: 'running', sinceWallMs: 7 }, waiting('next')]);
});

test.each<readonly [Partial<Preconditions>, boolean]>([
  [{}, false],
  [{ gpuBusy: true }, false],
  [{ gpuUnusable: true }, false],
  [{ jobsRunning: true }, true],
  [{ draining: true }, true],
])('mustStop: %j -> %s', (preconditions, expected) => {
  expect(mustStop({ ...IDLE, ...preconditions })).toBe(expected);
});
