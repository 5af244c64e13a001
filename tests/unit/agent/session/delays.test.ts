import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconnectDelayMs, heartbeatDelayMs } from '../../../../src/main/agent/session/delays';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('reconnectDelayMs', () => {
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
  ])('%i failures, random %f, Retry-After %s -> %i ms', (failures, chance, retryAfter, expected) => {
    expect(reconnectDelayMs(failures, chance, retryAfter)).toBe(expected);
  });

  test('at most 30 s and 2^failures seconds without Retry-After', () => {
    fc.assert(
      fc.property(fc.nat(10_000), random, (failures, chance) => {
        const delay = reconnectDelayMs(failures, chance, null);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(Math.min(30_000, 1000 * 2 ** failures));
      }),
    );
  });
});

describe('heartbeatDelayMs', () => {
  test.each([
    [15_000, false, 0.5, 15_000],
    [15_000, false, 0, 13_500],
    [15_000, false, 0.999_999, 16_500],
    [15_000, true, 0.5, 3000],
    [10_000, true, 0.5, 2000],
    [200, true, 0.5, 40],
  ])('interval %i ms, warming up %s, random %f -> %i ms', (intervalMs, warmingUp, chance, expected) => {
    expect(heartbeatDelayMs(intervalMs, warmingUp, chance)).toBe(expected);
  });

  test('jitter of at most 10 %', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 600_000 }), fc.boolean(), random, (intervalMs, warmingUp, chance) => {
        const base = warmingUp ? Math.min(intervalMs / 5, 3000) : intervalMs;
        expect(Math.abs(heartbeatDelayMs(intervalMs, warmingUp, chance) - base)).toBeLessThanOrEqual(base / 10 + 0.5);
      }),
    );
  });
});
