import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { screenClock } from '../../../../src/renderer/clock/Clock';

beforeEach(() => vi.useFakeTimers({ now: 10_000 }));
afterEach(() => vi.useRealTimers());

test('clock: listeners tick together once a second, time is constant between ticks', () => {
  const clock = screenClock();
  const seen: number[] = [];
  const stop = clock.subscribe(() => seen.push(clock.now()));
  const stopOther = clock.subscribe(() => seen.push(clock.now()));
  vi.advanceTimersByTime(999);
  expect(clock.now()).toBe(10_000);
  vi.advanceTimersByTime(1001);
  expect(seen).toEqual([11_000, 11_000, 12_000, 12_000]);
  stop();
  stopOther();
  expect(vi.getTimerCount()).toBe(0);
});

test('clock: first subscriber after a pause -> current time', () => {
  const clock = screenClock();
  vi.advanceTimersByTime(60_000);
  clock.subscribe(() => undefined)();
  expect(clock.now()).toBe(70_000);
});
