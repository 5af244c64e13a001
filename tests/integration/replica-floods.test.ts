// Hostile and busy nodes at a replica: what no leader accepts does not reach the leader, and what the leader cannot take waits at the nodes.
import { expect, test } from 'vitest';
import { CLOSE_CODES } from '../../src/shared/protocol/codes';
import { nodeOf, readyNode } from '../support/job-pool';
import { ReplicaBench } from '../support/replica-bench';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { until } from '../support/until';

const MESSAGE_TOO_BIG = 1009;

/** Records about messages of nodes. */
const records = (sent: Readonly<Record<string, number>>): number => (sent['node.message'] ?? 0) + (sent['node.beats'] ?? 0);

async function led() {
  const bench = new ReplicaBench();
  const leader = await bench.leader();
  return { bench, leader, replica: await bench.led() };
}

const resultOf = (nodeId: string, jobId: string, output: unknown) =>
  ({ type: 'job_result', job_id: jobId, attempt: 1, node_id: nodeId, success: true, output, processing_time_ms: 1, trace_id: '' }) as const;

test('messages without a registration, and for other nodes -> answered by the replica', async () => {
  const { replica } = await led();
  const unknown = await TestNode.connect(replica.url);
  unknown.send(heartbeat('mine'));
  unknown.send({ type: 'node_resume', node_id: 'mine' });
  unknown.send({ type: 'job_chunk', job_id: 'job', attempt: 1, seq: 0, data: {} });
  unknown.send(resultOf('mine', 'job', 1));
  for (let i = 0; i < 4; i++) expect(await unknown.next('node_error')).toMatchObject({ code: 'NOT_REGISTERED' });
  expect(records(replica.sent)).toBe(0);
  unknown.send(registration({ node_id: 'mine' }));
  await unknown.until('node_register_ack');
  unknown.send(heartbeat('other'));
  expect(await unknown.until('node_error')).toMatchObject({ code: 'NOT_REGISTERED' });
  unknown.send(resultOf('other', 'job', 1));
  await unknown.until('job_result_ack');
  expect(records(replica.sent)).toBe(1);
});

test.each([
  ['no JSON', '{'],
  ['nested too deep', '['.repeat(10_000)],
  ['unknown type', '{"type":"node_reboot"}'],
  ['invalid field', JSON.stringify({ ...heartbeat('mine'), timestamp: 'now' })],
])('20 messages, %s -> INVALID_MESSAGE, then closed; the leader gets none', async (_name, text) => {
  const { replica } = await led();
  const node = await TestNode.registered(replica.url, { node_id: 'mine' });
  const before = records(replica.sent);
  for (let i = 0; i < 25; i++) node.sendRaw(text);
  expect(await node.closed).toBe(CLOSE_CODES.tooManyInvalidMessages);
  expect(node.received.filter(({ type }) => type === 'node_error')).toHaveLength(20);
  expect(records(replica.sent)).toBe(before);
});

test('a message above the limit of its sender -> closed; the leader gets none', async () => {
  const { replica, leader } = await led();
  const unknown = await TestNode.connect(replica.url);
  unknown.sendRaw(JSON.stringify(registration({ node_id: 'mine', version: 'x'.repeat(70_000) })));
  expect(await unknown.closed).toBe(MESSAGE_TOO_BIG);
  const idle = await TestNode.registered(replica.url, { node_id: 'mine' });
  idle.send(resultOf('mine', 'job', 'x'.repeat(1_100_000)));
  expect(await idle.closed).toBe(MESSAGE_TOO_BIG);
  expect(records(replica.sent)).toBe(1);
  expect(await nodeOf(leader.port, 'mine')).toMatchObject({ online: false });
});

test('3,000 heartbeats of one node at once -> a few records', async () => {
  const { replica, leader } = await led();
  const node = await readyNode(replica.url, { node_id: 'mine' });
  const before = records(replica.sent);
  for (let i = 0; i < 3000; i++)
    node.send(heartbeat('mine', { resource_usage: { cpu_percent: i % 2 === 0 ? 1 : 99, mem_percent: 10, running_jobs: 0 } }));
  await node.settled();
  expect(records(replica.sent) - before).toBeLessThan(30);
  await expect.poll(() => nodeOf(leader.port, 'mine')).toMatchObject({ resource_usage: { cpu_percent: 99 } });
}, 20_000);

test('1,000 registrations of one node -> refused by the leader, closed', async () => {
  const { replica } = await led();
  const node = await TestNode.registered(replica.url, { node_id: 'mine' });
  for (let i = 0; i < 1000; i++) node.send(registration({ node_id: 'mine' }));
  expect(await node.closed).toBe(CLOSE_CODES.tooManyInvalidMessages);
  expect(replica.sent['node.message']).toBeLessThan(60);
});

test('results of 25 MB while the leader takes nothing -> wait at the node, then all arrive', async () => {
  const { replica } = await led();
  const node = await TestNode.registered(replica.url, { node_id: 'mine' });
  replica.bus.disconnect();
  const output = 'x'.repeat(900_000);
  for (let i = 0; i < 28; i++) node.send(resultOf('mine', `job-${String(i)}`, output));
  await until('the replica to stop reading', () => replica.link.channel?.isFull === true && node.socket.bufferedAmount > 0);
  expect(replica.link.channel?.unsentBytes).toBeLessThan(2_000_000);
  replica.bus.reconnect();
  await node.until('job_result_ack', ({ job_id: jobId }) => jobId === 'job-27');
}, 20_000);

test('a node that does not read -> closed as too slow by the replica', async () => {
  const { replica, leader } = await led();
  const node = await TestNode.registered(replica.url, { node_id: 'mine' });
  node.socket.pause();
  const stop = setInterval(() => {
    for (let i = 0; i < 500; i++) if (node.socket.readyState === node.socket.OPEN) node.send(resultOf('other', 'j'.repeat(100), null));
  }, 5);
  await until('the node to be lost', async () => !(await nodeOf(leader.port, 'mine')).online, 20_000);
  clearInterval(stop);
  expect(replica.log.of('node_socket_closed')).toMatchObject([{ node_id: 'mine', code: CLOSE_CODES.tooSlow }]);
}, 30_000);
