// Nodes that are connected to a replica: the leader decides, and the connections outlive it.
import { expect, test } from 'vitest';
import { CLOSE_CODES } from '../../src/shared/protocol/codes';
import { bearer, sendRequest } from '../support/http-api';
import { accept, beat, chatOutput, jobOf, nodeOf, readyNode, submitted, succeed } from '../support/job-pool';
import { databaseFile, ReplicaBench, takeOver } from '../support/replica-bench';
import { heartbeat, registration, TestNode, UpgradeRefused } from '../support/test-node';
import type { TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const isReady = (leader: TestScheduler, nodeId: string) =>
  until(`${nodeId} to be ready`, async () => (await nodeOf(leader.port, nodeId)).status === 'ready');

test('a node at a replica -> registered, gets a job, sends the result', async () => {
  const bench = new ReplicaBench();
  const leader = await bench.leader();
  const replica = await bench.led();
  const node = await readyNode(replica.url, { node_id: 'mine' });
  expect(await nodeOf(leader.port, 'mine')).toMatchObject({ status: 'ready', online: true });
  const jobId = await submitted(leader.port);
  const assign = await node.until('job_assign');
  accept(node, assign);
  succeed(node, assign, chatOutput('hello'));
  await node.until('job_result_ack', (ack) => ack.job_id === jobId);
  expect(await jobOf(leader.port, jobId)).toMatchObject({ status: 'succeeded', attempts: [{ node_id: 'mine', outcome: 'succeeded' }] });
});

test('no leader -> the upgrade is refused with NOT_LEADER', async () => {
  const replica = await new ReplicaBench().replica();
  const refused = await TestNode.connect(replica.url).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UpgradeRefused);
  expect(refused).toMatchObject({ status: 503 });
});

test('the leader changes -> same connection, the node registers again with its job, the job goes on', async () => {
  const bench = new ReplicaBench();
  const first = await bench.leader({ databaseFile: databaseFile() });
  const replica = await bench.led();
  const node = await readyNode(replica.url, { node_id: 'mine' });
  const jobId = await submitted(first.port);
  const assign = await node.until('job_assign');
  accept(node, assign);
  await node.settled();

  const second = await takeOver(bench, first, replica);
  expect(await node.until('node_error')).toMatchObject({ code: 'NOT_REGISTERED' });
  node.send(registration({ node_id: 'mine', node_token: node.ack.node_token, active_jobs: [{ job_id: jobId, attempt: 1 }] }));
  await node.until('node_register_ack');
  expect(await jobOf(second.port, jobId)).toMatchObject({ status: 'running', attempts: [{ attempt: 1, outcome: null }] });
  succeed(node, assign);
  await node.until('job_result_ack');
  expect(await jobOf(second.port, jobId)).toMatchObject({ status: 'succeeded', attempts: [{ attempt: 1 }] });
  for (let i = 0; i < 3; i++) await beat(node);
  await isReady(second, 'mine');
  expect(node.socket.readyState).toBe(node.socket.OPEN);
});

test('the leader changes while a node registers -> the next leader answers', async () => {
  const bench = new ReplicaBench();
  const first = await bench.leader({ databaseFile: databaseFile() });
  const replica = await bench.led();
  const node = await TestNode.connect(replica.url);
  await first.stop();
  await until('the end of the channel', () => replica.link.channel === null);
  node.send(registration({ node_id: 'mine' }));
  const second = await bench.leader({ databaseFile: first.databaseFile });
  await node.next('node_register_ack');
  expect(await nodeOf(second.port, 'mine')).toMatchObject({ online: true });
});

test('messages of the time without a leader -> dropped without an answer; the socket stays open', async () => {
  const bench = new ReplicaBench();
  const first = await bench.leader({ databaseFile: databaseFile() });
  const replica = await bench.led();
  const node = await readyNode(replica.url, { node_id: 'mine' });
  await first.stop();
  await until('the end of the channel', () => replica.link.channel === null);
  const before = node.received.length;
  node.send(heartbeat('mine'));
  node.send({ type: 'job_accepted', job_id: 'unknown', attempt: 1 });
  await bench.leader({ databaseFile: first.databaseFile });
  await node.until('node_error');
  expect(node.received.slice(before).map(({ type }) => type)).toEqual(['node_error']);
});

