import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pause, systemClock } from '../../../src/main/platform/clock';

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

test.each([
  ['the time has passed', () => vi.advanceTimersByTime(2000)],
  ['stopped', (stop: AbortController) => stop.abort()],
])('pause: %s -> ends, and leaves neither a timer nor a listener', async (_case, act) => {
  const stop = new AbortController();
  const paused = pause(systemClock, 2000, stop.signal);
  act(stop);
  await paused;
  expect([vi.getTimerCount(), getEventListeners(stop.signal, 'abort').length]).toEqual([0, 0]);
});

test('pause: stopped before -> ends at once', async () => {
  await pause(systemClock, 2000, AbortSignal.abort());
  expect(vi.getTimerCount()).toBe(0);
});
