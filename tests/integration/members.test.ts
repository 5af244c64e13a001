// Members, invitations, keys, sessions and the audit log, over real sockets (ADR 0021).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AuditEntry, InviteView, KeyView } from '../../src/shared/api/members';
import type { NodeRegisterAck } from '../../src/shared/protocol/scheduler-messages';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { registration, TestNode } from '../support/test-node';
import { startTestScheduler } from '../support/test-scheduler';
import { useKeyedScheduler } from '../support/use-keyed-scheduler';

const pool = useKeyedScheduler();
const { databaseFile, get, post, invite, members, join, leave } = pool;
const remove = (path: string) => sendRequest(pool.scheduler.port, { method: 'DELETE', path });

describe('invitation', () => {
  it('used once -> member with its own credential; used up -> refused', async () => {
    const { id, key } = await invite({ name: 'tower', roles: ['node', 'client'] });
    const { node, ack } = await join(key);
    expect(ack.member_credential).toMatch(/^mn_[\w-]{43}$/);
    expect(await members()).toMatchObject([
      { name: 'tower', roles: ['node', 'client'], node_id: ack.node_id, connected: true, invite_id: id, revoked_at: null },
    ]);
    await expect(TestNode.connect(pool.scheduler.url, bearer(key))).rejects.toMatchObject({ status: 401 });
    expect((await get<{ invites: InviteView[] }>('/api/v1/invites')).invites).toMatchObject([{ id, uses: 1, max_uses: 1 }]);
    node.close();
  });

  it('registration refused -> invitation free again, no member', async () => {
    const { key } = await invite();
    const node = await TestNode.connect(pool.scheduler.url, bearer(key));
    node.send(registration({ hardware: { cpu_cores: 1, memory_gb: 1, gpus: [] } }));
    expect(await node.next('node_error')).toMatchObject({ code: 'NO_GPU_AVAILABLE' });
    expect(await members()).toEqual([]);
    node.send(registration());
    expect((await node.next('node_register_ack')).member_credential).toMatch(/^mn_/);
    node.close();
  });

  it('two sockets with the last use at once -> one member, the other closed', async () => {
    const { key } = await invite();
    const nodes = await Promise.all([0, 1].map(() => TestNode.connect(pool.scheduler.url, bearer(key))));
    for (const node of nodes) node.send(registration());
    const [first, second] = nodes;
    expect(await Promise.race(nodes.map((node) => node.closed))).toBe(4010);
    expect((await members()).length).toBe(1);
    first?.close();
    second?.close();
  });

  it('expired -> 401; revoked -> 403', async () => {
    const [short, revoked] = [await invite({ expires_in_seconds: 60 }), await invite()];
    pool.scheduler.clock.advance(61_000);
    await expect(TestNode.connect(pool.scheduler.url, bearer(short.key))).rejects.toMatchObject({ status: 401 });
    expect((await remove(`/api/v1/invites/${revoked.id}`)).status).toBe(200);
    await expect(TestNode.connect(pool.scheduler.url, bearer(revoked.key))).rejects.toMatchObject({ status: 403 });
  });

  it('on an HTTP route -> 403, since an invitation admits a node alone', async () => {
    const { key } = await invite({ roles: ['node', 'owner'] });
    expect((await sendRequest(pool.scheduler.port, { path: '/api/v1/keys', headers: bearer(key) })).status).toBe(403);
  });
});

describe('credential', () => {
  it('renewed at each connection; the old one is valid until the new one was used', async () => {
    const first = await join((await invite()).key);
    const [one] = [first.ack.member_credential ?? ''];
    await leave(first.node);
    const second = await join(one);
    const two = second.ack.member_credential ?? '';
    expect(two).not.toBe(one);
    await leave(second.node);
    // The node lost the answer with `two`.
    const third = await join(one);
    const three = third.ack.member_credential ?? '';
    await leave(third.node);
    await expect(TestNode.connect(pool.scheduler.url, bearer(two))).rejects.toMatchObject({ status: 401 });
    const fourth = await join(three);
    await leave(fourth.node);
    await expect(TestNode.connect(pool.scheduler.url, bearer(one))).rejects.toMatchObject({ status: 401 });
    expect((await members()).length).toBe(1);
  });

  it('survives a restart of the scheduler', async () => {
    const { node, ack } = await join((await invite()).key);
    node.close();
    await pool.scheduler.stop();
    await pool.start();
    const again = await join(ack.member_credential ?? '', { node_id: ack.node_id, node_token: ack.node_token });
    expect(again.ack.node_id).toBe(ack.node_id);
    again.node.close();
  });

  it('another node id -> the same member (NODE_ID_CONFLICT)', async () => {
    const { node, ack } = await join((await invite()).key);
    await leave(node);
    const again = await TestNode.connect(pool.scheduler.url, bearer(ack.member_credential ?? ''));
    again.send(registration({ node_id: ack.node_id, node_token: 'wrong' }));
    expect(await again.next('node_error')).toMatchObject({ code: 'NODE_ID_CONFLICT' });
    again.send(registration());
    const { node_id: newId } = await again.next('node_register_ack');
    expect(newId).not.toBe(ack.node_id);
    expect(await members()).toMatchObject([{ node_id: newId }]);
    again.close();
  });

  it('repeated registration on one connection -> no further credential', async () => {
    const { node } = await join((await invite()).key);
    node.send(registration());
    const again = await node.until('node_register_ack', () => true);
    expect(again).not.toHaveProperty('member_credential');
    node.close();
  });
});

