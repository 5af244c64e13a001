import { describe, expect, it, test } from 'vitest';
import { dividedSeries, readingsSince } from '../../../../src/renderer/pages/gpus/chart-series';
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
