// The parts of the jobs API that do not run jobs: idempotency keys, lists, limits, and the missed jobs of a node.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exclusions } from '../../src/shared/api/dispatch';
import { StoredJobs } from '../../src/main/scheduler/jobs/stored-jobs';
import { MAX_TASK_BYTES } from '../../src/shared/protocol/limits';
import { sendRequest } from '../support/http-api';
import { beat, chatOutput, chatTask, jobOf, nodeOf, readyNode, submit, submitted, succeed } from '../support/job-pool';
import { heartbeat } from '../support/test-node';
import { startTestScheduler, testConfig, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const DAY_MS = 24 * 3_600_000;

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

describe('idempotency key', () => {
  it('equal bodies, also at once -> one job; other body -> refused', async () => {
    const key = { 'idempotency-key': 'abc' };
    const [one, two] = await Promise.all([submit(scheduler.port, {}, key), submit(scheduler.port, {}, key)]);
    expect(one.json()).toEqual(two.json());
    expect((await submit(scheduler.port, {}, key)).json()).toEqual(one.json());
    const reused = await submit(scheduler.port, { priority: 1 }, key);
    expect([reused.status, reused.json()]).toMatchObject([422, { error: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
    expect(((await sendRequest(scheduler.port, { path: '/api/v1/jobs' })).json() as { jobs: unknown[] }).jobs).toHaveLength(1);
  });

  it('same JSON, members in another order -> one job', async () => {
    const key = { 'idempotency-key': 'abc' };
    const first = await submit(
      scheduler.port,
      { task: { kind: 'openai', path: '/v1/completions', body: { model: 'm', n: 1, p: [] } } },
      key,
    );
    const same = await submit(
      scheduler.port,
      { task: { body: { p: [], n: 1, model: 'm' }, path: '/v1/completions', kind: 'openai' } },
      key,
    );
    expect([same.status, same.json()]).toEqual([202, first.json()]);
  });

  it('24 hours -> same job; afterwards -> new job', async () => {
    const key = { 'idempotency-key': 'abc' };
    const idNow = async () => ((await submit(scheduler.port, {}, key)).json() as { readonly job_id: string }).job_id;
    const first = await idNow();
    scheduler.clock.advance(DAY_MS - 60_000);
    expect(await idNow()).toBe(first);
    scheduler.clock.advance(120_000);
    expect(await idNow()).not.toBe(first);
  });

  it('retention shorter than the validity of the key -> job kept while its key is valid', async () => {
    await scheduler.stop();
    scheduler = await startTestScheduler({ scheduler: { jobs: { ...(await testConfig()).scheduler.jobs, retentionSeconds: 60 } } });
    const node = await readyNode(scheduler.url);
    const key = { 'idempotency-key': 'abc' };
    const keyed = (await submit(scheduler.port, {}, key)).json() as { readonly job_id: string };
    succeed(node, await node.until('job_assign'));
    await node.until('job_result_ack');
    const other = await submitted(scheduler.port);
    succeed(node, await node.until('job_assign'));
    await node.until('job_result_ack', (message) => message.job_id === other);
    await scheduler.clock.advanceInTurns(3600_000);
    expect((await sendRequest(scheduler.port, { path: `/api/v1/jobs/${other}` })).status).toBe(404);
    expect((await submit(scheduler.port, {}, key)).json()).toEqual({ job_id: keyed.job_id, status: 'succeeded' });
  });

  it.each(['with space', '', 'ü', 'x'.repeat(256)])('invalid key %j -> refused', async (key) => {
    const answer = await submit(scheduler.port, {}, { 'idempotency-key': Buffer.from(key).toString('latin1') });
    expect(answer.json()).toMatchObject({ error: { code: 'INVALID_REQUEST', details: { field: 'idempotency-key' } } });
  });
});

describe('job list', () => {
  it('more than a page -> pages, newest first; status -> filtered', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await submitted(scheduler.port));
    const page = async (query: string) =>
      (await sendRequest(scheduler.port, { path: `/api/v1/jobs?${query}` })).json() as {
        jobs: { job_id: string }[];
        next_cursor: string | null;
      };
    const first = await page('limit=3');
    const second = await page(`limit=3&cursor=${String(first.next_cursor)}`);
    expect([...first.jobs, ...second.jobs].map(({ job_id }) => job_id)).toEqual(ids);
    expect(second.next_cursor).toBeNull();
    expect((await page('status=running')).jobs).toEqual([]);
    expect((await sendRequest(scheduler.port, { path: '/api/v1/jobs?limit=0' })).status).toBe(400);
  });
});

describe('missed jobs of a node', () => {
  it('job dispatched elsewhere -> reason counted', async () => {
    await readyNode(scheduler.url, { node_id: 'chosen' });
    await readyNode(scheduler.url, { node_id: 'other', installed_models: [{ model_id: 'llm-x', kind: 'llm', version: '1' }] });
    await submitted(scheduler.port);
    await submitted(scheduler.port);
    scheduler.clock.advance(1000);
    expect((await nodeOf(scheduler.port, 'other')).missed_jobs.reasons).toMatchObject([{ code: 'model_not_available', count: 2 }]);
    expect((await nodeOf(scheduler.port, 'chosen')).missed_jobs.reasons).toEqual([]);
  });

  it('node could take the job, full a moment later -> not counted', async () => {
    const one = await readyNode(scheduler.url, { node_id: 'one', max_concurrent_jobs: 1 });
    const two = await readyNode(scheduler.url, { node_id: 'two', max_concurrent_jobs: 1 });
    await submitted(scheduler.port);
    await one.until('job_assign');
    await submitted(scheduler.port);
    await two.until('job_assign');
    scheduler.clock.advance(1000);
    expect((await nodeOf(scheduler.port, 'one')).missed_jobs.reasons).toMatchObject([{ code: 'capacity_exceeded', count: 1 }]);
    expect((await nodeOf(scheduler.port, 'two')).missed_jobs.reasons).toEqual([]);
  });

  it('node full while jobs go elsewhere -> each counted, also when it is free later', async () => {
    const full = await readyNode(scheduler.url, { node_id: 'full', max_concurrent_jobs: 1 });
    await submitted(scheduler.port);
    const assigned = await full.until('job_assign');
    const other = await readyNode(scheduler.url, { node_id: 'other' });
    for (let i = 0; i < 20; i++) {
      await submitted(scheduler.port);
      succeed(other, await other.until('job_assign'));
      await other.settled();
    }
    succeed(full, assigned);
    await full.settled();
    scheduler.clock.advance(1000);
    expect((await nodeOf(scheduler.port, 'full')).missed_jobs.reasons).toMatchObject([{ code: 'capacity_exceeded', count: 20 }]);
    expect((await nodeOf(scheduler.port, 'other')).missed_jobs.reasons).toEqual([]);
  });
});

describe('job without a candidate', () => {
  const decisions = async (): Promise<string | undefined> =>
    /^muster_dispatch_decision_seconds_count (\d+)$/m.exec((await sendRequest(scheduler.port, { path: '/metrics' })).text)?.[1];

  it('nothing changes -> no decision for a day, nor after a stall of six days', async () => {
    for (let i = 0; i < 20; i++) await submitted(scheduler.port, { task: chatTask('hello', `llm-${String(i % 5)}`) });
    const jobId = await submitted(scheduler.port);
    const before = await decisions();
    expect(Number(before)).toBeGreaterThan(0);
    // The timers of a day: those of a week take many seconds.
    scheduler.clock.stall(6 * DAY_MS);
    scheduler.clock.advance(DAY_MS - 1000);
    expect(await decisions()).toBe(before);
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'queued' });
    scheduler.clock.advance(1000);
    await until('the end of the job', async () => (await jobOf(scheduler.port, jobId)).status === 'expired');
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({ error: { code: 'queue_timeout', details: { reasons: {} } } });
  });

  it('heartbeats of unfit nodes -> no decision; node becomes fit -> one decision', async () => {
    const other = [{ model_id: 'llm-x', kind: 'llm' as const, version: '1' }];
    const unfit = await readyNode(scheduler.url, { node_id: 'unfit', installed_models: other });
    const busy = await readyNode(scheduler.url, { node_id: 'busy' });
    const load = (percent: number) => ({ resource_usage: { cpu_percent: percent, mem_percent: 10, running_jobs: 0 } });
    await beat(busy, 1, load(99));
    for (let i = 0; i < 10; i++) await submitted(scheduler.port, { task: chatTask('hello', i % 2 === 0 ? 'llm-a' : 'llm-b') });
    const before = Number(await decisions());
    for (let second = 0; second < 60; second += 5) {
      scheduler.clock.advance(5000);
      // Each heartbeat differs from the one before, and none makes the node fit.
      await Promise.all([beat(unfit, 1, load(second)), beat(busy, 1, load(90 + second / 10))]);
    }
    expect(Number(await decisions())).toBe(before);
    busy.send(heartbeat('busy', load(10)));
    await busy.until('job_assign');
    await busy.settled();
    expect(Number(await decisions())).toBeGreaterThan(before);
  });

  it('job expires -> reasons of each node', async () => {
    await readyNode(scheduler.url, { node_id: 'other', installed_models: [{ model_id: 'llm-x', kind: 'llm', version: '1' }] });
    const jobId = await submitted(scheduler.port, { queue_timeout_seconds: 5 });
    scheduler.clock.advance(5000);
    await until('the end of the job', async () => (await jobOf(scheduler.port, jobId)).status === 'expired');
    expect((await jobOf(scheduler.port, jobId)).error).toEqual({
      code: 'queue_timeout',
      message: 'timed out in the queue',
      details: { queue_timeout_seconds: 5, reasons: { model_not_available: { count: 1, examples: ['other'] } } },
    });
  });

  it('several equal jobs -> each counted and logged', async () => {
    await readyNode(scheduler.url, { node_id: 'other', installed_models: [{ model_id: 'llm-x', kind: 'llm', version: '1' }] });
    const jobIds = [await submitted(scheduler.port), await submitted(scheduler.port), await submitted(scheduler.port)];
    const { reasons } = (await sendRequest(scheduler.port, { path: '/api/v1/dispatch/exclusions' })).json() as Exclusions;
    expect(reasons).toEqual({ model_not_available: { count: 3, examples: ['other'], models: ['llm-a'] } });
    expect(scheduler.log.of('dispatch_no_candidate').map(({ job_id: jobId }) => jobId)).toEqual(jobIds);
  });
});

