// The keys that a member makes for its own programs (ADR 0062): what they may do, whose they are, and when they end.
import { expect, test } from 'vitest';
import type { AuditEntry, CreatedKey, KeyView, OwnKey, Role } from '../../src/shared/api/members';
import { EventStreamClient } from '../support/event-stream-client';
import { bearer, type HttpAnswer, OWNER_KEY, sendRequest } from '../support/http-api';
import { accept, chatTask, jobOf, readyNode, submit, submitted } from '../support/job-pool';
import { databaseFile, ReplicaBench, takeOver } from '../support/replica-bench';
import { until } from '../support/until';
import { useKeyedScheduler } from '../support/use-keyed-scheduler';

const pool = useKeyedScheduler();

interface Member {
  readonly id: string;
  readonly credential: string;
}

const ask = (secret: string, method: string, path: string, body: object | null = null): Promise<HttpAnswer> =>
  sendRequest(pool.scheduler.port, { method, path: `/api/v1/${path}`, headers: bearer(secret), ...(body === null ? {} : { body }) });

async function joined(name: string, roles: readonly Role[] = ['client'], models: readonly string[] | null = null): Promise<Member> {
  const { key } = await pool.invite({ roles, models });
  return (await ask(key, 'POST', 'members', { name })).json() as Member;
}

/** A member with a node, as the usual contributor. */
async function contributor() {
  const { node, ack } = await pool.join((await pool.invite({ roles: ['node', 'client'] })).key);
  const id = (await pool.members()).find(({ node_id }) => node_id === ack.node_id)?.id ?? '';
  return { node, id, credential: ack.member_credential ?? '' };
}

async function keyOf({ credential }: Pick<Member, 'credential'>, body: object): Promise<CreatedKey> {
  const created = await ask(credential, 'POST', 'keys', body);
  expect([created.status, created.text]).toEqual([200, expect.any(String)]);
  return created.json() as CreatedKey;
}

const keysOf = async (secret: string): Promise<readonly KeyView[]> =>
  ((await ask(secret, 'GET', 'keys')).json() as { keys: readonly KeyView[] }).keys;
const modelsStatus = async (secret: string): Promise<number> =>
  (await sendRequest(pool.scheduler.port, { path: '/v1/models', headers: bearer(secret) })).status;
const errorOf = ({ status, json }: HttpAnswer): unknown[] => {
  const { code, details } = (json() as { error: { code: string; details: unknown } }).error;
  return [status, code, details];
};

test('contributor: makes, lists, changes and revokes its keys; the owner sees whose they are; audit log and log name the member', async () => {
  const { node, id, credential } = await contributor();
  const name = (await pool.members()).find((member) => member.id === id)?.name ?? '';
  await pool.post('/api/v1/keys', { name: 'of the owner' });
  const { id: keyId, key } = await keyOf({ credential }, { name: 'Open WebUI' });
  expect(key).toMatch(/^mk_/);
  const view = { id: keyId, name: 'Open WebUI', roles: ['client'], models: null, member_id: id, member_name: name };
  expect(await keysOf(credential)).toMatchObject([view]);
  expect((await keysOf(OWNER_KEY)).map(({ name: each, member_name: of }) => [each, of])).toEqual(
    expect.arrayContaining([
      ['of the owner', null],
      ['Open WebUI', name],
    ]),
  );
  expect((await submit(pool.scheduler.port, {}, bearer(key))).status).toBe(202);
  const change = { limits: { tokens_per_day: 5 }, expires_in_seconds: 60 };
  expect((await ask(credential, 'PUT', `keys/${keyId}`, change)).json()).toMatchObject({ limits: { tokens_per_day: 5 } });
  expect((await ask(credential, 'DELETE', `keys/${keyId}`)).json()).toMatchObject({ id: keyId, member_id: id });
  expect(await modelsStatus(key)).toBe(403);

  const { entries } = await pool.get<{ entries: AuditEntry[] }>('/api/v1/audit');
  const acts = entries.filter(({ who }) => who === id).map(({ action, target, who_name: who }) => [action, target, who]);
  expect(acts).toEqual([
    ['key.revoke', keyId, name],
    ['key.update', keyId, name],
    ['key.create', keyId, name],
  ]);
  for (const event of ['key_created', 'key_updated', 'key_revoked'] as const)
    expect(pool.scheduler.log.of(event).at(-1)).toMatchObject({ key_id: keyId, member_id: id });
  node.close();
});

