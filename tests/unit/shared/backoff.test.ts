import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, fullJitterMs, jitteredMs, parseRetryAfterSeconds } from '../../../src/shared/backoff';

const policy = { firstMs: 1000, maxMs: 30_000 };
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  test.each([
    [0, 1000],
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [5, 16_000],
    [6, 30_000],
    [1_000_000, 30_000],
  ])('failures: %i in a row -> a delay of %i ms', (failures, delayMs) => {
    expect(backoffMs(policy, failures)).toBe(delayMs);
  });

  test('full jitter: any random number -> from 0 to below the delay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), random, (delayMs, share) => {
        const jittered = fullJitterMs(delayMs, share);
        expect(jittered).toBeGreaterThanOrEqual(0);
        expect(jittered).toBeLessThan(delayMs);
      }),
    );
  });

  test('proportional jitter: 10 % -> from 900 to 1100 ms', () => {
    expect([0, 0.5, 0.999_999].map((share) => jitteredMs(1000, 0.1, share))).toEqual([900, 1000, 1100]);
  });
});

test.each([
  ['17', 17],
  [' 2 ', 2],
  ['0', 0],
  [undefined, null],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['99999999', null],
  ['Wed, 21 Oct 2026 07:28:00 GMT', null],
])('Retry-After: %j -> %s s', (header, seconds) => {
  expect(parseRetryAfterSeconds(header)).toBe(seconds);
});
