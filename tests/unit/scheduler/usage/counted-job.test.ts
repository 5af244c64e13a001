import { expect, test } from 'vitest';
import { attemptCounts, requestCounts, tokenCounts } from '../../../../src/main/scheduler/usage/core/counted-job';
import { gpuMsOf } from '../../../../src/main/scheduler/jobs/machine/gpu-time';
import type { Attempt } from '../../../../src/main/scheduler/jobs/machine/job-record';

test.each([
  ['succeeded', { requests: 1 }],
  ['failed', { requests: 1, failed: 1 }],
  ['expired', { requests: 1, failed: 1 }],
  ['cancelled', { requests: 1, cancelled: 1 }],
] as const)('job %s -> %j', (status, counts) => {
  expect(requestCounts(status)).toEqual(counts);
});

test.each([
  ['succeeded', { requests: 1 }],
  ['failed', { requests: 1, failed: 1 }],
  ['attempt_timeout', { requests: 1, failed: 1 }],
  ['cancelled', { requests: 1, cancelled: 1 }],
  ['node_lost', null],
  ['drain_timeout', null],
  ['quarantined', null],
  ['not_delivered', null],
] as const)('attempt %s -> %j', (outcome, counts) => {
  expect(attemptCounts(outcome)).toEqual(counts);
});

const instant = (monotonicMs: number) => ({ wallMs: 0, monotonicMs });
const attempt = (change: Partial<Attempt>): Attempt => ({
  attempt: 1,
  nodeId: 'n',
  assignedAt: instant(100),
  startedAt: instant(150),
  endedAt: instant(400),
  outcome: 'succeeded',
  error: null,
  prediction: null,
  ...change,
});
test.each<[string, Partial<Attempt>, number]>([
  ['from the start on the node', {}, 250],
  ['an answer before the start was known: from the assignment', { startedAt: null }, 300],
  ['cancelled before its start', { startedAt: null, outcome: 'cancelled' }, 0],
  ['the node was drained', { outcome: 'drain_timeout' }, 0],
  ['still live', { endedAt: null, outcome: null }, 0],
])('time of an attempt: %s', (_case, change, ms) => {
  expect(gpuMsOf(attempt(change))).toBe(ms);
});

test.each([
  ['none', null, {}],
  [
    'reported',
    { prompt: 9, cached: 4, output: 3, isEstimated: false },
    { promptTokens: 9, cachedTokens: 4, outputTokens: 3, estimated: 0 },
  ],
  [
    'estimated',
    { prompt: 9, cached: 0, output: 0, isEstimated: true },
    { promptTokens: 9, cachedTokens: 0, outputTokens: 0, estimated: 1 },
  ],
])('tokens: %s -> %j', (_case, tokens, counts) => {
  expect(tokenCounts(tokens)).toEqual(counts);
});