describe('limits', () => {
  it('body size -> answered before the whole body is read', async () => {
    const answer = await sendRequest(scheduler.port, {
      method: 'POST',
      path: '/api/v1/jobs',
      headers: { 'content-length': '99000000' },
      body: '{',
    });
    expect([answer.status, answer.json()]).toMatchObject([
      413,
      { error: { code: 'PAYLOAD_TOO_LARGE', details: { limit_bytes: 12_000_000 } } },
    ]);
  });

  it('frame size, task grows when it is encoded again -> refused', async () => {
    await readyNode(scheduler.url);
    // The structure of more numbers would be refused first.
    const numbers = `[${'1e20,'.repeat(500_000)}1]`;
    const body = `{"model": "llm-a", "messages": [{"role": "user", "content": "${'x'.repeat(7_000_000)}"}], "n": ${numbers}}`;
    const sent = { method: 'POST', body: `{"task": {"kind": "openai", "path": "/v1/chat/completions", "body": ${body}}}` };
    const job = await sendRequest(scheduler.port, { ...sent, path: '/api/v1/jobs' });
    const limits = { limit_bytes: MAX_TASK_BYTES, payload_bytes: expect.any(Number) as number };
    expect([job.status, job.json()]).toMatchObject([413, { error: { code: 'PAYLOAD_TOO_LARGE', details: limits } }]);
    const chat = await sendRequest(scheduler.port, { ...sent, path: '/v1/chat/completions', body });
    expect([chat.status, chat.json()]).toMatchObject([413, { error: { code: 'payload_too_large', muster: limits } }]);
    const empty = { jobs: [], next_cursor: null, open: { queued: 0, assigned: 0, running: 0 }, kept_seconds: 604_800 };
    expect((await sendRequest(scheduler.port, { path: '/api/v1/jobs' })).json()).toEqual(empty);
  });

  it('full queue, full disk -> new jobs refused, others go on', async () => {
    await scheduler.stop();
    scheduler = await startTestScheduler({
      scheduler: { jobs: { maxQueued: 1, retentionSeconds: 60, maxFinished: 10, maxStorageMb: 1, keepAnswers: false } },
    });
    await submitted(scheduler.port);
    const full = await submit(scheduler.port);
    expect([full.status, full.json()]).toMatchObject([429, { error: { code: 'QUEUE_FULL', details: { limit: 1, queued: 1 } } }]);
    expect(full.headers['retry-after']).toBe('5');
    const node = await readyNode(scheduler.url);
    const assign = await node.until('job_assign');
    const tooLarge = await submit(scheduler.port, { task: chatTask('x'.repeat(2 * 1024 * 1024)) });
    expect([tooLarge.status, tooLarge.json()]).toMatchObject([507, { error: { code: 'STORAGE_FULL', details: { reason: 'budget' } } }]);
    expect(tooLarge.headers['retry-after']).toBe('30');
    succeed(node, assign, chatOutput('y'.repeat(2 * 1024 * 1024)));
    await node.until('job_result_ack');
    expect((await submit(scheduler.port)).status).toBe(507);
    scheduler.clock.advance(15_001);
    expect((await submit(scheduler.port)).status).toBe(202);
  });

  it('full queue, waiting jobs fit no node -> idle node gets a job', async () => {
    await scheduler.stop();
    scheduler = await startTestScheduler({ scheduler: { jobs: { ...(await testConfig()).scheduler.jobs, maxQueued: 2 } } });
    const node = await readyNode(scheduler.url);
    const misspelt = { task: chatTask('hello', 'llm-misspelt') };
    for (let i = 0; i < 2; i++) await submitted(scheduler.port, misspelt);
    expect((await submit(scheduler.port, misspelt)).status).toBe(429);
    const jobId = await submitted(scheduler.port);
    expect(await node.until('job_assign')).toMatchObject({ job_id: jobId });
    expect((await submit(scheduler.port, { wait_for_node: false })).status).toBe(202);
    expect((await submit(scheduler.port, { ...misspelt, wait_for_node: false })).status).toBe(503);
  });

  it('full disk -> oldest finished jobs removed before their retention ends', async () => {
    await scheduler.stop();
    const limits = { maxQueued: 10, retentionSeconds: 604_800, maxFinished: 1000, maxStorageMb: 1, keepAnswers: false };
    scheduler = await startTestScheduler({ scheduler: { jobs: limits } });
    const large = { task: chatTask('x'.repeat(300_000)) };
    const ids = [await submitted(scheduler.port, large), await submitted(scheduler.port, large), await submitted(scheduler.port, large)];
    expect((await submit(scheduler.port, large)).status).toBe(507);
    for (const id of ids) await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/jobs/${id}` });
    scheduler.clock.advance(15_001);
    expect((await submit(scheduler.port, large)).status).toBe(202);
    const newest = await sendRequest(scheduler.port, { path: `/api/v1/jobs/${String(ids[2])}` });
    expect(newest.json()).toMatchObject({ status: 'cancelled' });
  });
});

it('job of a client, its events, its cancellation -> the result is read once for each, and not to find the submitter', async () => {
  const made = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name: 'client', roles: ['client'] } });
  const headers = { authorization: `Bearer ${(made.json() as { key: string }).key}` };
  const path = `/api/v1/jobs/${((await submit(scheduler.port, {}, headers)).json() as { job_id: string }).job_id}`;
  await sendRequest(scheduler.port, { method: 'DELETE', path, headers });
  const read = vi.spyOn(StoredJobs.prototype, 'resultJson');
  const parsed = vi.spyOn(StoredJobs.prototype, 'result');
  try {
    expect((await sendRequest(scheduler.port, { path, headers })).json()).toMatchObject({ status: 'cancelled' });
    expect(read).toHaveBeenCalledTimes(1);
    expect(await (await fetch(`${scheduler.url}${path}/events`, { headers })).text()).toContain('"cancelled"');
    expect(read).toHaveBeenCalledTimes(2);
    expect((await sendRequest(scheduler.port, { method: 'DELETE', path, headers })).status).toBe(409);
    expect(read).toHaveBeenCalledTimes(2);
    expect(parsed).not.toHaveBeenCalled();
  } finally {
    read.mockRestore();
    parsed.mockRestore();
  }
});
