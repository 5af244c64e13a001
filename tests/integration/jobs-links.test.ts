// Messages that cross or are never sent lose no job: assignments to nodes that leave, slow links, results of an older id.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeMessageInput } from '../../src/shared/protocol/node-messages';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { accept, chatOutput, chatTask, jobOf, readyNode, submitted } from '../support/job-pool';
import { registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const resultOf = (nodeId: string, { job_id, attempt, trace_id }: JobAssign): NodeMessageInput => ({
  type: 'job_result',
  job_id,
  attempt,
  node_id: nodeId,
  success: true,
  output: chatOutput('hi'),
  processing_time_ms: 1,
  trace_id,
});

/** Sends the messages in one TCP segment where possible, so that the scheduler reads them in one turn of its event loop. */
function sendTogether(node: TestNode, ...messages: readonly NodeMessageInput[]): void {
  const tcp = (node.socket as unknown as { readonly _socket: { cork(): void; uncork(): void } })._socket;
  tcp.cork();
  for (const message of messages) node.send(message);
  tcp.uncork();
}

/** A node with one slot, a job that runs, and a second job that waits for the slot. */
async function busyNode(): Promise<{ readonly node: TestNode; readonly assign: JobAssign; readonly next: string }> {
  const node = await readyNode(scheduler.url, { node_id: 'mine', max_concurrent_jobs: 1 });
  await submitted(scheduler.port);
  const assign = await node.until('job_assign');
  accept(node, assign);
  const next = await submitted(scheduler.port, { max_attempts: 1 });
  return { node, assign, next };
}

describe('job assigned to a node that leaves', () => {
  it('node unregisters at the same moment -> job waits', async () => {
    const { node, assign, next } = await busyNode();
    sendTogether(node, resultOf('mine', assign), { type: 'node_unregister', node_id: 'mine' });
    await until('the node is removed', () => scheduler.log.of('node_removed').length === 1);
    expect(await jobOf(scheduler.port, next)).toMatchObject({ status: 'queued' });
    const other = await readyNode(scheduler.url, { node_id: 'other' });
    expect(await other.until('job_assign')).toMatchObject({ job_id: next });
  });

  it('socket closing -> other node gets the job at once', async () => {
    const { node, assign, next } = await busyNode();
    node.send(resultOf('mine', assign));
    node.socket.close(1000);
    await until('the end of the first', async () => (await jobOf(scheduler.port, assign.job_id)).status === 'succeeded');
    await until('the second waits', async () => (await jobOf(scheduler.port, next)).status === 'queued');
    const other = await readyNode(scheduler.url, { node_id: 'other' });
    expect(await other.until('job_assign')).toMatchObject({ job_id: next });
  });
});

it('registration: crosses an assignment on the same socket -> no job lost', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  const jobId = await submitted(scheduler.port, { max_attempts: 1 });
  node.send(registration({ node_id: 'mine', active_jobs: [] }));
  const assign = await node.until('job_assign');
  await node.until('node_register_ack');
  expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'assigned' });
  node.send(resultOf('mine', assign));
  await node.until('job_result_ack');
  expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'succeeded' });
});

it('registration: names two attempts of a job -> the live one goes on, the other is stopped', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  const jobId = await submitted(scheduler.port, { max_attempts: 1 });
  const assign = await node.until('job_assign');
  accept(node, assign);
  const active = [1, 7].map((attempt) => ({ job_id: jobId, attempt }));
  node.send(registration({ node_id: 'mine', active_jobs: active }));
  expect(await node.until('job_cancel')).toMatchObject({ job_id: jobId, attempt: 7, reason: 'stale' });
  expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'running', attempt: 1 });
});

it('slow node: does not read -> one large job at a time, the others when it reads', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine', max_concurrent_jobs: 64 });
  node.socket.pause();
  const content = 'x'.repeat(5 * 1024 * 1024);
  const ids = await Promise.all(Array.from({ length: 8 }, () => submitted(scheduler.port, { task: chatTask(content) })));
  const statuses = await Promise.all(ids.map(async (jobId) => (await jobOf(scheduler.port, jobId)).status));
  expect(
    statuses.filter((status) => status === 'assigned'),
    'a new node has the default number of slots',
  ).toHaveLength(4);
  node.socket.resume();
  const assigned = new Set<string>();
  while (assigned.size < ids.length) {
    const assign = await node.until('job_assign');
    assigned.add(assign.job_id);
    node.send(resultOf('mine', assign));
  }
  expect(assigned).toEqual(new Set(ids));
});

it('result: of an id that the node had before -> ignored, acknowledged', async () => {
  const node = await TestNode.registered(scheduler.url, { node_id: 'new' });
  node.sendRaw(
    JSON.stringify({ type: 'job_result', job_id: 'j', attempt: 1, node_id: 'old', success: true, processing_time_ms: 1, trace_id: 't' }),
  );
  expect(await node.until('node_error')).toMatchObject({ code: 'NOT_REGISTERED' });
  expect(await node.until('job_result_ack')).toMatchObject({ job_id: 'j', attempt: 1 });
});
