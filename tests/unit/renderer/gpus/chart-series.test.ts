import { describe, expect, it, test } from 'vitest';
import { dividedSeries, readingsSince, withReading } from '../../../../src/renderer/pages/gpus/chart-series';
import { gpuHistory } from '../../../fixtures/app-states/gpu-history';
import { gpuView, hardwareView, known, unknown } from '../../../fixtures/app-states/gpus';
import { NOW } from '../../../fixtures/app-states/moment';
import { limitOf, limitSteps, stepOf } from '../../../../src/renderer/pages/gpus/limit-steps';

const names = { pool: 'Pool', owner: 'You', used: 'Not divided' };

describe('series of a chart', () => {
  it('parts known -> owner and pool, no sum', () => {
    expect(dividedSeries(names, [60, null, 10], [50, null, 0], [10, null, 10])).toEqual([
      { label: 'You', kind: 'owner', values: [10, null, 10] },
      { label: 'Pool', kind: 'pool', values: [50, null, 0] },
    ]);
  });

  it('parts unknown for a time -> the sum there, and only there', () => {
    expect(dividedSeries(names, [60, 90, 10], [50, null, 0], [10, null, 10])[2]).toEqual({
      label: 'Not divided',
      kind: 'total',
      values: [null, 90, null],
    });
  });

  it('parts never known -> the sum alone; nothing known -> nothing is 0', () => {
    expect(dividedSeries(names, [60, 0], [null, null], [null, null])).toEqual([{ label: 'Not divided', kind: 'total', values: [60, 0] }]);
    expect(dividedSeries(names, [null], [null], [null])).toEqual([{ label: 'Not divided', kind: 'total', values: [null] }]);
  });
});

describe('the present reading', () => {
  const gpu = gpuView({ utilization_percent: known(94), pool_percent: 90, owner_percent: 4, temperature_c: unknown('error') });
  const history = gpuHistory('1h', NOW, [{ key: gpu.key, totalGb: 24, powerW: 450 }]);
  const length = history.times.length;

  test('the charts end with it; a figure that is not known is null', () => {
    const { times, cpu, gpus } = withReading(history, hardwareView({ gpus: [gpu] }));
    expect([times.length, times.at(-1)]).toEqual([length + 1, NOW]);
    expect([cpu.percent, cpu.owner_percent, cpu.memory_percent].map((values) => values[length])).toEqual([34, 12, 61]);
    const { key: _key, ...series } = gpus[0] ?? { key: '' };
    expect(Object.values(series).map((values) => values[length])).toEqual([94, 90, 4, 12.7, 10.6, 2.1, null, 286]);
  });

  test.each([
    ['a GPU that is not usable', hardwareView({ gpus: [{ ...gpu, available: false }] }), length + 1],
    ['a GPU that is gone', hardwareView({ gpus: [] }), length + 1],
    ['nothing has been read', hardwareView({ gpus: [gpu], read_at: null }), length],
  ])('%s -> no value of it', (_what, hardware, expected) => {
    const { times, gpus } = withReading(history, hardware);
    expect(times).toHaveLength(expected);
    expect(gpus[0]?.use_percent[length] ?? null).toBeNull();
  });
});

describe('first reading', () => {
  test.each([
    ['no reading', [], 'none'],
    ['since a minute ago in one hour', [3540, 3555], 3540],
    ['over the whole range, or nearly', [60, 75], null],
  ] as const)('%s', (_name, times, since) => {
    expect(readingsSince({ from: 0, to: 3600, times: [...times] })).toBe(since);
  });
});

describe('steps of the VRAM limit', () => {
  test.each([
    [8, { step: 1, max: 8 }],
    [23.9, { step: 2, max: 24 }],
    [79.6, { step: 4, max: 80 }],
  ])('%d GB', (totalGb, expected) => {
    expect(limitSteps(totalGb)).toEqual(expected);
  });

  test.each<[string, number, number | null]>([
    ['the last step is no limit', 24, null],
    ['one below', 22, 22],
    ['a limit that was written by hand moves to a round one', 10.5, 10],
    ['never 0', 0.5, 2],
  ])('%s', (_title, value, expected) => {
    expect(limitOf(value, limitSteps(24))).toBe(expected);
  });

  test.each<[string, number | null, number]>([
    ['no limit', null, 24],
    ['a limit', 16, 16],
    ['written by hand', 10.5, 10.5],
    ['above the card', 48, 24],
  ])('shown: %s', (_title, limitGb, expected) => {
    expect(stepOf(limitGb, limitSteps(24))).toBe(expected);
  });
});
