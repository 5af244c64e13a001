// What crosses on its way or never leaves costs a job nothing: assignments to nodes that go, full links, results of an older id.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeMessageInput } from '../../src/shared/protocol/node-messages';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { accept, chatTask, jobOf, readyNode, submitted } from '../support/job-pool';
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
  output: null,
  processing_time_ms: 1,
  trace_id,
});

/** In one segment, as far as that can be had: the scheduler reads them in one turn of its event loop. */
function sendTogether(node: TestNode, ...messages: readonly NodeMessageInput[]): void {
  const tcp = (node.socket as unknown as { readonly _socket: { cork(): void; uncork(): void } })._socket;
  tcp.cork();
  for (const message of messages) node.send(message);
  tcp.uncork();
}

/** A node of one slot that runs a job, and a second job that waits for that slot. */
async function busyNode(): Promise<{ readonly node: TestNode; readonly assign: JobAssign; readonly next: string }> {
  const node = await readyNode(scheduler.url, { node_id: 'mine', max_concurrent_jobs: 1 });
  await submitted(scheduler.port);
  const assign = (await node.until('job_assign')) as JobAssign;
  accept(node, assign);
  const next = await submitted(scheduler.port, { max_attempts: 1 });
  return { node, assign, next };
}

describe('a job whose turn comes as its node goes', () => {
  it('waits on when the node says goodbye in the same breath', async () => {
    const { node, assign, next } = await busyNode();
    sendTogether(node, resultOf('mine', assign), { type: 'node_unregister', node_id: 'mine' });
    await until('the node is removed', () => scheduler.log.of('node_removed').length === 1);
    expect(await jobOf(scheduler.port, next)).toMatchObject({ status: 'queued' });
    const other = await readyNode(scheduler.url, { node_id: 'other' });
    expect(await other.until('job_assign')).toMatchObject({ job_id: next });
  });

  it('goes to another node at once when the socket is closing', async () => {
    const { node, assign, next } = await busyNode();
    node.send(resultOf('mine', assign));
    node.socket.close(1000);
    await until('the end of the first', async () => (await jobOf(scheduler.port, assign.job_id)).status === 'succeeded');
    await until('the second waits', async () => (await jobOf(scheduler.port, next)).status === 'queued');
    const other = await readyNode(scheduler.url, { node_id: 'other' });
    expect(await other.until('job_assign')).toMatchObject({ job_id: next });
  });
});

it('a registration on the same socket that crosses an assignment loses nothing', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  const jobId = await submitted(scheduler.port, { max_attempts: 1 });
  node.send(registration({ node_id: 'mine', active_jobs: [] }));
  const assign = (await node.until('job_assign')) as JobAssign;
  await node.until('node_register_ack');
  expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'assigned' });
  node.send(resultOf('mine', assign));
  await node.until('job_result_ack');
  expect(await jobOf(scheduler.port, jobId)).toMatchObject({ status: 'succeeded' });
});

it('a node that does not read gets one large job at a time, and the others when it reads', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine', max_concurrent_jobs: 64 });
  node.socket.pause();
  const content = 'x'.repeat(5 * 1024 * 1024);
  const ids = await Promise.all(Array.from({ length: 8 }, () => submitted(scheduler.port, { task: chatTask(content) })));
  expect(await Promise.all(ids.map(async (jobId) => (await jobOf(scheduler.port, jobId)).status))).toEqual(ids.map(() => 'assigned'));
  node.socket.resume();
  const assigned = new Set<string>();
  while (assigned.size < ids.length) assigned.add(((await node.until('job_assign')) as JobAssign).job_id);
  expect(assigned).toEqual(new Set(ids));
});

it('a result of an id that the node had before changes nothing, and need not be told again', async () => {
  const node = await TestNode.registered(scheduler.url, { node_id: 'new' });
  node.sendRaw(
    JSON.stringify({ type: 'job_result', job_id: 'j', attempt: 1, node_id: 'old', success: true, processing_time_ms: 1, trace_id: 't' }),
  );
  expect(await node.until('node_error')).toMatchObject({ code: 'NOT_REGISTERED' });
  expect(await node.until('job_result_ack')).toMatchObject({ job_id: 'j', attempt: 1 });
});
