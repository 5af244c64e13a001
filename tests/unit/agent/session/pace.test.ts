import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, heartbeatDelayMs } from '../../../../src/main/agent/session/pace';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  test.each([
    [0, 0, null, 0],
    [0, 0.999, null, 999],
    [1, 0.5, null, 1000],
    [4, 0.5, null, 8000],
    [5, 0.999, null, 29_970],
    [1000, 0.5, null, 15_000],
    [0, 0.5, 17_000, 17_000],
    [5, 0.999, 1000, 29_970],
    [0, 0.5, 86_400_000, 300_000],
  ])('after %i failures, with %f, told to wait %s, is %i ms', (failures, chance, retryAfter, expected) => {
    expect(backoffMs(failures, chance, retryAfter)).toBe(expected);
  });

  test('is never above 30 s or 2^failures seconds, unless the scheduler asks for more', () => {
    fc.assert(
      fc.property(fc.nat(10_000), random, (failures, chance) => {
        const delay = backoffMs(failures, chance, null);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(Math.min(30_000, 1000 * 2 ** failures));
      }),
    );
  });
});

describe('the time to the next heartbeat', () => {
  test.each([
    [15_000, false, 0.5, 15_000],
    [15_000, false, 0, 13_500],
    [15_000, false, 0.999_999, 16_500],
    [15_000, true, 0.5, 3000],
    [10_000, true, 0.5, 2000],
    [200, true, 0.5, 40],
  ])('at an interval of %i ms (warming up: %s) with %f is %i ms', (intervalMs, warmingUp, chance, expected) => {
    expect(heartbeatDelayMs(intervalMs, warmingUp, chance)).toBe(expected);
  });

  test('differs from its base by at most a tenth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 600_000 }), fc.boolean(), random, (intervalMs, warmingUp, chance) => {
        const base = warmingUp ? Math.min(intervalMs / 5, 3000) : intervalMs;
        expect(Math.abs(heartbeatDelayMs(intervalMs, warmingUp, chance) - base)).toBeLessThanOrEqual(base / 10 + 0.5);
      }),
    );
  });
});
