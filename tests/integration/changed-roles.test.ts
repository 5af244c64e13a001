// Roles of members and keys that change: what the caller may do, and what ends, at once.
import { expect, test } from 'vitest';
import type { AuditEntry, MemberView, Role } from '../../src/shared/api/members';
import { CLOSE_CODES } from '../../src/shared/protocol/codes';
import { EventStreamClient } from '../support/event-stream-client';
import { bearer, sendRequest } from '../support/http-api';
import { accept, jobOf, readyNode, submit } from '../support/job-pool';
import { databaseFile, ReplicaBench, takeOver } from '../support/replica-bench';
import { registration, TestNode, UpgradeRefused } from '../support/test-node';
import type { TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';
import { useKeyedScheduler } from '../support/use-keyed-scheduler';

const pool = useKeyedScheduler();
const update = (path: string, body: object) => sendRequest(pool.scheduler.port, { method: 'PUT', path: `/api/v1/${path}`, body });
const rightsOf = async (secret: string): Promise<readonly string[]> =>
  ((await sendRequest(pool.scheduler.port, { path: '/api/v1/session', headers: bearer(secret) })).json() as { rights: string[] }).rights;
const statusOf = async (path: string, secret: string): Promise<number> =>
  (await sendRequest(pool.scheduler.port, { path, headers: bearer(secret) })).status;
const jobFor = async (secret: string): Promise<string> =>
  ((await submit(pool.scheduler.port, {}, bearer(secret))).json() as { readonly job_id: string }).job_id;

async function joined(roles: readonly Role[]) {
  const member = await pool.join((await pool.invite({ roles })).key);
  const id = (await pool.members()).find(({ node_id }) => node_id === member.ack.node_id)?.id ?? '';
  return { ...member, id, credential: member.ack.member_credential ?? '' };
}

test('member: another role -> its next request has it, its event streams end, its node stays; audit log', async () => {
  const { node, id, credential } = await joined(['node']);
  const stream = await EventStreamClient.open(pool.scheduler.port, '/api/v1/events', bearer(credential));
  expect(await rightsOf(credential)).not.toContain('submit_jobs');
  const answer = await update(`members/${id}`, { roles: ['viewer', 'client', 'node', 'client'], models: ['llm-a'] });
  expect(answer.json()).toMatchObject({ id, roles: ['node', 'client', 'viewer'], models: ['llm-a'], connected: true });
  await stream.closed;
  // No error: the client opens the stream again.
  expect(stream.events.every(({ data }) => !('error' in (data as object)))).toBe(true);
  expect(await rightsOf(credential)).toEqual(expect.arrayContaining(['be_a_node', 'submit_jobs', 'view']));
  expect(node.socket.readyState).toBe(node.socket.OPEN);
  const { entries } = await pool.get<{ entries: AuditEntry[] }>('/api/v1/audit');
  expect(entries[0]).toMatchObject({ who: 'owner', action: 'member.update', target: id });
  node.close();
});

test('member without node any more: socket closed with 4012, node removed, 403 FORBIDDEN; node again -> the same member', async () => {
  const { node, ack, id, credential } = await joined(['node', 'client']);
  expect((await update(`members/${id}`, { roles: ['client'] })).json()).toMatchObject({ roles: ['client'], connected: false });
  expect(await node.closed).toBe(CLOSE_CODES.notANode);
  expect((await sendRequest(pool.scheduler.port, { path: `/api/v1/nodes/${ack.node_id}` })).status).toBe(404);
  const refused = await TestNode.connect(pool.scheduler.url, bearer(credential)).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UpgradeRefused);
  expect(refused).toMatchObject({ status: 403 });
  // It uses the pool in its other role.
  expect(await statusOf('/v1/models', credential)).toBe(200);

  await update(`members/${id}`, { roles: ['node'] });
  const again = await pool.join(credential, { node_id: ack.node_id });
  expect(await pool.members()).toMatchObject([{ id, node_id: ack.node_id, connected: true, roles: ['node'] }]);
  again.node.close();
});

test('member loses a role or a model -> its invitation admits no one any more; with more roles it does', async () => {
  const change = async (before: readonly Role[], body: object) => {
    const { key } = await pool.invite({ roles: before, uses: 5 });
    const { node, ack } = await pool.join(key, { node_id: `first-${key.slice(-6)}` });
    const id = (await pool.members()).find(({ node_id }) => node_id === ack.node_id)?.id ?? '';
    expect((await update(`members/${id}`, body)).status).toBe(200);
    node.close();
    const next = await pool.join(key, { node_id: `next-${key.slice(-6)}` }).catch((error: unknown) => error);
    return next instanceof UpgradeRefused ? next.status : 'joined';
  };
  expect(await change(['node', 'client'], { roles: ['client'] })).toBe(403);
  expect(await change(['node', 'client'], { models: ['llm-a'] })).toBe(403);
  expect(await change(['node'], { roles: ['node', 'viewer'] })).toBe('joined');
});

