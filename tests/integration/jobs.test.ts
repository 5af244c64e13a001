// Jobs over real sockets: submitted over HTTP, run by scripted nodes, and their outcome when something breaks.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { EventStreamClient } from '../support/event-stream-client';
import { sendRequest } from '../support/http-api';
import { accept, beat, chatOutput, chatTask, failAttempt, jobOf, nodeOf, readyNode, submit, submitted, succeed } from '../support/job-pool';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const statusOf = async (jobId: string): Promise<string> => (await jobOf(scheduler.port, jobId)).status;
const IN_TIME = chatOutput('in time');
const nodeView = (nodeId: string) => nodeOf(scheduler.port, nodeId);

/** Moves the clock in steps short enough for pings. */
async function pass(seconds: number, ...nodes: readonly TestNode[]): Promise<void> {
  for (let left = seconds; left > 0; left -= 5) {
    scheduler.clock.advance(Math.min(5, left) * 1000);
    for (const node of nodes) await beat(node);
  }
}

describe('job', () => {
  it('ready node -> runs, result readable', async () => {
    const node = await readyNode(scheduler.url, { node_id: 'mine' });
    const jobId = await submitted(scheduler.port);
    const assign = await node.until('job_assign');
    expect(assign).toMatchObject({ job_id: jobId, attempt: 1, task: chatTask(), required_models: ['llm-a'], timeout_seconds: 300 });
    accept(node, assign);
    succeed(node, assign, chatOutput('hello'));
    expect(await node.until('job_result_ack')).toMatchObject({ job_id: jobId, attempt: 1 });
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({
      status: 'succeeded',
      attempts: [{ attempt: 1, node_id: 'mine', outcome: 'succeeded' }],
      result: { success: true, output: chatOutput('hello'), error: null },
      waiting: null,
    });
    expect(scheduler.log.of('job_assigned')).toMatchObject([
      { job_id: jobId, node_id: 'mine', attempt: 1, required_models: ['llm-a'], candidates: 1 },
    ]);
    expect(scheduler.log.of('job_finished')).toMatchObject([{ job_id: jobId, node_id: 'mine', success: true }]);
    expect(JSON.stringify(scheduler.log.lines)).not.toContain('hello');
  });

  it('stream that no client follows -> kept with the result by its node', async () => {
    const node = await readyNode(scheduler.url);
    const task = chatTask();
    await submitted(scheduler.port, { task: { ...task, body: { ...task.body, stream: true } } });
    expect(await node.until('job_assign')).toMatchObject({ keep_stream: true });
    await submitted(scheduler.port);
    expect(await node.until('job_assign')).not.toHaveProperty('keep_stream');
  });

  it('job of several megabytes -> reaches its node', async () => {
    const node = await readyNode(scheduler.url);
    const content = 'x'.repeat(8 * 1024 * 1024);
    await submitted(scheduler.port, { task: chatTask(content) });
    expect(await node.until('job_assign')).toMatchObject({ task: chatTask(content) });
    await beat(node);
  });

  it('no node has the model -> job waits with the reason; a heartbeat adds the model -> assigned', async () => {
    const node = await readyNode(scheduler.url, { node_id: 'mine' });
    const jobId = await submitted(scheduler.port, { task: chatTask('hello', 'llm-b') });
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({
      status: 'queued',
      waiting: {
        ahead: 0,
        reasons: { model_not_available: { count: 1, examples: ['mine'] } },
        nodes: [{ node_id: 'mine', excluded: [{ filter: 'models', code: 'model_not_available', wanted: { models: ['llm-b'] } }] }],
      },
    });
    node.send(heartbeat('mine', { installed_models: [{ model_id: 'llm-b', kind: 'llm', version: '1', enabled: true }] }));
    expect(await node.until('job_assign')).toMatchObject({ job_id: jobId });
  });

  it('job that fits no node -> blocks no other; priority before age', async () => {
    const node = await readyNode(scheduler.url, { max_concurrent_jobs: 1 });
    const running = await submitted(scheduler.port);
    await submitted(scheduler.port, { task: chatTask('hello', 'llm-b'), priority: 100 });
    const older = await submitted(scheduler.port);
    const urgent = await submitted(scheduler.port, { priority: 1 });
    const first = await node.until('job_assign');
    expect(first).toMatchObject({ job_id: running });
    succeed(node, first);
    const second = await node.until('job_assign');
    expect(second).toMatchObject({ job_id: urgent });
    succeed(node, second);
    expect(await node.until('job_assign')).toMatchObject({ job_id: older });
  });

  it('wait_for_node false, no node fits -> refused with the reasons, not stored', async () => {
    await readyNode(scheduler.url, { node_id: 'mine', max_concurrent_jobs: 1 });
    expect((await submit(scheduler.port, { wait_for_node: false })).status).toBe(202);
    const refused = await submit(scheduler.port, { wait_for_node: false });
    expect(refused.status).toBe(503);
    expect(refused.json()).toMatchObject({
      error: { code: 'NO_AVAILABLE_NODE', details: { reasons: { capacity_exceeded: { count: 1, examples: ['mine'] } } } },
    });
    expect((await sendRequest(scheduler.port, { path: '/api/v1/jobs' })).json()).toMatchObject({
      jobs: [{ status: 'assigned' }],
      next_cursor: null,
    });
  });

  it('streaming -> subscribers get chunks in order, without duplicates, to the end', async () => {
    const node = await readyNode(scheduler.url);
    const jobId = await submitted(scheduler.port, { task: { ...chatTask(), body: { ...chatTask().body, stream: true } } });
    const assign = await node.until('job_assign');
    const client = await EventStreamClient.open(scheduler.port, `/api/v1/jobs/${jobId}/events`);
    await client.first(1);
    accept(node, assign);
    for (const seq of [0, 1, 1, 2]) node.send({ type: 'job_chunk', job_id: jobId, attempt: 1, seq, data: { choices: [{ seq }] } });
    succeed(node, assign, null);
    const events = (await client.first(6)).map(({ data }) => (data['type'] === 'job' ? (data['job'] as JobView).status : data['seq']));
    expect(events).toEqual(['assigned', 'running', 0, 1, 2, 'succeeded']);
    await client.closed;
    expect(client.events).toHaveLength(6);
  });
});