test('key of a program, invitation, member without the role -> 403', async () => {
  const member = await joined('laptop', ['client', 'operator']);
  const { key } = await keyOf(member, { name: 'leaked' });
  const operator = await pool.post<CreatedKey>('/api/v1/keys', { name: 'operator', roles: ['client', 'operator'] });
  for (const secret of [key, operator.key]) {
    const requests = [ask(secret, 'POST', 'keys', { name: 'another' }), ask(secret, 'GET', 'keys'), ask(secret, 'DELETE', 'keys/some')];
    for (const answer of await Promise.all(requests))
      expect(errorOf(answer)).toEqual([403, 'FORBIDDEN', { reason: 'only_members_make_keys' }]);
  }
  const { key: invitation } = await pool.invite({ roles: ['client'] });
  const viewer = await joined('screen', ['viewer']);
  for (const secret of [invitation, viewer.credential])
    expect(errorOf(await ask(secret, 'POST', 'keys', { name: 'another' }))).toEqual([403, 'FORBIDDEN', null]);
  const rightsOf = async (secret: string) =>
    ((await ask(secret, 'GET', 'session')).json() as { rights: string[] }).rights.includes('make_keys');
  expect(await Promise.all([key, operator.key, invitation, viewer.credential, member.credential, OWNER_KEY].map(rightsOf))).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});

test.each<[string, object, string]>([
  ['another role', { roles: ['client', 'viewer'] }, 'roles'],
  ['the role owner', { roles: ['owner'] }, 'roles'],
  ['a model of others', { models: ['llm-a', 'llm-b'] }, 'models'],
  ['a priority above the pool', { limits: { max_priority: 100 } }, 'limits.max_priority'],
  ['more requests', { limits: { requests_per_second: 100_000 } }, 'limits.requests_per_second'],
  ['more queued jobs', { limits: { max_queued: 1_000_000 } }, 'limits.max_queued'],
  ['the priority high', { limits: { priority: 'high' } }, 'limits.priority'],
])('models, roles and limits beyond those of the member -> 400 with the field: %s', async (_what, body, field) => {
  const member = await joined('laptop', ['client'], ['llm-a']);
  const { id, key } = await keyOf(member, { name: 'own', models: ['llm-a'], limits: { priority: 'low', max_at_once: 2 } });
  for (const [method, path] of [
    ['POST', 'keys'],
    ['PUT', `keys/${id}`],
  ] as const) {
    const answer = await ask(member.credential, method, path, { ...(method === 'POST' ? { name: 'more' } : {}), ...body });
    expect(errorOf(answer)).toMatchObject([400, 'INVALID_REQUEST', { field }]);
  }
  expect(await keysOf(member.credential)).toHaveLength(1);
  expect(await modelsStatus(key)).toBe(200);
});

test('key of another member or of the owner -> 404, also to change it; a name of another -> taken, and no more', async () => {
  const [one, other] = [await joined('one'), await joined('other')];
  const keys = [await keyOf(other, { name: 'Open WebUI' }), await pool.post<CreatedKey>('/api/v1/keys', { name: 'chat' })];
  for (const { id, name } of keys) {
    expect((await ask(one.credential, 'PUT', `keys/${id}`, { models: null })).status).toBe(404);
    expect((await ask(one.credential, 'DELETE', `keys/${id}`)).status).toBe(404);
    const taken = await ask(one.credential, 'POST', 'keys', { name });
    expect(errorOf(taken)).toEqual([409, 'INVALID_STATE', { reason: 'name_taken' }]);
    expect([taken.text.includes(id), taken.text.includes(other.id)]).toEqual([false, false]);
  }
  expect(await keysOf(one.credential)).toEqual([]);
});