test('member: role lost between its upgrade and its registration -> closed with 4012', async () => {
  const { node, id, credential } = await joined(['node']);
  await pool.leave(node);
  const next = await TestNode.connect(pool.scheduler.url, bearer(credential));
  await update(`members/${id}`, { roles: ['client'] });
  next.send(registration());
  expect(await next.closed).toBe(CLOSE_CODES.notANode);
});

test('changed roles survive a restart of the scheduler', async () => {
  const { node, id, credential } = await joined(['node']);
  await update(`members/${id}`, { roles: ['node', 'viewer'] });
  node.close();
  await pool.scheduler.stop();
  await pool.start();
  expect(await rightsOf(credential)).toContain('view');
});

test('client lost: answers end with an error, jobs cancelled; jobs of others go on', async () => {
  const [key, other] = [
    await pool.post<{ id: string; key: string }>('/api/v1/keys', { name: 'chat' }),
    await pool.post<{ key: string }>('/api/v1/keys', { name: 'other' }),
  ];
  const node = await readyNode(pool.scheduler.url, { max_concurrent_jobs: 8 }, bearer((await pool.invite()).key));
  const streamed = fetch(`${pool.scheduler.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(key.key), 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'llm-a', messages: [{ role: 'user', content: 'hello' }] }),
  });
  accept(node, await node.until('job_assign'));
  const [job, kept] = [await jobFor(key.key), await jobFor(other.key)];
  expect((await update(`keys/${key.id}`, { roles: ['viewer'] })).json()).toMatchObject({ roles: ['viewer'] });
  const answer = await streamed;
  expect([answer.status, await answer.json()]).toMatchObject([403, { error: {} }]);
  expect(await jobOf(pool.scheduler.port, job)).toMatchObject({ status: 'cancelled', error: { message: 'revoked' } });
  expect((await jobOf(pool.scheduler.port, kept)).status).not.toBe('cancelled');
  expect([await statusOf('/v1/chat/completions', key.key), await statusOf('/api/v1/nodes', key.key)]).toEqual([403, 200]);
});

test.each<[string, string, object, object]>([
  ['an unknown member', 'members/mem-0', { roles: ['node'] }, [404, { error: { code: 'NOT_FOUND' } }]],
  ['no role', 'members/mem-0', { roles: [] }, [400, { error: { code: 'INVALID_REQUEST', details: { field: 'roles' } } }]],
  [
    'the role node for a key',
    'keys/key-0',
    { roles: ['node'] },
    [400, { error: { code: 'INVALID_REQUEST', details: { field: 'roles' } } }],
  ],
])('%s -> refused', async (_what, path, body, expected) => {
  const answer = await update(path, body);
  expect([answer.status, answer.json()]).toMatchObject(expected);
});

test('a revoked member -> INVALID_STATE; a member that is no owner -> FORBIDDEN, also for its own roles', async () => {
  const { node, id, credential } = await joined(['node', 'client', 'viewer', 'operator']);
  const path = `/api/v1/members/${id}`;
  const own = await sendRequest(pool.scheduler.port, { method: 'PUT', path, body: { roles: ['owner'] }, headers: bearer(credential) });
  expect([own.status, own.json()]).toMatchObject([403, { error: { code: 'FORBIDDEN' } }]);
  await sendRequest(pool.scheduler.port, { method: 'DELETE', path });
  const revoked = await update(`members/${id}`, { roles: ['node'] });
  expect([revoked.status, revoked.json()]).toMatchObject([
    409,
    { error: { code: 'INVALID_STATE', details: { reason: 'member_revoked' } } },
  ]);
  node.close();
});

test('nodes at a replica: role lost -> closed with 4012; also by the next leader', async () => {
  const bench = new ReplicaBench();
  const first = await bench.leader({ databaseFile: databaseFile(), server: { loopback: 'keys' } });
  const replica = await bench.led();
  const ask = (leader: TestScheduler, method: string, path: string, body: object | null = null) =>
    sendRequest(leader.port, { method, path: `/api/v1/${path}`, ...(body === null ? {} : { body }) });
  const { key } = (await ask(first, 'POST', 'invites', { uses: 2 })).json() as { key: string };
  const [node, other] = [
    await TestNode.registered(replica.url, { node_id: 'mine' }, bearer(key)),
    await TestNode.registered(replica.url, { node_id: 'other' }, bearer(key)),
  ];
  const lose = async (leader: TestScheduler, nodeId: string) => {
    const { members } = (await ask(leader, 'GET', 'members')).json() as { members: MemberView[] };
    await ask(leader, 'PUT', `members/${members.find(({ node_id }) => node_id === nodeId)?.id ?? ''}`, { roles: ['client'] });
  };
  await lose(first, 'mine');
  expect(await node.closed).toBe(CLOSE_CODES.notANode);

  const second = await takeOver(bench, first, replica);
  await until('the node to be asked', () => other.received.some(({ type }) => type === 'node_error'));
  await lose(second, 'other');
  other.send(registration({ node_id: 'other', node_token: other.ack.node_token }));
  expect(await other.closed).toBe(CLOSE_CODES.notANode);
});
