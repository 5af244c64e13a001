import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([2 ** 31, 30 * 24 * 3600 * 1000, Infinity])('timer: %f ms, more than setTimeout supports -> does not fire at once', (delayMs) => {
  const callback = vi.fn();
  const timer = systemClock.setTimer(delayMs, callback);
  vi.advanceTimersByTime(24 * 3600 * 1000);
  expect(callback).not.toHaveBeenCalled();
  timer.cancel();
});