test('20 valid keys -> no other until one is revoked; ended keys do not fill the table', async () => {
  const member = await joined('laptop');
  const made: CreatedKey[] = [];
  for (let i = 0; i < 20; i++) made.push(await keyOf(member, { name: `program ${String(i)}` }));
  const refused = await ask(member.credential, 'POST', 'keys', { name: 'one more' });
  expect(errorOf(refused)).toEqual([409, 'INVALID_STATE', { reason: 'too_many_keys', max: 20 }]);
  for (let i = 0; i < 45; i++) {
    pool.scheduler.clock.advance(200);
    const { id } = made.shift() ?? { id: '' };
    await ask(member.credential, 'DELETE', `keys/${id}`);
    made.push(await keyOf(member, { name: `later ${String(i)}` }));
  }
  const keys = await keysOf(member.credential);
  expect([keys.filter(({ revoked_at: revoked }) => revoked === null).length, keys.length]).toEqual([20, 40]);
  await pool.post('/api/v1/keys', { name: 'of the owner' });
  expect(await modelsStatus(made.at(-1)?.key ?? '')).toBe(200);
});

test('an expired key beside 20 valid ones -> does not become valid again; limits of the owner stay', async () => {
  const member = await joined('laptop');
  const { id } = await keyOf(member, { name: 'short', expires_in_seconds: 1 });
  expect(await ask(OWNER_KEY, 'PUT', `keys/${id}`, { limits: { requests_per_second: 5 } })).toMatchObject({ status: 200 });
  const removed = await ask(member.credential, 'PUT', `keys/${id}`, { limits: { requests_per_second: null } });
  const fault = { field: 'limits.requests_per_second', reason: 'only the owner changes this limit' };
  expect(errorOf(removed)).toEqual([400, 'INVALID_REQUEST', fault]);
  pool.scheduler.clock.advance(2000);
  for (let i = 0; i < 20; i++) await keyOf(member, { name: `program ${String(i)}` });
  const revived = await ask(member.credential, 'PUT', `keys/${id}`, { expires_in_seconds: null });
  expect(errorOf(revived)).toEqual([409, 'INVALID_STATE', { reason: 'too_many_keys', max: 20 }]);
});

test('owner: changes limits of the key of a member, but not its role; revokes it', async () => {
  const member = await joined('laptop');
  const { id, key } = await keyOf(member, { name: 'chat' });
  const changed = await ask(OWNER_KEY, 'PUT', `keys/${id}`, { limits: { max_priority: 5 }, models: ['llm-a'] });
  expect([changed.status, changed.json()]).toMatchObject([200, { limits: { max_priority: 5 }, member_id: member.id }]);
  expect(errorOf(await ask(OWNER_KEY, 'PUT', `keys/${id}`, { roles: ['operator'] }))).toMatchObject([
    400,
    'INVALID_REQUEST',
    { field: 'roles' },
  ]);
  expect((await ask(OWNER_KEY, 'DELETE', `keys/${id}`)).status).toBe(200);
  expect(await modelsStatus(key)).toBe(403);
});

test('models of the member change -> those of its keys, at the next request', async () => {
  const member = await joined('laptop');
  const { key } = await keyOf(member, { name: 'chat', models: ['llm-a', 'llm-b'] });
  const allowed = async () => ((await ask(key, 'GET', 'keys/self')).json() as OwnKey).models;
  expect(await allowed()).toEqual(['llm-a', 'llm-b']);
  await ask(OWNER_KEY, 'PUT', `members/${member.id}`, { models: ['llm-b', 'llm-c'] });
  expect(await allowed()).toEqual(['llm-b']);
  const task = (model: string) => submit(pool.scheduler.port, { task: chatTask('hello', model) }, bearer(key));
  expect([(await task('llm-a')).status, (await task('llm-b')).status]).toEqual([403, 202]);
  await ask(OWNER_KEY, 'PUT', `members/${member.id}`, { models: ['llm-c'] });
  expect([await allowed(), (await task('llm-b')).status, (await task('llm-c')).status]).toEqual([[], 403, 403]);
});