describe('failed attempt', () => {
  it('retryable -> retried after a second, last error kept', async () => {
    const node = await readyNode(scheduler.url);
    const jobId = await submitted(scheduler.port, { max_attempts: 2 });
    failAttempt(node, await node.until('job_assign'), true);
    await node.until('job_result_ack');
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({
      status: 'queued',
      attempts: [{ outcome: 'failed', error: { code: 'runtime_http_500' } }],
    });
    scheduler.clock.advance(1000);
    const second = await node.until('job_assign');
    expect(second).toMatchObject({ job_id: jobId, attempt: 2 });
    failAttempt(node, second, true);
    await node.until('job_result_ack');
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'failed', attempt: 2, error: { code: 'runtime_http_500' } });
  });

  it('timeout -> requeued, node gets job_cancel', async () => {
    const node = await readyNode(scheduler.url);
    const jobId = await submitted(scheduler.port, { timeout_seconds: 2, max_attempts: 1 });
    await node.until('job_assign');
    scheduler.clock.advance(2000);
    expect(await node.until('job_cancel')).toMatchObject({ job_id: jobId, attempt: 1, reason: 'attempt_timeout' });
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'failed', error: { code: 'attempt_timeout' } });
  });
});

describe('node leaves', () => {
  it.each([
    [
      'unregisters',
      (node: TestNode) => {
        node.send({ type: 'node_unregister', node_id: node.nodeId });
        return Promise.resolve();
      },
    ],
    [
      'removed by an operator',
      async (node: TestNode) => {
        await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/nodes/${node.nodeId}` });
      },
    ],
  ])('%s -> its jobs requeued at once', async (_how, go) => {
    const leaving = await readyNode(scheduler.url, { node_id: 'leaving' });
    const jobId = await submitted(scheduler.port);
    accept(leaving, await leaving.until('job_assign'));
    const staying = await readyNode(scheduler.url, { node_id: 'staying' });
    await go(leaving);
    expect(await staying.until('job_assign')).toMatchObject({ job_id: jobId, attempt: 2 });
  });

  it('silent -> requeued after the heartbeat timeout, late result ignored', async () => {
    const silent = await readyNode(scheduler.url, { node_id: 'silent' });
    const jobId = await submitted(scheduler.port);
    const first = await silent.until('job_assign');
    accept(silent, first);
    await silent.settled();
    const other = await readyNode(scheduler.url, { node_id: 'other' });
    silent.socket.terminate();
    await until(
      'the scheduler to notice the loss',
      async () => !((await sendRequest(scheduler.port, { path: '/api/v1/nodes/silent' })).json() as { online: boolean }).online,
    );
    await pass(40, other);
    expect(await statusOf(jobId)).toBe('running');
    await pass(10, other);
    const second = other.received.find(({ type }) => type === 'job_assign');
    expect(second).toMatchObject({ job_id: jobId, attempt: 2 });
    const back = await TestNode.registered(scheduler.url, {
      node_id: 'silent',
      node_token: silent.ack.node_token,
      active_jobs: [{ job_id: jobId, attempt: 1 }],
    });
    expect(await back.until('job_cancel')).toMatchObject({ job_id: jobId, attempt: 1, reason: 'stale' });
    succeed(back, first, chatOutput('too late'));
    await back.until('job_result_ack');
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'assigned', node_id: 'other', result: null });
    succeed(other, second as JobAssign, IN_TIME);
    await other.until('job_result_ack');
    expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'succeeded', result: { output: IN_TIME, node_id: 'other' } });
    expect((await sendRequest(scheduler.port, { path: '/metrics' })).text).toMatch(/^muster_stale_results_total [1-9]/m);
  });

  it('returns and names its job -> job goes on; job not named -> requeued', async () => {
    const node = await readyNode(scheduler.url, { node_id: 'mine' });
    const kept = await submitted(scheduler.port);
    const keptAssign = await node.until('job_assign');
    const lost = await submitted(scheduler.port);
    await node.until('job_assign');
    node.socket.terminate();
    const back = await TestNode.registered(scheduler.url, {
      node_id: 'mine',
      node_token: node.ack.node_token,
      active_jobs: [{ job_id: kept, attempt: 1 }],
    });
    expect(await statusOf(kept)).toBe('running');
    expect(await jobOf(scheduler.port, lost)).toMatchObject({ status: 'queued', attempts: [{ outcome: 'node_lost' }] });
    expect(await nodeView('mine')).toMatchObject({ in_flight_jobs: 1 });
    await beat(back, 3);
    expect(back.received.filter(({ type }) => type === 'job_assign')).toMatchObject([{ job_id: lost, attempt: 2 }]);
    succeed(back, keptAssign);
    await until('the result is kept', async () => (await statusOf(kept)) === 'succeeded');
  });

  it('draining -> jobs may end until the deadline; the others are requeued, node gets job_cancel', async () => {
    const node = await readyNode(scheduler.url, { node_id: 'mine' });
    const [done, late] = [await submitted(scheduler.port), await submitted(scheduler.port)];
    const first = await node.until('job_assign');
    await node.until('job_assign');
    await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/nodes/mine/drain', body: { timeout_seconds: 10 } });
    succeed(node, first);
    await node.until('job_result_ack');
    await submitted(scheduler.port);
    await pass(11, node);
    expect(await statusOf(done)).toBe('succeeded');
    expect(node.received).toContainEqual({ type: 'job_cancel', job_id: late, attempt: 1, reason: 'drain_timeout' });
    expect(await jobOf(scheduler.port, late)).toMatchObject({ status: 'queued', attempts: [{ outcome: 'drain_timeout' }] });
    expect(node.received.filter(({ type }) => type === 'job_assign')).toHaveLength(2);
  });
});

describe('cancellation', () => {
  it('running job -> node gets job_cancel; ended job -> refused', async () => {
    const node = await readyNode(scheduler.url, { node_id: 'mine' });
    const jobId = await submitted(scheduler.port);
    accept(node, await node.until('job_assign'));
    const cancelled = await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/jobs/${jobId}` });
    expect(cancelled.json()).toMatchObject({ status: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
    expect(await node.until('job_cancel')).toMatchObject({ job_id: jobId, attempt: 1, reason: 'requested' });
    expect(await nodeView('mine')).toMatchObject({ in_flight_jobs: 0 });
    const again = await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/jobs/${jobId}` });
    expect([again.status, again.json()]).toMatchObject([409, { error: { code: 'INVALID_STATE', details: { reason: 'already_ended' } } }]);
    expect((await sendRequest(scheduler.port, { method: 'DELETE', path: '/api/v1/jobs/unknown' })).status).toBe(404);
  });
});

it('registration: again on the same socket, no jobs named -> jobs stay', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  const jobId = await submitted(scheduler.port);
  accept(node, await node.until('job_assign'));
  node.send(registration({ name: 'renamed' }));
  await node.until('node_register_ack');
  expect(await statusOf(jobId)).toBe('running');
});

it('node: last job ends -> next one assigned with the result', async () => {
  const node = await readyNode(scheduler.url, { max_concurrent_jobs: 1 });
  await submitted(scheduler.port);
  const assign = await node.until('job_assign');
  accept(node, assign);
  await beat(node, 1, { resource_usage: { cpu_percent: 1, mem_percent: 1, running_jobs: 1 } });
  const next = await submitted(scheduler.port);
  succeed(node, assign);
  expect(await node.until('job_assign')).toMatchObject({ job_id: next });
});
