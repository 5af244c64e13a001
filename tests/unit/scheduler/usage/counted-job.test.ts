import { expect, test } from 'vitest';
import { attemptCounts, requestCounts, tokenCounts } from '../../../../src/main/scheduler/usage/core/counted-job';
import type { JobTimings } from '../../../../src/main/scheduler/dispatch/prediction/job-timings';
import { gpuMsOf } from '../../../../src/main/scheduler/jobs/machine/gpu-time';
import type { Attempt } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { aJob } from '../jobs/job-records';

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

const timings = (change: Partial<JobTimings>): JobTimings => ({
  queueMs: null,
  loadMs: null,
  firstTokenMs: null,
  promptTokens: null,
  cachedTokens: null,
  completionTokens: null,
  decodeMs: null,
  inputUnits: null,
  ...change,
});
const chat = { ...aJob().task, path: '/v1/chat/completions' };
test.each([
  ['chat', chat, timings({ promptTokens: 9, cachedTokens: 4, completionTokens: 3 }), { promptTokens: 9, cachedTokens: 4, outputTokens: 3 }],
  [
    'chat without the cache',
    chat,
    timings({ promptTokens: 9, completionTokens: 3 }),
    { promptTokens: 9, cachedTokens: 0, outputTokens: 3 },
  ],
  ['chat without timings', chat, null, { withoutTokens: 1 }],
  [
    'chat with the prompt alone',
    chat,
    timings({ promptTokens: 9 }),
    { promptTokens: 9, cachedTokens: 0, outputTokens: 0, withoutTokens: 1 },
  ],
  ['embedding', { ...chat, path: '/v1/embeddings' }, timings({ promptTokens: 9 }), { promptTokens: 9, cachedTokens: 0, outputTokens: 0 }],
  ['speech', { ...chat, path: '/v1/audio/transcriptions' }, timings({ inputUnits: 30 }), null],
  ['command', { ...chat, path: null }, null, null],
] as const)('tokens of an answer: %s', (_case, task, reported, counts) => {
  expect(tokenCounts(task, reported)).toEqual(counts);
});