it('revoked member: socket closed with 4010, then 403 REVOKED; deleted node: only forgotten', async () => {
  const [kept, revoked] = [await join((await invite()).key), await join((await invite()).key)];
  const all = await members();
  const idOf = (ack: NodeRegisterAck) => all.find(({ node_id }) => node_id === ack.node_id)?.id ?? '';
  expect((await remove(`/api/v1/members/${idOf(revoked.ack)}`)).json()).toMatchObject({ revoked_at: expect.any(Number) as number });
  const nodeStatus = async () => (await sendRequest(pool.scheduler.port, { path: `/api/v1/nodes/${revoked.ack.node_id}` })).status;
  expect([await revoked.node.closed, await nodeStatus()]).toEqual([4010, 404]);
  const refused = TestNode.connect(pool.scheduler.url, bearer(revoked.ack.member_credential ?? ''));
  await expect(refused).rejects.toMatchObject({ status: 403 });
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key };
  const answer = await sendRequest(pool.scheduler.port, {
    path: '/ws/node',
    headers: { ...upgrade, ...bearer(revoked.ack.member_credential ?? '') },
  });
  expect([answer.headers['x-muster-error'], answer.json()]).toMatchObject(['REVOKED', { error: { code: 'REVOKED' } }]);

  expect((await remove(`/api/v1/nodes/${kept.ack.node_id}`)).status).toBe(200);
  expect(await kept.node.closed).toBe(4003);
  const again = await join(kept.ack.member_credential ?? '');
  again.node.close();
});

it('member revoked -> its invitation too: no further use, also after a restart; members of other invitations stay', async () => {
  const shared = await invite({ uses: 5 });
  const [revoked, kept] = [await join(shared.key), await join((await invite()).key)];
  const [member] = (await members()).filter(({ node_id }) => node_id === revoked.ack.node_id);
  await remove(`/api/v1/members/${member?.id ?? ''}`);
  expect(await revoked.node.closed).toBe(4010);
  const again = (): Promise<unknown> => TestNode.connect(pool.scheduler.url, bearer(shared.key));
  await expect(again()).rejects.toMatchObject({ status: 403 });
  await pool.scheduler.stop();
  await pool.start();
  await expect(again()).rejects.toMatchObject({ status: 403 });
  (await join(kept.ack.member_credential ?? '')).node.close();
});

describe('keys', () => {
  it('shown once; listed without the key; name taken; revoked -> 403 REVOKED and its stream ends', async () => {
    const created = await post<{ id: string; name: string; key: string }>('/api/v1/keys', { name: 'chat', roles: ['viewer'] });
    expect(created).toEqual({
      id: expect.stringMatching(/^key-/) as string,
      name: 'chat',
      key: expect.stringMatching(/^mk_[\w-]{43}$/) as string,
    });
    const list = await sendRequest(pool.scheduler.port, { path: '/api/v1/keys' });
    expect((list.json() as { keys: KeyView[] }).keys).toMatchObject([
      { id: created.id, name: 'chat', roles: ['viewer'], revoked_at: null },
    ]);
    expect(list.text).not.toContain(created.key);
    expect(await post('/api/v1/keys', { name: 'chat' })).toMatchObject({
      error: { code: 'INVALID_STATE', details: { reason: 'name_taken' } },
    });
    const events = await fetch(`${pool.scheduler.url}/api/v1/events`, { headers: bearer(created.key) });
    expect(events.status).toBe(200);
    await remove(`/api/v1/keys/${created.id}`);
    expect(await events.text()).toMatch(/event: error\n.*REVOKED/);
    const refused = await sendRequest(pool.scheduler.port, { path: '/api/v1/nodes', headers: bearer(created.key) });
    expect(refused.json()).toMatchObject({ error: { code: 'REVOKED', details: { reason: 'revoked' } } });
    expect(await post('/api/v1/keys', { name: 'chat' })).toMatchObject({ name: 'chat' });
  });

  it('expired -> 401 with the reason', async () => {
    const { key } = await post<{ key: string }>('/api/v1/keys', { name: 'short', expires_in_seconds: 60 });
    const ask = () => sendRequest(pool.scheduler.port, { path: '/v1/models', headers: bearer(key) });
    expect((await ask()).status).toBe(200);
    pool.scheduler.clock.advance(61_000);
    expect((await ask()).status).toBe(401);
  });

  it('owner key replaced -> the old one is refused', async () => {
    let ownerKey = OWNER_KEY;
    const own = await startTestScheduler({ server: { loopback: 'keys' }, ownerKey: () => ownerKey });
    ownerKey = 'another-owner-key-of-the-test';
    const status = async (key: string) => (await sendRequest(own.port, { path: '/api/v1/nodes', headers: bearer(key) })).status;
    expect([await status(OWNER_KEY), await status(ownerKey)]).toEqual([401, 200]);
    await own.stop();
  });
});

