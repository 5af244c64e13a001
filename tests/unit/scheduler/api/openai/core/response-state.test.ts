// The effect of each job event on the response, state by state.
import { describe, expect, it } from 'vitest';
import type { JobError, JobStatus, JobView } from '../../../../../../src/shared/api/job';
import {
  onJobEvent,
  type ResponseAct,
  type ResponseState,
  startResponse,
} from '../../../../../../src/main/scheduler/api/openai/core/response-state';
import { MemoryJob } from '../../../../../support/memory-jobs';

const task = { kind: 'openai' as const, path: '/v1/chat/completions' as const, body: { model: 'm' } };
const submission = { required_models: [], public: true, task, wait_for_node: true, max_attempts: 3, priority: 0 };
const base = new MemoryJob('job-1', submission, { idempotencyKey: null, interactive: true, traceId: null }).view;
const job = (status: JobStatus, attempt: number, change: Partial<JobView> = {}): JobView => ({
  ...base,
  status,
  attempt,
  node_id: attempt === 0 ? null : `node-${String(attempt)}`,
  ...change,
});
const result = (output: unknown): Partial<JobView> => ({
  result: { attempt: 1, node_id: 'node-1', success: true, output, error: null, processing_time_ms: 1 },
});
const lost: JobError = { code: 'node_lost', message: 'gone', details: null };
const lostAttempt = {
  attempt: 1,
  node_id: 'node-1',
  assigned_at: 0,
  started_at: 0,
  ended_at: 1,
  outcome: 'node_lost' as const,
  error: lost,
};

const fresh = startResponse(true);
const plain = startResponse(false);
const committed: ResponseState = { streams: true, committed: { attempt: 1, nextSeq: 2 } };
const broken = (reason: Extract<ResponseAct, { type: 'broken' }>['reason'], error: JobError | null = null): ResponseAct => ({
  type: 'broken',
  reason,
  error,
});
const finish = (...events: unknown[]): ResponseAct => ({ type: 'finish', events, nodeId: 'node-1' });
const whole = { object: 'chat.completion', choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }] };
const wholeChunks = [
  { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: null }] },
  { object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
];

