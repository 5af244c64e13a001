// What the end of an attempt shows about the model on its node.
import { expect, it } from 'vitest';
import { isTriedFailure, verdictOf } from '../../../../../src/main/scheduler/jobs/machine/attempt-verdict';
import type { AttemptOutcome } from '../../../../../src/shared/api/job';

const error = (code: string) => ({ code, message: 'why', details: { private: true } });
const counted = (code: string) => ({ kind: 'failed', error: { code, message: 'why' } });
const LONG_MS = 300_000;

it.each<readonly [string, AttemptOutcome, string | null, boolean, number, object]>([
  ['success', 'succeeded', null, false, LONG_MS, { kind: 'succeeded' }],
  ['retryable failure', 'failed', 'command_failed', true, LONG_MS, counted('command_failed')],
  ['code of another version', 'failed', 'brand_new', true, LONG_MS, counted('brand_new')],
  ['answer that is not whole', 'failed', 'unreadable_answer', true, LONG_MS, counted('unreadable_answer')],
  ['stream that broke', 'failed', 'runtime_stream_broken', true, LONG_MS, counted('runtime_stream_broken')],
  ['failure that is not retryable', 'failed', 'bad_request', false, LONG_MS, { kind: 'none' }],
  ['node is full', 'failed', 'capacity', true, LONG_MS, { kind: 'refused' }],
  ['node stops', 'failed', 'node_stopping', true, LONG_MS, { kind: 'refused' }],
  ['results wait on the node', 'failed', 'results_waiting', true, LONG_MS, { kind: 'refused' }],
  ['node has a newer attempt', 'failed', 'stale_attempt', true, LONG_MS, { kind: 'refused' }],
  ['model server is full', 'failed', 'runtime_http_429', true, LONG_MS, { kind: 'refused' }],
  ['cancelled on the node', 'failed', 'cancelled', true, LONG_MS, { kind: 'none' }],
  ['attempt timeout', 'attempt_timeout', 'attempt_timeout', false, LONG_MS, counted('attempt_timeout')],
  ['attempt timeout that is too short', 'attempt_timeout', 'attempt_timeout', false, 9999, { kind: 'none' }],
  ['timeout on the node', 'failed', 'timeout', true, LONG_MS, counted('timeout')],
  ['timeout on the node that is too short', 'failed', 'timeout', true, 9999, { kind: 'none' }],
  ['node lost', 'node_lost', 'node_lost', false, LONG_MS, { kind: 'refused' }],
  ['drain deadline', 'drain_timeout', 'drain_timeout', false, LONG_MS, { kind: 'none' }],
  ['quarantined', 'quarantined', 'quarantined', false, LONG_MS, { kind: 'none' }],
  ['not delivered', 'not_delivered', null, false, LONG_MS, { kind: 'none' }],
  ['job cancelled', 'cancelled', null, false, LONG_MS, { kind: 'none' }],
])('verdict: %s', (_title, outcome, code, retryable, timeoutMs, expected) => {
  expect(
    verdictOf({ outcome, error: code === null ? null : error(code), retryable, isRefusal: false, timeoutMs, hasFailedBefore: false }),
  ).toEqual(expected);
});

it('verdict: the runtime refused the request -> lowers the rank', () => {
  expect(
    verdictOf({ outcome: 'succeeded', error: null, retryable: false, isRefusal: true, timeoutMs: LONG_MS, hasFailedBefore: false }),
  ).toEqual({
    kind: 'refused',
  });
});

it('verdict: cancelled because a part of the stream is missing -> lowers the rank', () => {
  const attempt = { outcome: 'cancelled', error: null, retryable: false, timeoutMs: LONG_MS, hasFailedBefore: false } as const;
  expect(verdictOf({ ...attempt, isRefusal: true })).toEqual({ kind: 'refused' });
});

it.each<readonly [string, AttemptOutcome, string | null, object]>([
  ['a retryable failure', 'failed', 'command_failed', { kind: 'refused' }],
  ['an attempt timeout', 'attempt_timeout', 'attempt_timeout', { kind: 'refused' }],
  ['a success', 'succeeded', null, { kind: 'succeeded' }],
  ['a cancellation', 'cancelled', null, { kind: 'none' }],
])('verdict: the job failed before -> %s of the job excludes no model', (_title, outcome, code, expected) => {
  const attempt = { outcome, error: code === null ? null : error(code), retryable: true, isRefusal: false, timeoutMs: LONG_MS };
  expect(verdictOf({ ...attempt, hasFailedBefore: true })).toEqual(expected);
});

it.each<readonly [AttemptOutcome | null, string | null, boolean]>([
  ['failed', 'runtime_http_500', true],
  ['failed', 'capacity', false],
  ['attempt_timeout', 'attempt_timeout', true],
  ['node_lost', 'node_lost', false],
  [null, null, false],
])('attempt: %s (%s) -> the node tried the job and failed: %s', (outcome, code, expected) => {
  expect(isTriedFailure({ outcome, error: code === null ? null : error(code) })).toBe(expected);
});
