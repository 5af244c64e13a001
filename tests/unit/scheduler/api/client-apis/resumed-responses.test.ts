// Responses in the background when the leader changes: the next one has their requests in memory, and goes on with each.
import { beforeEach, expect, it } from 'vitest';
import type { JobSubmission } from '../../../../../src/shared/api/job';
import { fail, ok } from '../../../../../src/shared/result';
import type { Resuming } from '../../../../../src/main/scheduler/api/client-apis/background-responses';
import type { RunningRequest } from '../../../../../src/main/scheduler/api/client-apis/core/responses/stored-request';
import { ResponseMemory } from '../../../../../src/main/scheduler/api/client-apis/response-memory';
import { StoredResponses } from '../../../../../src/main/scheduler/api/client-apis/stored-responses';
import { ACCESS_CHECK_MS } from '../../../../../src/main/scheduler/api/openai/access-checks';
import { poolFailure } from '../../../../../src/main/scheduler/api/openai/core/openai-error';
import type { AccessFailure } from '../../../../../src/main/scheduler/api/route';
import { keptOf, runningOf } from '../../../../support/copied-responses';
import { chatOutput, chatTask } from '../../../../support/job-pool';
import { ManualClock } from '../../../../support/manual-clock';
import { type MemoryJob, MemoryJobs } from '../../../../support/memory-jobs';
import { cpuMsOf } from '../../../../support/turns';
import { until } from '../../../../support/until';

const ID = 'resp_1';
const HOLDER = 'key_1';
const LOST = { code: 'node_lost', message: 'its node was lost', details: null };

let jobs: MemoryJobs;
let clock: ManualClock;
let memory: ResponseMemory;
let isLeading: boolean;
let access: AccessFailure | null;
/** What the next leader does with a request whose job is lost. */
let submit: Resuming['submit'];
/** Jobs that nodes still run. */
let onNodes: Set<string>;
beforeEach(() => {
  [jobs, clock, isLeading, access, onNodes] = [new MemoryJobs(), new ManualClock(), true, null, new Set()];
  memory = new ResponseMemory(clock);
  submit = async (request) => ok({ ...request, jobId: (await submitted()).view.job_id });
});

async function submitted(): Promise<MemoryJob> {
  const submission = { task: chatTask(), priority: 0, max_attempts: 3 } as unknown as JobSubmission;
  await jobs.submit(submission, { idempotencyKey: null, interactive: true, traceId: null });
  const job = jobs.all.at(-1);
  if (job === undefined) throw new Error('no job');
  return job;
}

const explain = () => ({ chosen: null, nodes_total: 0, reasons: {}, nodes: [] });
const leader = (): StoredResponses =>
  new StoredResponses({ jobs, clock, pool: { explain }, shared: { memory, leads: () => isLeading, whenCopied: () => Promise.resolve() } });

const resume = (stored: StoredResponses): Promise<void> =>
  stored.resume({ claim: (jobId) => onNodes.has(jobId), accessOf: () => () => access, submit: (request) => submit(request) });

async function resumed(): Promise<StoredResponses> {
  const stored = leader();
  await resume(stored);
  return stored;
}

function accepted(change: Partial<RunningRequest> = {}, from: object | null = null): void {
  const request = runningOf('1', change);
  const release = memory.reserve(request);
  if (typeof release === 'function') memory.runs(request, release, from);
}

const stateOf = (stored: StoredResponses) => stored.find(HOLDER, ID)?.response['status'] ?? null;

it('leader stops -> its job goes on, and the next one has the answer', async () => {
  const job = await submitted();
  const first = leader();
  const parts = { answer: () => null, accessFailure: () => null, release: () => undefined };
  expect(first.run({ ...runningOf('1', { jobId: job.view.job_id }), ...parts })).toMatchObject({ status: 'queued' });
  job.run();
  first.stop();
  expect([job.cancelReason, job.listeners.size]).toEqual([null, 0]);
  onNodes.add(job.view.job_id);
  const next = await resumed();
  job.succeed(chatOutput('hi'));
  expect(next.find(HOLDER, ID)?.response).toMatchObject({ status: 'completed', output: [{ content: [{ text: 'hi' }] }] });
  expect([jobs.all.length, memory.runningAll().length]).toEqual([1, 0]);
});

it('job is not on a node -> sent again, once, with the answer under the same id', async () => {
  accepted({ jobId: 'lost' });
  const next = await resumed();
  expect(stateOf(next)).toBe('queued');
  await until('the job', () => jobs.all[0]?.listeners.size === 1);
  expect(memory.running(ID)?.jobId).toBe('job-1');
  const [job] = jobs.all;
  job?.run();
  expect(stateOf(next)).toBe('in_progress');
  job?.succeed(chatOutput('hi'));
  expect([stateOf(next), jobs.all.length]).toEqual(['completed', 1]);
});