const JOB_CASES: readonly (readonly [string, ResponseState, JobView, ResponseAct])[] = [
  ['queued, nothing was sent', fresh, job('queued', 0), { type: 'queued' }],
  ['queued again, nothing was sent', fresh, job('queued', 1), { type: 'queued' }],
  ['queued again, whole answer', plain, job('queued', 1), { type: 'queued' }],
  ['queued again after a chunk', committed, job('queued', 1, { attempts: [lostAttempt] }), broken('attempt_lost', lost)],
  ['assigned', fresh, job('assigned', 1), { type: 'assigned', nodeId: 'node-1' }],
  ['running', plain, job('running', 2), { type: 'assigned', nodeId: 'node-2' }],
  ['running as before after a chunk', committed, job('running', 1), { type: 'assigned', nodeId: 'node-1' }],
  ['running on another node after a chunk', committed, job('running', 2), broken('attempt_lost')],
  [
    'succeeded',
    plain,
    job('succeeded', 1, result({ status: 200, body: 7 })),
    { type: 'answer', output: { status: 200, body: 7 }, nodeId: 'node-1' },
  ],
  [
    'succeeded with bytes',
    plain,
    job('succeeded', 1, result({ status: 200, content_type: 'audio/wav', base64: 'AA==' })),
    { type: 'answer', output: { status: 200, content_type: 'audio/wav', base64: 'AA==' }, nodeId: 'node-1' },
  ],
  ['succeeded with an unreadable output', plain, job('succeeded', 1, result('hello')), broken('unreadable_output')],
  ['succeeded with null instead of an answer', plain, job('succeeded', 1, result({ status: 200, body: null })), broken('no_answer')],
  ...[undefined, null, {}, 'hello'].map<[string, ResponseState, JobView, ResponseAct]>((output) => [
    `succeeded with ${JSON.stringify(output)} after its chunks`,
    committed,
    job('succeeded', 1, result(output)),
    finish(),
  ]),
  ...[undefined, null, { status: 200, body: null }].map<[string, ResponseState, JobView, ResponseAct]>((output) => [
    `succeeded with ${JSON.stringify(output)} and no chunks`,
    fresh,
    job('succeeded', 1, result(output)),
    finish(),
  ]),
  ['succeeded with an unreadable output instead of a stream', fresh, job('succeeded', 1, result('hello')), broken('unreadable_output')],
  ['succeeded with all its chunks', committed, job('succeeded', 1, result({ status: 200, body: null, chunks: 2 })), finish()],
  [
    'succeeded with its last chunk missing',
    committed,
    job('succeeded', 1, result({ status: 200, body: null, chunks: 3 })),
    broken('chunk_missing'),
  ],
  ['succeeded with fewer chunks', committed, job('succeeded', 1, result({ status: 200, body: null, chunks: 1 })), broken('chunk_missing')],
  ['succeeded with no chunk', fresh, job('succeeded', 1, result({ status: 200, body: null, chunks: 2 })), broken('chunk_missing')],
  [
    'succeeded with the missing chunks in its result',
    committed,
    job('succeeded', 1, result({ status: 200, body: null, chunks: 4, events: ['a', 'b', 'c', 'd'] })),
    finish('c', 'd'),
  ],
  [
    'succeeded with some of the missing chunks in its result',
    committed,
    job('succeeded', 1, result({ status: 200, body: null, chunks: 4, events: ['a', 'b', 'c'] })),
    broken('chunk_missing'),
  ],
  [
    'succeeded in another attempt than the one that was passed on',
    { ...committed, committed: { attempt: 2, nextSeq: 2 } },
    job('succeeded', 1, result({ status: 200, body: null })),
    broken('attempt_lost'),
  ],
  [
    'succeeded with a whole answer instead of a stream',
    fresh,
    job('succeeded', 1, result({ status: 200, body: whole })),
    finish(...wholeChunks),
  ],
  [
    'succeeded with an answer of another type instead of a stream',
    fresh,
    job('succeeded', 1, result({ status: 200, content_type: 'text/html', base64: 'AA==' })),
    broken('not_streamed'),
  ],
  [
    'succeeded with a refusal of a stream',
    fresh,
    job('succeeded', 1, result({ status: 400, body: 7 })),
    { type: 'answer', output: { status: 400, body: 7 }, nodeId: 'node-1' },
  ],
  ['succeeded without a result', plain, job('succeeded', 1), broken('unreadable_output')],
];

describe('job event', () => {
  it.each(JOB_CASES)('%s', (_title, state, view, act) => {
    expect(onJobEvent(state, { type: 'job', job: view })).toEqual([state, act]);
  });

  it.each<JobStatus>(['failed', 'cancelled', 'expired'])('%s -> request fails, also after chunks', (status) => {
    for (const state of [fresh, plain, committed])
      expect(onJobEvent(state, { type: 'job', job: job(status, 1) })).toEqual([state, { type: 'fail', job: job(status, 1) }]);
  });
});

describe('chunk', () => {
  it.each<[string, ResponseState, number, number, ResponseState, ResponseAct]>([
    ['first', fresh, 1, 0, { streams: true, committed: { attempt: 1, nextSeq: 1 } }, { type: 'chunk', data: 'x' }],
    ['first of a later attempt', fresh, 2, 0, { streams: true, committed: { attempt: 2, nextSeq: 1 } }, { type: 'chunk', data: 'x' }],
    ['next', committed, 1, 2, { streams: true, committed: { attempt: 1, nextSeq: 3 } }, { type: 'chunk', data: 'x' }],
    ['after a gap', committed, 1, 3, committed, broken('chunk_missing')],
    ['without the first chunk', fresh, 1, 1, fresh, broken('chunk_missing')],
    ['of another attempt', committed, 2, 0, committed, broken('attempt_lost')],
    ['for a request that does not stream', plain, 1, 0, plain, { type: 'wait' }],
  ])('%s', (_title, state, attempt, seq, next, act) => {
    expect(onJobEvent(state, { type: 'chunk', attempt, seq, data: 'x' })).toEqual([next, act]);
  });
});
