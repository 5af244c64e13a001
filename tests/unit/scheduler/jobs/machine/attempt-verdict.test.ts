// What the end of an attempt shows about the model on its node.
import { expect, it } from 'vitest';
import { readResult } from '../../../../../src/main/scheduler/jobs/machine/attempt-result';
import { excusedNode, hasShortTimeout, isTriedFailure, verdictOf } from '../../../../../src/main/scheduler/jobs/machine/attempt-verdict';
import { DEFAULT_JOB_POLICY } from '../../../../../src/main/scheduler/jobs/machine/job-events';
import { type JobFacts, type JobRecord, newJob } from '../../../../../src/main/scheduler/jobs/machine/job-record';
import { jobTransition } from '../../../../../src/main/scheduler/jobs/machine/job-machine';
import type { AttemptOutcome } from '../../../../../src/shared/api/job';
import { at } from '../../lifecycle/records';
import { aJob, assigned, failure, played } from '../job-records';

const error = (code: string) => ({ code, message: 'why', details: { private: true } });
const counted = (code: string) => ({ kind: 'failed', error: { code, message: 'why' } });
/** The attempt timeout of the scheduler. */
const LONG_MS = DEFAULT_JOB_POLICY.defaultTimeoutMs;

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
  ['attempt timeout longer than the default', 'attempt_timeout', 'attempt_timeout', false, 2 * LONG_MS, counted('attempt_timeout')],
  ['attempt timeout of 10 s, below the default', 'attempt_timeout', 'attempt_timeout', false, 10_000, { kind: 'refused' }],
  ['attempt timeout just below the default', 'attempt_timeout', 'attempt_timeout', false, LONG_MS - 1, { kind: 'refused' }],
  ['timeout on the node', 'failed', 'timeout', true, LONG_MS, counted('timeout')],
  ['timeout on the node below the default', 'failed', 'timeout', true, LONG_MS - 1, { kind: 'refused' }],
  ['another failure with a timeout below the default', 'failed', 'command_failed', true, 10_000, counted('command_failed')],
  ['node lost', 'node_lost', 'node_lost', false, LONG_MS, { kind: 'refused' }],
  ['drain deadline', 'drain_timeout', 'drain_timeout', false, LONG_MS, { kind: 'none' }],
  ['quarantined', 'quarantined', 'quarantined', false, LONG_MS, { kind: 'none' }],
  ['not delivered', 'not_delivered', null, false, LONG_MS, { kind: 'none' }],
  ['job cancelled', 'cancelled', null, false, LONG_MS, { kind: 'none' }],
])('verdict: %s', (_title, outcome, code, retryable, timeoutMs, expected) => {
  expect(
    verdictOf({
      outcome,
      error: code === null ? null : error(code),
      retryable,
      isRefusal: false,
      hasShortTimeout: hasShortTimeout({ facts: aJob({ timeoutMs }) }, DEFAULT_JOB_POLICY),
      hasFailedBefore: false,
    }),
  ).toEqual(expected);
});

it('verdict: the last chunks of the stream are missing, as after a lost connection -> lowers the rank', () => {
  const message = {
    jobId: 'job-1',
    attempt: 1,
    success: true,
    output: { status: 200, body: null, chunks: 3 },
    error: null,
    processingTimeMs: 5,
    timings: null,
  };
  const { event } = readResult('node-1', message, aJob({ interactive: true, streams: true }), { count: 2, hasContent: true }, () => false);
  expect(event).toMatchObject({ error: { code: 'unreadable_answer', details: { field: 'output.chunks' } }, retryable: true });
  const { error: cause, retryable, isRefusal = false } = event;
  expect(verdictOf({ outcome: 'failed', error: cause, retryable, isRefusal, hasShortTimeout: false, hasFailedBefore: false })).toEqual({
    kind: 'refused',
  });
});

it('verdict: the runtime refused the request -> lowers the rank', () => {
  expect(
    verdictOf({ outcome: 'succeeded', error: null, retryable: false, isRefusal: true, hasShortTimeout: false, hasFailedBefore: false }),
  ).toEqual({
    kind: 'refused',
  });
});

