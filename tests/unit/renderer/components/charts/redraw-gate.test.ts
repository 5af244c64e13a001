import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRedrawGate, REDRAW_MS } from '../../../../../src/renderer/components/charts/redraw-gate';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const bench = () => {
  const draw = vi.fn();
  return { draw, gate: createRedrawGate(draw, Date.now), draws: () => draw.mock.calls.length };
};

test('redraw: no change -> no timer', () => {
  const { gate, draws } = bench();
  gate.request();
  vi.advanceTimersByTime(60_000);
  expect([draws(), vi.getTimerCount()]).toEqual([1, 0]);
});

test('redraw: ten changes in a second -> one drawing at once, one at its end', () => {
  const { gate, draws } = bench();
  for (let i = 0; i < 10; i++) {
    gate.request();
    vi.advanceTimersByTime(REDRAW_MS / 20);
  }
  expect(draws()).toBe(1);
  vi.advanceTimersByTime(REDRAW_MS);
  expect(draws()).toBe(2);
});

test('redraw: hidden -> none; shown again -> the missed one; shown without a change -> none', () => {
  const { gate, draws } = bench();
  gate.request();
  gate.setVisible(false);
  vi.advanceTimersByTime(5 * REDRAW_MS);
  gate.request();
  vi.advanceTimersByTime(5 * REDRAW_MS);
  expect(draws()).toBe(1);
  gate.setVisible(true);
  expect(draws()).toBe(2);
  gate.setVisible(true);
  expect(draws()).toBe(2);
});

test('redraw: stopped while one is due -> none', () => {
  const { gate, draws } = bench();
  gate.request();
  gate.request();
  gate.stop();
  vi.advanceTimersByTime(5 * REDRAW_MS);
  expect([draws(), vi.getTimerCount()]).toEqual([1, 0]);
});
