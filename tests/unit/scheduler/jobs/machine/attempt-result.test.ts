// The timings of a result: passed on unchanged, and shown with the result.
import { expect, it } from 'vitest';
import { readResult } from '../../../../../src/main/scheduler/jobs/machine/attempt-result';
import type { JobTimings } from '../../../../../src/main/scheduler/dispatch/prediction/job-timings';
import { aJob } from '../job-records';

const TIMINGS: JobTimings = {
  queueMs: 0.4,
  loadMs: null,
  firstTokenMs: 250,
  promptTokens: 26,
  cachedTokens: 20,
  completionTokens: 11,
  decodeMs: 200,
  inputUnits: null,
};

const message = { jobId: 'job-1', attempt: 1, success: true, output: { status: 200, body: {} }, error: null, processingTimeMs: 451 };
const read = (timings: JobTimings | null, fields: object = {}) =>
  readResult('node-1', { ...message, ...fields, timings }, aJob(), { count: 0, hasContent: false }, () => false);

it('timings -> passed on unchanged, and in the view with the names of the protocol', () => {
  const { timings, view } = read(TIMINGS);
  expect(timings).toBe(TIMINGS);
  expect(view.timings).toEqual({
    queue_ms: 0.4,
    load_ms: null,
    first_token_ms: 250,
    prompt_tokens: 26,
    cached_tokens: 20,
    completion_tokens: 11,
    decode_ms: 200,
    input_units: null,
  });
});

it('no timings -> absent from the view', () => {
  const { timings, view } = read(null);
  expect([timings, 'timings' in view]).toEqual([null, false]);
});

it('timings of a failure -> passed on, with the error', () => {
  const { timings, event } = read(TIMINGS, { success: false });
  expect([timings, event.error?.code]).toEqual([TIMINGS, 'failed']);
});