it('verdict: cancelled because a part of the stream is missing -> lowers the rank', () => {
  const attempt = { outcome: 'cancelled', error: null, retryable: false, hasShortTimeout: false, hasFailedBefore: false } as const;
  expect(verdictOf({ ...attempt, isRefusal: true })).toEqual({ kind: 'refused' });
});

it.each<readonly [string, AttemptOutcome, string | null, object]>([
  ['a retryable failure', 'failed', 'command_failed', { kind: 'refused' }],
  ['an attempt timeout', 'attempt_timeout', 'attempt_timeout', { kind: 'refused' }],
  ['a success', 'succeeded', null, { kind: 'succeeded' }],
  ['a cancellation', 'cancelled', null, { kind: 'none' }],
])('verdict: the job failed before -> %s of the job excludes no model', (_title, outcome, code, expected) => {
  const attempt = { outcome, error: code === null ? null : error(code), retryable: true, isRefusal: false, hasShortTimeout: false };
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

type Ended = readonly [nodeId: string, AttemptOutcome, string | null];

const BOTH: readonly Ended[] = [
  ['node-1', 'failed', 'x'],
  ['node-2', 'failed', 'x'],
];

it.each<readonly [title: string, ended: readonly Ended[], facts: Partial<JobFacts>, unconfirmedOf: string | null, expected: string | null]>(
  [
    [
      'two nodes',
      [
        ['node-1', 'failed', 'runtime_http_500'],
        ['node-2', 'failed', 'runtime_http_500'],
      ],
      {},
      null,
      'node-1',
    ],
    [
      'one node, twice',
      [
        ['node-1', 'failed', 'runtime_http_500'],
        ['node-1', 'failed', 'runtime_http_500'],
      ],
      {},
      null,
      null,
    ],
    [
      'one node, the other one was full',
      [
        ['node-1', 'failed', 'runtime_http_500'],
        ['node-2', 'failed', 'capacity'],
      ],
      {},
      null,
      null,
    ],
    [
      'two nodes, after one was lost',
      [
        ['node-0', 'node_lost', 'node_lost'],
        ['node-1', 'failed', 'x'],
        ['node-2', 'failed', 'x'],
      ],
      {},
      null,
      'node-1',
    ],
    [
      'two nodes, after a timeout below the default',
      [
        ['node-1', 'attempt_timeout', 'attempt_timeout'],
        ['node-2', 'failed', 'x'],
      ],
      { timeoutMs: 10_000 },
      null,
      null,
    ],
    ['no node', [], {}, null, null],
    ['two nodes, the first error of which could not be retried', BOTH, {}, 'node-1', null],
    ['two nodes, the second error of which could not be retried', BOTH, {}, 'node-2', 'node-1'],
  ],
)('excused: the job fails on %s', (_title, ended, facts, unconfirmedOf, expected) => {
  const attempts = ended.map(([nodeId, outcome, code], i) => ({
    attempt: i + 1,
    nodeId,
    assignedAt: at(0),
    startedAt: null,
    endedAt: at(1),
    outcome,
    error: code === null ? null : error(code),
    prediction: null,
  }));
  const unconfirmed = unconfirmedOf === null ? null : { nodeId: unconfirmedOf, error: error('x') };
  const record: JobRecord = { ...newJob(aJob(facts), at(0)), attempts, unconfirmed };
  expect(excusedNode(record, DEFAULT_JOB_POLICY)).toBe(expected);
});

it('the last attempt fails on another node -> the failure of the first node does not count', () => {
  const before = played(
    [
      [0, assigned],
      [1, failure(true)],
      [5000, { type: 'retry_due' }],
      [5001, { type: 'assigned', nodeId: 'node-2' }],
    ],
    { maxAttempts: 2 },
  );
  const [record, effects] = jobTransition(before, failure(true, 2, 'node-2'), at(5002), DEFAULT_JOB_POLICY);
  expect(record.status).toBe('failed');
  expect(effects).toEqual([
    { type: 'slot_freed', nodeId: 'node-2', verdict: { kind: 'refused' } },
    { type: 'excused', nodeId: 'node-1' },
    { type: 'finished' },
  ]);
});