describe('session of the dashboard', () => {
  const exchange = (code: string) =>
    sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/v1/session', body: { code }, headers: { authorization: null } });

  it('code exchanged once; the session has the roles of its creator and ends with its key', async () => {
    const { key, id } = await post<{ key: string; id: string }>('/api/v1/keys', { name: 'viewer', roles: ['viewer'] });
    const issued = await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/v1/session/codes', headers: bearer(key) });
    const { code } = issued.json() as { code: string };
    const session = (await exchange(code)).json() as { key: string; roles: string[] };
    expect([session.roles, (await exchange(code)).status]).toEqual([['viewer'], 401]);
    const ask = (path: string) => sendRequest(pool.scheduler.port, { path, headers: bearer(session.key) });
    expect([(await ask('/api/v1/nodes')).status, (await ask('/api/v1/keys')).status]).toEqual([200, 403]);
    expect((await ask('/api/v1/session')).json()).toMatchObject({ id, name: 'viewer', roles: ['viewer'] });
    await remove(`/api/v1/keys/${id}`);
    expect((await ask('/api/v1/nodes')).status).toBe(403);
  });

  it('code too old, session too old -> 401', async () => {
    const { code: late } = await post<{ code: string }>('/api/v1/session/codes');
    pool.scheduler.clock.advance(15 * 60_000);
    expect((await exchange(late)).status).toBe(401);
    const { code } = await post<{ code: string }>('/api/v1/session/codes');
    const { key } = (await exchange(code)).json() as { key: string };
    pool.scheduler.clock.advance(12 * 3_600_000);
    expect((await sendRequest(pool.scheduler.port, { path: '/api/v1/nodes', headers: bearer(key) })).status).toBe(401);
  });
});

it('audit log: who, what, from where; newest first, in pages', async () => {
  const { key, id } = await post<{ key: string; id: string }>('/api/v1/keys', { name: 'operator', roles: ['operator'] });
  const { node, ack } = await join((await invite()).key);
  await sendRequest(pool.scheduler.port, { method: 'POST', path: `/api/v1/nodes/${ack.node_id}/drain`, headers: bearer(key), body: {} });
  await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/v1/nodes/unknown/drain', body: {} });
  const { entries, next_before: before } = await get<{ entries: AuditEntry[]; next_before: number }>('/api/v1/audit?limit=2');
  expect(entries).toMatchObject([
    { who: id, who_name: 'operator', action: 'node.drain', target: ack.node_id, from: '127.0.0.1' },
    { who: 'owner', action: 'invite.create' },
  ]);
  expect(await get(`/api/v1/audit?before=${String(before)}`)).toMatchObject({
    entries: [{ action: 'key.create', target: id }],
    next_before: null,
  });
  node.close();
});

it('database and log contain no secret', async () => {
  const { key } = await post<{ key: string }>('/api/v1/keys', { name: 'chat' });
  const invitation = await invite();
  const { node, ack } = await join(invitation.key);
  const { code } = await post<{ code: string }>('/api/v1/session/codes');
  node.close();
  const log = JSON.stringify(pool.scheduler.log.lines);
  await pool.scheduler.stop();
  const stored = readFileSync(databaseFile(), 'latin1');
  for (const secret of [key, invitation.key, ack.member_credential ?? '', code, OWNER_KEY]) {
    expect(secret.length).toBeGreaterThan(20);
    expect([log.includes(secret), stored.includes(secret)]).toEqual([false, false]);
  }
  await pool.start();
});
