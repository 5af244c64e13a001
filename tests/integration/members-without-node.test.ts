// Invitations without the role node: a member that sends jobs or watches the pool, and runs no agent.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MemberView } from '../../src/shared/api/members';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { useLab } from '../support/use-lab';

const NONCE = 'n0nce-of-the-laptop_1234';

describe('HTTP', () => {
  let scheduler: TestScheduler;
  beforeEach(async () => {
    scheduler = await startTestScheduler({ server: { loopback: 'keys' } });
  });
  afterEach(() => scheduler.stop());

  const invite = async (body: object): Promise<string> =>
    ((await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body })).json() as { key: string }).key;
  const join = (key: string, body: unknown = { name: 'laptop' }) =>
    sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/members', body, headers: bearer(key) });
  const members = async () =>
    ((await sendRequest(scheduler.port, { path: '/api/v1/members' })).json() as { members: MemberView[] }).members;
  const statusOf = async (key: string, path: string) => (await sendRequest(scheduler.port, { path, headers: bearer(key) })).status;

  it('client: member with a credential for its roles; a use is counted; audit names it', async () => {
    const key = await invite({ roles: ['client'], models: ['llm-a'] });
    const session = await sendRequest(scheduler.port, { path: '/api/v1/session', headers: bearer(key) });
    expect([session.status, session.json()]).toMatchObject([200, { roles: ['client'], pool_name: hostname() }]);
    const joined = await join(key);
    expect(joined.json()).toEqual({
      id: expect.stringMatching(/^mem-/) as string,
      name: 'laptop',
      roles: ['client'],
      credential: expect.stringMatching(/^mn_[\w-]{43}$/) as string,
    });
    const { id, credential } = joined.json() as { id: string; credential: string };
    expect(await members()).toMatchObject([{ id, name: 'laptop', roles: ['client'], models: ['llm-a'], node_id: null, connected: false }]);
    expect([await statusOf(credential, '/v1/models'), await statusOf(credential, '/api/v1/members')]).toEqual([200, 403]);
    await expect(TestNode.connect(scheduler.url, bearer(credential))).rejects.toMatchObject({ status: 403 });
    // The credential was used, so the invitation is used up.
    expect((await join(key)).status).toBe(401);
    const audit = await sendRequest(scheduler.port, { path: '/api/v1/audit' });
    expect(audit.json()).toMatchObject({ entries: [{ action: 'member.join', target: id }, {}] });
    expect(audit.text).not.toContain(credential);
    expect(scheduler.log.of('member_joined')).toMatchObject([{ member_id: id, node_name: 'laptop', roles: ['client'] }]);
    expect((await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/members/${id}` })).status).toBe(200);
    expect(await statusOf(credential, '/v1/models')).toBe(403);
  });

  it('link stolen: second holder within 10 minutes -> 401 used_up and logged, first credential stays', async () => {
    for (const stolen of [{ name: 'thief' }, { name: 'laptop', nonce: 'another-nonce-of-the-thief' }]) {
      const key = await invite({ roles: ['viewer'] });
      const first = (await join(key, { name: 'laptop', nonce: NONCE })).json() as { id: string; credential: string };
      const second = await join(key, stolen);
      expect([second.status, second.json()]).toMatchObject([401, { error: { code: 'UNAUTHORIZED', details: { reason: 'used_up' } } }]);
      expect(scheduler.log.of('invitation_reused').at(-1)).toMatchObject({
        invite_id: expect.stringMatching(/^inv-/) as string,
        member_id: first.id,
        from: '127.0.0.1',
      });
      expect(await statusOf(first.credential, '/api/v1/nodes')).toBe(200);
    }
    expect((await join(await invite({ roles: ['viewer'] }), { name: 'laptop', nonce: 'too short' })).status).toBe(400);
  });

  it('the nonce of one invitation does not admit by another', async () => {
    const [one, other] = [await invite({ roles: ['viewer'] }), await invite({ roles: ['viewer'] })];
    const first = (await join(one, { name: 'laptop', nonce: NONCE })).json() as { id: string };
    expect((await join(other, { name: 'laptop', nonce: NONCE })).json()).not.toMatchObject({ id: first.id });
    expect(await members()).toHaveLength(2);
  });

  it('answer lost -> the same member gets another credential; the first one ends', async () => {
    const key = await invite({ roles: ['viewer'], uses: 2 });
    const again = () => join(key, { name: 'laptop', nonce: NONCE });
    const [first, second] = [(await again()).json(), (await again()).json()] as { id: string; credential: string }[];
    expect([second?.id, (await members()).length]).toEqual([first?.id, 1]);
    expect([await statusOf(first?.credential ?? '', '/api/v1/nodes'), await statusOf(second?.credential ?? '', '/api/v1/nodes')]).toEqual([
      401, 200,
    ]);
  });

  it('invitation of a node, other keys, no key, invalid name -> refused, nothing used', async () => {
    const nodeKey = await invite({});
    expect([(await join(nodeKey)).status, (await join(nodeKey)).json()]).toMatchObject([
      409,
      { error: { details: { reason: 'is_for_a_node' } } },
    ]);
    expect((await join(OWNER_KEY)).status).toBe(403);
    const none = { method: 'POST', path: '/api/v1/members', body: { name: 'x' }, headers: { authorization: null } };
    expect((await sendRequest(scheduler.port, none)).status).toBe(401);
    const key = await invite({ roles: ['client'] });
    for (const body of [{}, { name: '' }, { name: 'a\u0007b' }, { name: 'x', roles: ['owner'] }])
      expect((await join(key, body)).status).toBe(400);
    expect(await members()).toEqual([]);
    const node = await TestNode.connect(scheduler.url, bearer(nodeKey));
    node.send(registration());
    expect((await node.next('node_register_ack')).member_credential).toMatch(/^mn_/);
    node.close();
  });

  it('key of an invitation -> its roles and the name of the pool, and nothing else of the pool', async () => {
    for (const roles of [['node'], ['client', 'viewer', 'operator'], ['owner'], ['node', 'owner']]) {
      const key = await invite({ roles });
      expect(await statusOf(key, '/api/v1/session')).toBe(200);
      for (const route of ['/api/v1/pool', '/api/v1/nodes', '/v1/models', '/api/v1/jobs', '/api/v1/keys'])
        expect([roles, route, await statusOf(key, route)]).toEqual([roles, route, 403]);
    }
    await expect(TestNode.connect(scheduler.url, bearer(await invite({ roles: ['client'] })))).rejects.toMatchObject({ status: 403 });
  });
});

describe('command line', () => {
  const lab = useLab();

  it('invite --role client, join -> credential kept, no agent; commands use the joined pool', async () => {
    const folder = lab().dataDir('host', '[server]\nport = 0\n', { models: false });
    const scheduler = lab().start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
    const url = await scheduler.url();
    const invited = await lab().run(['invite', '--role', 'client', '--role', 'viewer', '--json', '--url', url, '--data-dir', folder]);
    const { link } = JSON.parse(invited.stdout) as { link: string };
    const here = link.replace(/^muster:\/\/[^/]+/, `muster://127.0.0.1:${new URL(url).port}`);
    const laptop = path.join(lab().folder, 'laptop');
    const joined = await lab().run(['join', here, '--data-dir', laptop, '--name', 'my laptop']);
    expect([joined.code, joined.stderr]).toEqual([0, '']);
    expect(joined.stdout).toMatch(/Joined the pool as my laptop \(client, viewer\)/);
    const file = path.join(laptop, 'joined-pool.json');
    const { credential, name } = JSON.parse(readFileSync(file, 'utf8')) as { credential: string; name: string };
    expect(name).toBe(hostname());
    expect([credential, statSync(file).mode & 0o777, joined.stdout.includes(credential)]).toEqual([
      expect.stringMatching(/^mn_/),
      0o600,
      false,
    ]);

    const submitted = await lab().run(['submit', '--model', 'none', '--prompt', 'hello', '--json', '--data-dir', laptop]);
    const { job_id: jobId } = JSON.parse(submitted.stdout) as { job_id: string };
    expect((await lab().run(['jobs', '--json', '--data-dir', laptop])).stdout).toContain(jobId);
    expect(await lab().run(['nodes', '--data-dir', laptop])).toMatchObject({ code: 0, stderr: '' });
    expect(await lab().run(['members', '--data-dir', laptop])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('FORBIDDEN') as string,
    });
    const made = await lab().run(['keys', 'create', 'my-program', '--data-dir', laptop]);
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^mk_[\w-]{43}\n$/)]);
    expect((await lab().run(['keys', 'list', '--data-dir', laptop])).stdout).toContain('my-program');
    expect(await lab().run(['keys', 'create', 'more', '--role', 'viewer', '--data-dir', laptop])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('"field":"roles"') as string,
    });
    expect((await lab().run(['keys', 'revoke', 'my-program', '--data-dir', laptop])).code).toBe(0);
    expect(await lab().run(['agent', '--data-dir', laptop])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('not as a node') as string,
    });
    // A node: its agent renews the credential.
    const node = path.join(lab().folder, 'node');
    mkdirSync(node);
    writeFileSync(path.join(node, 'config.toml'), '[server]\nport = 1\n');
    const known = { scheduler_url: 'wss://192.168.1.20:7080', node_id: 'node-1', node_token: 't' };
    writeFileSync(path.join(node, 'identity.json'), JSON.stringify({ version: 1, machine_fingerprint: '', schedulers: [known] }));
    expect(await lab().run(['keys', 'list', '--data-dir', node])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('This computer is a node of another pool') as string,
    });
    // The owner key of a pool of this computer comes first.
    writeFileSync(path.join(laptop, 'admin-token'), `${OWNER_KEY}\n`, { mode: 0o600 });
    writeFileSync(path.join(laptop, 'config.toml'), '[server]\nport = 1\n');
    expect((await lab().run(['nodes', '--data-dir', laptop])).code).toBe(5);
  });
});