it('the node of the job is lost -> sent again; the model server refuses it -> failed', async () => {
  const job = await submitted();
  accepted({ jobId: job.view.job_id });
  onNodes.add(job.view.job_id);
  const next = await resumed();
  job.run();
  job.end('failed', LOST);
  expect(stateOf(next)).toBe('queued');
  await until('the next job', () => jobs.all[1]?.listeners.size === 1);
  jobs.all[1]?.succeed({ status: 500, body: {} });
  expect(stateOf(next)).toBe('failed');
});

it('refused when it is sent again -> failed', async () => {
  submit = () => Promise.resolve(fail(poolFailure('storage_full')));
  accepted();
  const next = await resumed();
  await until('the end', () => stateOf(next) === 'failed');
});

it.each<[string, (next: StoredResponses) => unknown, string | null]>([
  ['deleted', (next) => next.delete(HOLDER, ID), null],
  ['cancelled', (next) => next.cancel(HOLDER, ID), 'cancelled'],
  ['ended at another member', () => memory.keep(HOLDER, ID, keptOf(ID), { ageMs: 0, size: 1, from: {} }), 'kept'],
])('%s while it is sent again -> the new job is cancelled', async (_, end, state) => {
  let isSent = false;
  let send = (): void => undefined;
  const sent = new Promise<void>((resolve) => (send = resolve));
  submit = async (request) => {
    isSent = true;
    await sent;
    return ok({ ...request, jobId: (await submitted()).view.job_id });
  };
  accepted();
  const next = await resumed();
  await until('it is sent', () => isSent);
  await end(next);
  send();
  await until('the cancellation', () => jobs.all[0]?.cancelReason === 'requested');
  const found = next.find(HOLDER, ID);
  expect(found === null ? null : (found.response['status'] ?? 'kept')).toBe(state);
});

it('another member names one -> the leader goes on with it; deletes it -> its job is cancelled', async () => {
  const next = await resumed();
  accepted({}, {});
  await until('the job', () => jobs.all[0]?.listeners.size === 1);
  expect(stateOf(next)).toBe('queued');
  memory.delete(ID, {});
  expect([stateOf(next), jobs.all[0]?.cancelReason]).toEqual([null, 'requested']);
});

it('another member names one while the leader begins -> it goes on with it, once', async () => {
  accepted({ facts: { id: '2', requestId: 'r', model: 'm', atWallMs: 1 } });
  const next = leader();
  const begun = resume(next);
  accepted({}, {});
  await begun;
  await until('both jobs', () => jobs.all.filter(({ listeners }) => listeners.size === 1).length === 2);
  expect([stateOf(next), jobs.all.length]).toEqual(['queued', 2]);
});

it('its key has ended -> not sent again; ends later -> cancelled', async () => {
  accepted();
  access = { code: 'REVOKED', details: null };
  const next = await resumed();
  expect([stateOf(next), memory.runningAll()]).toEqual([null, []]);
  access = null;
  accepted({ facts: { id: '2', requestId: 'r', model: 'm', atWallMs: 1 } }, {});
  await until('the job', () => jobs.all[0]?.listeners.size === 1);
  access = { code: 'REVOKED', details: null };
  clock.advance(ACCESS_CHECK_MS);
  expect([jobs.all[0]?.cancelReason, memory.runningAll()]).toEqual(['revoked', []]);
});

it('a leader that was replaced -> the end of its job changes nothing', async () => {
  const job = await submitted();
  accepted({ jobId: job.view.job_id });
  onNodes.add(job.view.job_id);
  const former = await resumed();
  isLeading = false;
  job.end('failed', { code: 'timeout', message: 'late', details: null });
  expect([stateOf(former), memory.runningAll().length]).toEqual(['queued', 1]);
});

it('response whose request an earlier leader has read -> kept with its conversation; not where a part is gone', () => {
  const stored = leader();
  const facts = { id: '2', requestId: 'r', model: 'm', atWallMs: 1 };
  memory.keep(HOLDER, ID, keptOf(ID));
  const request = (change: object = {}) => JSON.stringify({ model: 'm', input: 'more', previous_response_id: ID, ...change });
  const keep = (text: string): number | undefined => {
    stored.keepRead(HOLDER, facts, text, { id: 'resp_2', output: [{ type: 'message' }] });
    return stored.conversation(HOLDER, 'resp_2')?.length;
  };
  expect(keep(request({ previous_response_id: 'resp_gone' }))).toBeUndefined();
  expect(keep(request({ input: [{ type: 'item_reference', id: 'gone' }] }))).toBeUndefined();
  expect(keep(request({ store: false }))).toBeUndefined();
  expect(keep('{')).toBeUndefined();
  expect(keep(request())).toBe(4);
});

it('10,000 kept responses of 100 keys -> one more within 1 ms of CPU time', () => {
  for (let index = 0; index < 10_000; index++) memory.keep(`key_${String(index % 100)}`, `resp_${String(index)}`, keptOf('resp_x'));
  let count = 0;
  expect(cpuMsOf(() => memory.keep('key_1', `resp_more${String(count++)}`, keptOf('resp_x')))).toBeLessThan(1);
});
