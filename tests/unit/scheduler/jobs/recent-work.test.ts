import { expect, test } from 'vitest';
import { addLatency, joinLatencies, latencyMs } from '../../../../src/main/scheduler/jobs/machine/latencies';
import { RecentWork } from '../../../../src/main/scheduler/jobs/recent-work';

test('recent work: taken -> starts again from zero', () => {
  const work = new RecentWork();
  work.jobEnded();
  work.output(10.4);
  work.attemptEnded('node_lost', 'a');
  work.attemptEnded('node_lost', 'a');
  work.attemptEnded('drain_timeout', 'a');
  work.attemptEnded('quarantined', 'b');
  for (const outcome of ['succeeded', 'failed', 'cancelled', 'not_delivered', 'attempt_timeout'] as const) work.attemptEnded(outcome, 'c');
  expect(work.take()).toEqual({
    endedJobs: 1,
    outputTokens: 10,
    firstTokens: {},
    lost: new Map([
      ['a', { nodeLost: 2, drained: 1, quarantined: 0 }],
      ['b', { nodeLost: 0, drained: 0, quarantined: 1 }],
    ]),
  });
  expect(work.take()).toEqual({ endedJobs: 0, outputTokens: 0, firstTokens: {}, lost: new Map() });
});

test('recent work: tokens estimated too high -> the correction reduces the next figures, none is below zero', () => {
  const work = new RecentWork();
  work.output(100);
  expect(work.take().outputTokens).toBe(100);
  work.output(-30);
  expect(work.take().outputTokens).toBe(0);
  work.output(50);
  expect(work.take().outputTokens).toBe(20);
});

test('latencies: percentiles -> within 5% of the exact ones; joined as if counted together', () => {
  const [one, other]: Record<number, number>[] = [{}, {}];
  const all = Array.from({ length: 1000 }, (_, index) => 20 + index * 7);
  for (const [index, ms] of all.entries()) addLatency((index % 2 === 0 ? one : other) ?? {}, ms);
  const joined = joinLatencies(one ?? {}, other ?? {});
  for (const share of [0.01, 0.5, 0.95, 1]) {
    const exact = all[Math.ceil(share * all.length) - 1] ?? 0;
    expect(Math.abs((latencyMs(joined, share) ?? 0) / exact - 1)).toBeLessThanOrEqual(0.05);
  }
});

test.each([0, -5, 1e12, Infinity])('latencies: duration %d -> counted in the first or last bucket', (ms) => {
  const latencies: Record<number, number> = {};
  addLatency(latencies, ms);
  expect(latencyMs(latencies, 0.5)).toBeGreaterThan(0);
});

test('latencies: none -> unknown', () => {
  expect(latencyMs({}, 0.5)).toBeNull();
});