/** An answer, a job and a stream of the key. */
async function opened(key: string) {
  const node = await readyNode(pool.scheduler.url, { max_concurrent_jobs: 1 }, bearer((await pool.invite()).key));
  const chat = fetch(`${pool.scheduler.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'llm-a', messages: [{ role: 'user', content: 'hello' }] }),
  });
  accept(node, await node.until('job_assign'));
  const job = await submitted(pool.scheduler.port, {}, bearer(key));
  const stream = await EventStreamClient.open(pool.scheduler.port, `/api/v1/jobs/${job}/events`, bearer(key));
  return {
    async ended(): Promise<void> {
      const answer = await chat;
      expect([answer.status, await answer.json()]).toMatchObject([403, { error: { code: 'revoked' } }]);
      await stream.closed;
      expect(await jobOf(pool.scheduler.port, job)).toMatchObject({ status: 'cancelled', error: { message: 'revoked' } });
      expect(await modelsStatus(key)).toBe(403);
      node.close();
    },
  };
}

test('member revoked -> requests, streams and jobs of its keys end at once; their names are free; also after a restart', async () => {
  const [member, other] = [await joined('laptop'), await joined('other')];
  const { key } = await keyOf(member, { name: 'chat' });
  const kept = await keyOf(other, { name: 'kept' });
  const open = await opened(key);
  await ask(OWNER_KEY, 'DELETE', `members/${member.id}`);
  await open.ended();
  expect(await modelsStatus(kept.key)).toBe(200);
  const views = await keysOf(OWNER_KEY);
  expect(views.filter(({ revoked_at: revoked }) => revoked !== null).map(({ name }) => name)).toEqual(['chat']);
  await keyOf(other, { name: 'chat' });
  await pool.scheduler.stop();
  await pool.start();
  expect([await modelsStatus(key), await modelsStatus(kept.key)]).toEqual([403, 200]);
});

test('role lost -> its keys end, role again -> they work', async () => {
  const member = await joined('laptop', ['client', 'viewer']);
  const { key } = await keyOf(member, { name: 'chat' });
  const open = await opened(key);
  await ask(OWNER_KEY, 'PUT', `members/${member.id}`, { roles: ['viewer'] });
  await open.ended();
  expect(errorOf(await ask(key, 'GET', 'session'))).toMatchObject([403, 'REVOKED', { reason: 'member_without_role' }]);
  expect((await ask(member.credential, 'GET', 'keys')).status).toBe(403);
  await ask(OWNER_KEY, 'PUT', `members/${member.id}`, { roles: ['client'] });
  expect(await modelsStatus(key)).toBe(200);
});

test('at the next leader -> the same keys; member revoked there -> ended', async () => {
  const bench = new ReplicaBench();
  const first = await bench.leader({ databaseFile: databaseFile(), server: { loopback: 'keys' } });
  const replica = await bench.led();
  const at = (port: number, secret: string, method: string, path: string, body: object | null = null) =>
    sendRequest(port, { method, path: `/api/v1/${path}`, headers: bearer(secret), ...(body === null ? {} : { body }) });
  const invite = (await at(first.port, OWNER_KEY, 'POST', 'invites', { roles: ['client'] })).json() as { key: string };
  const member = (await at(first.port, invite.key, 'POST', 'members', { name: 'laptop' })).json() as Member;
  const { key } = (await at(first.port, member.credential, 'POST', 'keys', { name: 'chat' })).json() as CreatedKey;
  const second = await takeOver(bench, first, replica);
  await until('the key to be known', async () => (await at(second.port, key, 'GET', 'session')).status === 200);
  await at(second.port, OWNER_KEY, 'DELETE', `members/${member.id}`);
  expect((await at(second.port, key, 'GET', 'session')).status).toBe(403);
});
