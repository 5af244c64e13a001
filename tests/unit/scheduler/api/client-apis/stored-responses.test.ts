// Responses in the background whose jobs end in unusual ways, and the time after which stored responses are gone.
import { beforeEach, expect, it, vi } from 'vitest';
import type { CancelReason, JobSubmission } from '../../../../../src/shared/api/job';
import { KEEP_MS } from '../../../../../src/main/scheduler/api/client-apis/core/responses/kept-responses';
import { responsesBodySchema } from '../../../../../src/main/scheduler/api/client-apis/core/responses/request';
import type { BackgroundRequest } from '../../../../../src/main/scheduler/api/client-apis/background-responses';
import { StoredResponses } from '../../../../../src/main/scheduler/api/client-apis/stored-responses';
import { ACCESS_CHECK_MS } from '../../../../../src/main/scheduler/api/openai/access-checks';
import type { AccessFailure } from '../../../../../src/main/scheduler/api/route';
import { ManualClock } from '../../../../support/manual-clock';
import { microtasksDone } from '../../../../support/microtasks';
import { type MemoryJob, MemoryJobs } from '../../../../support/memory-jobs';

const ID = 'resp_1';
const body = responsesBodySchema.parse({ model: 'm', input: 'hello', background: true });
const TASK = { kind: 'openai', path: '/v1/chat/completions', body: { model: 'm', messages: [] } } as const;

let jobs: MemoryJobs;
let clock: ManualClock;
let stored: StoredResponses;
beforeEach(() => {
  [jobs, clock] = [new MemoryJobs(), new ManualClock()];
  const explain = () => ({ chosen: null, nodes_total: 0, reasons: {}, nodes: [] });
  stored = new StoredResponses({ jobs, clock, pool: { explain }, shared: null });
});

const requestOf = (jobId: string): BackgroundRequest => ({
  holder: null,
  body,
  context: [],
  jobId,
  facts: { id: '1', requestId: 'req_1', model: 'm', atWallMs: 0 },
  ...{ translation: null, headers: {}, sessionKey: null, onlyNode: null },
  answer: () => null,
  language: 'en',
  accessFailure: () => null,
  release: () => undefined,
});

async function started(change: Partial<BackgroundRequest> = {}): Promise<MemoryJob> {
  const submission = { task: TASK, priority: 0, max_attempts: 3 } as unknown as JobSubmission;
  const submitted = await jobs.submit(submission, { idempotencyKey: null, interactive: true, traceId: null });
  if (!submitted.ok) throw new Error(submitted.error.code);
  expect(stored.run({ ...requestOf(submitted.value.jobId), ...change })).toMatchObject({ id: ID, status: 'queued' });
  const job = jobs.all.at(-1);
  if (job === undefined) throw new Error('no job');
  return job;
}

const error = { code: 'timeout', message: 'late', details: null };

it.each<[string, (job: MemoryJob) => void, object]>([
  ['an unreadable answer', (job) => job.succeed({ status: 200, body: {} }), { status: 'failed', error: { code: 'server_error' } }],
  ['a busy server', (job) => job.succeed({ status: 429, body: {} }), { status: 'failed', error: { code: 'rate_limit_exceeded' } }],
  ['no node in time', (job) => job.end('expired', error), { status: 'failed', error: { code: 'server_error' } }],
  ['cancelled by an operator', (job) => job.end('cancelled', error), { status: 'cancelled', error: null }],
])('background: %s -> the state of the response', async (_, end, response) => {
  const job = await started();
  job.run();
  expect(stored.find(null, ID)?.response).toMatchObject({ status: 'in_progress' });
  job.lose();
  expect(stored.find(null, ID)?.response).toMatchObject({ status: 'queued' });
  job.run();
  end(job);
  expect(stored.find(null, ID)?.response).toMatchObject(response);
  expect(job.listeners.size).toBe(0);
});

it('background: the job is gone already -> failed', async () => {
  stored.run(requestOf('no-such-job'));
  await microtasksDone();
  expect(stored.find(null, ID)?.response).toMatchObject({ status: 'failed' });
});

it.each<[string, (job: MemoryJob) => void, object]>([
  ['cancelled by an operator', (job) => job.end('cancelled', error), { status: 'cancelled', error: null }],
  ['no node in time', (job) => job.end('expired', error), { status: 'failed', error: { code: 'server_error' } }],
])('background: the job has ended and is stored before it is followed, %s -> the state of the response', async (_, end, response) => {
  jobs.onSubmit = end;
  await started();
  await microtasksDone();
  expect(stored.find(null, ID)?.response).toMatchObject(response);
});

it('background: deleted while its ended job is read -> stays deleted', async () => {
  jobs.onSubmit = (job) => job.end('expired', error);
  await started();
  expect(stored.delete(null, ID)).toBe(true);
  await microtasksDone();
  expect(stored.find(null, ID)).toBeNull();
});

it('background: the scheduler stops -> the job is cancelled', async () => {
  const job = await started();
  stored.stop();
  expect(job.cancelReason).toBe('scheduler_stopping');
  expect(job.listeners.size).toBe(0);
});

it.each<[string, AccessFailure, CancelReason]>([
  ['has expired', { code: 'UNAUTHORIZED', details: { reason: 'expired' } }, 'expired'],
  ['was revoked while the job was stored', { code: 'REVOKED', details: null }, 'revoked'],
])('background: the key %s -> the job is cancelled with the reason', async (_, failure, reason) => {
  const release = vi.fn();
  let access: AccessFailure | null = null;
  const job = await started({ accessFailure: () => access, release });
  job.run();
  clock.advance(ACCESS_CHECK_MS);
  expect(job.cancelReason).toBeNull();
  access = failure;
  clock.advance(ACCESS_CHECK_MS);
  expect(job.cancelReason).toBe(reason);
  expect(release).toHaveBeenCalledOnce();
  expect([stored.find(null, ID), job.listeners.size, clock.pending]).toEqual([null, 0, 0]);
});

it('stored: an hour later -> gone, each in its turn', () => {
  const { facts } = requestOf('j');
  stored.keep({ holder: null, body, context: [] }, { id: ID, output: [] }, facts);
  clock.advance(KEEP_MS - 1);
  stored.keep({ holder: null, body, context: [] }, { id: 'resp_2', output: [] }, { ...facts, id: '2' });
  expect(stored.conversation(null, ID)).toHaveLength(1);
  clock.advance(1);
  expect(stored.conversation(null, ID)).toBeNull();
  expect(stored.conversation(null, 'resp_2')).toHaveLength(1);
  clock.advance(KEEP_MS);
  expect(stored.find(null, 'resp_2')).toBeNull();
});

it.each<[string, (job: MemoryJob) => unknown]>([
  ['ends', (job) => job.end('cancelled', error)],
  ['is cancelled', () => stored.cancel(null, ID)],
  ['is deleted', () => stored.delete(null, ID)],
])('background: too much memory of responses that run -> refused until one %s', async (_, end) => {
  const large = { holder: 'k', body: { ...body, input: 'x'.repeat(20_000_000) }, context: [] };
  const release = stored.reserve(large);
  if (typeof release !== 'function') throw new Error(release.limit);
  const job = await started({ release });
  expect(stored.reserve(large)).toMatchObject({ limit: 'background_megabytes' });
  await end(job);
  expect(stored.reserve(large)).toBeTypeOf('function');
});