test('an invited node: revoked -> closed at once; a change of the leader -> still the member, revoked there', async () => {
  const bench = new ReplicaBench();
  const open = { server: { loopback: 'keys' } } as const;
  const first = await bench.leader({ databaseFile: databaseFile(), ...open });
  const replica = await bench.led();
  const invite = (await sendRequest(first.port, { method: 'POST', path: '/api/v1/invites', body: { uses: 2 } })).json() as { key: string };
  const [node, other] = [
    await TestNode.registered(replica.url, { node_id: 'mine' }, bearer(invite.key)),
    await TestNode.registered(replica.url, { node_id: 'other' }, bearer(invite.key)),
  ];
  const membersOf = async (leader: TestScheduler) =>
    (
      (await sendRequest(leader.port, { path: '/api/v1/members' })).json() as {
        members: { id: string; node_id: string; connected: boolean }[];
      }
    ).members;
  const memberOf = async (leader: TestScheduler, nodeId: string) => (await membersOf(leader)).find(({ node_id }) => node_id === nodeId);
  const revoke = async (leader: TestScheduler, nodeId: string) =>
    sendRequest(leader.port, { method: 'DELETE', path: `/api/v1/members/${(await memberOf(leader, nodeId))?.id ?? ''}` });
  expect(await memberOf(first, 'mine')).toMatchObject({ connected: true });
  await revoke(first, 'mine');
  expect(await node.closed).toBe(CLOSE_CODES.revoked);

  const second = await takeOver(bench, first, replica);
  await other.until('node_error');
  other.send(registration({ node_id: 'other', node_token: other.ack.node_token }));
  await other.until('node_register_ack');
  expect(await memberOf(second, 'other')).toMatchObject({ connected: true });
  await revoke(second, 'other');
  expect(await other.closed).toBe(CLOSE_CODES.revoked);
});

test('a wrong key -> refused by the leader, and counted for the address of the node', async () => {
  const bench = new ReplicaBench();
  await bench.leader({ server: { loopback: 'keys' } });
  const replica = await bench.led();
  const statuses: unknown[] = [];
  for (let i = 0; i < 22; i++)
    await TestNode.connect(replica.url, bearer('mk_wrong')).catch((error: unknown) => statuses.push((error as UpgradeRefused).status));
  expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
});

test('a node moves from one replica to another -> the old connection is closed as replaced', async () => {
  const bench = new ReplicaBench();
  await bench.leader();
  const [one, other] = [await bench.led(), await bench.led()];
  const node = await TestNode.registered(one.url, { node_id: 'mine' });
  await TestNode.registered(other.url, { node_id: 'mine', node_token: node.ack.node_token });
  expect(await node.closed).toBe(CLOSE_CODES.replaced);
});

test('a replica leaves -> its nodes are not connected, and not offline before one heartbeat timeout from then', async () => {
  const bench = new ReplicaBench();
  const leader = await bench.leader();
  const replica = await bench.led();
  await readyNode(replica.url, { node_id: 'mine' });
  leader.clock.advance(40_000);
  replica.link.stop();
  await until('the node to be lost', async () => !(await nodeOf(leader.port, 'mine')).online);
  leader.clock.advance(40_000);
  expect(await nodeOf(leader.port, 'mine')).toMatchObject({ status: 'ready' });
  leader.clock.advance(6000);
  expect(await nodeOf(leader.port, 'mine')).toMatchObject({ status: 'offline' });
});

test('an assignment that reaches the replica after the end of the connection -> another node gets the job at once', async () => {
  const bench = new ReplicaBench();
  const leader = await bench.leader();
  const replica = await bench.led();
  const node = await readyNode(replica.url, { node_id: 'mine', max_concurrent_jobs: 1 });
  await submitted(leader.port);
  const assign = await node.until('job_assign');
  const next = await submitted(leader.port, { max_attempts: 1 });
  succeed(node, assign);
  node.socket.close(1000);
  const other = await readyNode(replica.url, { node_id: 'other' });
  expect(await other.until('job_assign')).toMatchObject({ job_id: next });
});
