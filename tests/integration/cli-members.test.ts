// Members, invitations and keys with the built program: exit codes, output, and no secret in any log line.
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lanHosts } from '../../src/main/hosting/core/lan-urls';
import { sendRequest } from '../support/http-api';
import { until } from '../support/until';
import { useLab } from '../support/use-lab';

const FREE_PORT = '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = 2\n';
const GPU = ['--simulate-gpu', 'RTX 4090:24'];

const lab = useLab();

const ownerKeyIn = (folder: string) => readFileSync(path.join(folder, 'admin-token'), 'utf8').trim();

describe('scheduler on the LAN', () => {
  test('owner key created; invitation, member, program key: accepted, and never in any log line', async () => {
    const folder = lab().dataDir('scheduler', FREE_PORT);
    rmSync(path.join(folder, 'admin-token'));
    const scheduler = lab().start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0', '--log-level', 'debug']);
    const url = await scheduler.url();
    expect(scheduler.lines[0]).toMatchObject({ event: 'scheduler_listening' });
    expect(await scheduler.line('owner_key')).toMatchObject({ file: path.join(folder, 'admin-token'), created: true });
    expect(statSync(path.join(folder, 'admin-token')).mode & 0o777).toBe(0o600);
    const owner = ownerKeyIn(folder);
    const onHost = ['--url', url, '--data-dir', folder];

    const without = lab().start(['agent', '--data-dir', lab().dataDir('without'), '--scheduler', url, ...GPU, '--log-level', 'debug']);
    await without.line('link_changed', { to: 'refused' });
    expect(await without.line('invitation_required')).toMatchObject({
      level: 'warn',
      fix: expect.stringContaining('muster join "LINK"') as string,
    });
    await scheduler.line('node_upgrade_refused', { code: 'UNAUTHORIZED' });

    const invited = await lab().run(['invite', '--name', 'tower', '--json', ...onHost]);
    const { link, https_link: httpsLink } = JSON.parse(invited.stdout) as { link: string; https_link: string };
    expect(httpsLink).toBe(link.replace(/^muster:/, 'https:'));
    const [, pin, key = expect.unreachable('the link has a pin and a key')] =
      /^muster:\/\/\S+\/join#pin=(sha256-[\w-]{43})&key=(mi_[\w-]{43})$/.exec(link) ?? [];
    expect(scheduler.lines[0]).toMatchObject({ pin });
    const memberFolder = lab().dataDir('with');
    const here = link.replace(/^muster:\/\/[^/]+/, `muster://127.0.0.1:${new URL(url).port}`);
    const member = lab().start(['join', here, '--data-dir', memberFolder, ...GPU, '--log-level', 'debug']);
    await member.line('node_status_received', { status: 'ready' });
    const members = await lab().run(['members', '--json', ...onHost]);
    const [tower] = (JSON.parse(members.stdout) as { members: { id: string; name: string }[] }).members;
    expect(tower).toMatchObject({ name: 'tower', connected: true });
    const withoutPin = await lab().run(['join', `muster://192.0.2.7/join#key=${key}`, '--data-dir', lab().dataDir('plain'), ...GPU]);
    expect(withoutPin).toMatchObject({ code: 2, stderr: expect.stringContaining('has no pin') as string });

    // The owner key is in the data folder of the scheduler.
    const elsewhere = `https://0.0.0.0:${new URL(url).port}#pin=${String(pin)}`;
    const withoutKey = await lab().run(['nodes', '--url', elsewhere, '--data-dir', lab().dataDir('elsewhere')]);
    expect(withoutKey).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('--key-file') });
    const operator = await lab().run(['nodes', '--json', ...onHost]);
    expect([operator.code, (JSON.parse(operator.stdout) as { nodes: unknown[] }).nodes.length]).toEqual([0, 1]);

    // A program key is for jobs, from any computer, until it is revoked.
    const created = await lab().run(['keys', 'create', 'letters', '--expires', '30d', '--json', ...onHost]);
    const program = (JSON.parse(created.stdout) as { key: string }).key;
    const keyFile = path.join(lab().folder, 'key-of-the-program');
    writeFileSync(keyFile, `${program}\n`);
    expect(await lab().run(['keys', 'create', 'letters', ...onHost])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('a key with this name exists') as string,
    });
    const submitter = ['--url', url, '--data-dir', lab().dataDir('elsewhere'), '--key-file', keyFile];
    const submit = () => lab().run(['submit', '--model', 'none', '--prompt', 'hello', '--json', ...submitter]);
    const submitted = await submit();
    expect([submitted.code, JSON.parse(submitted.stdout)]).toMatchObject([0, { status: 'queued' }]);
    const own = await lab().run(['keys', 'show', ...submitter]);
    expect([own.code, own.stdout]).toEqual([0, expect.stringMatching(/^Key letters \(key-\w+\), expires in 30 d\./) as string]);
    expect(await lab().run(['members', ...submitter])).toMatchObject({ code: 6, stderr: expect.stringContaining('FORBIDDEN') });
    expect(await lab().run(['keys', 'revoke', 'letters', ...onHost])).toMatchObject({ code: 0, stdout: 'letters: revoked\n' });
    expect(await submit()).toMatchObject({ code: 6, stderr: expect.stringContaining('REVOKED') });

    expect(await lab().run(['roles', 'tower', '--role', 'client', ...onHost])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/mem-\w+ +tower +client /) as string,
    });
    await member.line('link_changed', { to: 'refused', code: 'NOT_A_NODE' });
    expect(await lab().run(['roles', 'tower', '--role', 'node', ...onHost])).toMatchObject({ code: 0 });
    expect(await lab().run(['roles', 'tower', ...onHost])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no option') as string,
    });
    expect(await lab().run(['revoke', 'tower', ...onHost])).toMatchObject({ code: 0, stdout: 'tower: revoked\n' });
    await member.line('link_changed', { to: 'refused' });
    expect((await lab().run(['audit', ...onHost])).stdout).toMatch(/owner +member\.revoke +mem-/);

    const identity = readFileSync(path.join(memberFolder, 'identity.json'), 'utf8');
    const credential = /"credential": "(mn_[^"]+)"/.exec(identity)?.[1] ?? expect.unreachable('the agent keeps its credential');
    const written = [scheduler, member, without].map(({ lines }) => JSON.stringify(lines)).join('') + operator.stdout + operator.stderr;
    for (const secret of [owner, key, program, credential]) expect(written).not.toContain(secret);
  });

  test('dashboard: link with a code that signs in once; reset-owner: old key refused, new one accepted', async () => {
    const folder = lab().dataDir('scheduler', FREE_PORT);
    const scheduler = lab().start(['scheduler', '--data-dir', folder]);
    const url = await scheduler.url();
    const onHost = ['--url', url, '--data-dir', folder];
    const { stdout } = await lab().run(['dashboard', ...onHost]);
    const code = /#code=(\S+)\n$/.exec(stdout)?.[1] ?? expect.unreachable('the link has a code');
    const exchange = () => sendRequest(Number(new URL(url).port), { method: 'POST', path: '/api/v1/session', body: { code } });
    expect([(await exchange()).status, (await exchange()).status]).toEqual([200, 401]);

    expect(await lab().run(['dashboard', ...onHost])).toMatchObject({ code: 0, stderr: '' });
    const asJson = JSON.parse((await lab().run(['dashboard', '--json', ...onHost])).stdout) as object;
    expect(asJson).toMatchObject({ lan_links: [], ca_fingerprint: null });

    const old = ownerKeyIn(folder);
    expect((await lab().run(['keys', 'reset-owner', '--data-dir', folder])).code).toBe(0);
    expect(ownerKeyIn(folder)).not.toBe(old);
    await until('the scheduler to read the new key', async () => (await lab().run(['nodes', ...onHost])).code === 0, 10_000);
    const status = await sendRequest(Number(new URL(url).port), { path: '/api/v1/members', headers: { authorization: `Bearer ${old}` } });
    expect(status.status).toBe(401);
  });

  test('dashboard of a shared pool -> stdout: link for this computer; stderr: link for others with the same code, fingerprint of the CA', async () => {
    const folder = lab().dataDir('scheduler', '[server]\nport = 0\nallowed_hosts = ["pool.example"]\n');
    const scheduler = lab().start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
    const url = await scheduler.url();
    const onHost = ['--url', url, '--data-dir', folder];
    const { port } = new URL(url);
    const fingerprint = new X509Certificate(readFileSync(path.join(folder, 'ca.pem'))).fingerprint256;
    const [host] = lanHosts(networkInterfaces());
    const { stdout, stderr } = await lab().run(['dashboard', ...onHost]);
    expect(stdout).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/#code=ms_[\\w-]+\n$`));
    const code = stdout.split('#')[1]?.trim() ?? '';
    if (host === undefined) expect(stderr).toContain('no network address');
    else {
      expect(stderr).toContain(`From another computer: https://${host}:${port}/#${code}\n`);
      expect(stderr).toContain(fingerprint);
      expect(stdout + stderr).not.toContain('undefined');
    }
    type Links = { readonly link: string; readonly lan_links: readonly string[] };
    const { link, ...rest } = JSON.parse((await lab().run(['dashboard', '--json', ...onHost])).stdout) as Links;
    expect(rest).toMatchObject({
      lan_links: lanHosts(networkInterfaces()).map((each) => `https://${each}:${port}/#${link.split('#')[1] ?? ''}`),
      ca_fingerprint: fingerprint,
    });
    await scheduler.end();
    expect(scheduler.output).toMatch(/^Dashboard: http:\/\/127\.0\.0\.1:\d+\/#code=ms_/m);
    if (host !== undefined) expect(scheduler.output).toContain(`From another computer: https://${host}:${port}/#code=`);
  });

  test('tokens of an earlier version: removed, said once, with an invitation', async () => {
    const folder = lab().dataDir('scheduler', FREE_PORT);
    for (const name of ['join-token', 'submit-token']) writeFileSync(path.join(folder, name), 'a-token-that-is-long-enough\n');
    const start = () => lab().start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
    const first = start();
    await first.line('nodes_must_join_again');
    await until('the invitation', () => Promise.resolve(/muster join "muster:\/\/\S+\/join#pin=sha256-\S+&key=mi_/.test(first.output)));
    await first.end();
    const second = start();
    await second.url();
    await second.end();
    expect(second.output).not.toContain('nodes_must_join_again');
  });

  test('owner key readable by others: mode set to 0600, with a log line', async () => {
    const folder = lab().dataDir('scheduler', FREE_PORT);
    const file = path.join(folder, 'admin-token');
    chmodSync(file, 0o644);
    const scheduler = lab().start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
    expect(await scheduler.line('token_file_was_readable_by_others')).toMatchObject({ level: 'warn', file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('invite of a pool on loopback -> link with a warning; for a client: refused, and no invitation stays', async () => {
    const folder = lab().dataDir('scheduler', FREE_PORT);
    const url = await lab().start(['scheduler', '--data-dir', folder]).url();
    const onHost = ['--url', url, '--data-dir', folder];
    const forNode = await lab().run(['invite', ...onHost]);
    expect([forNode.code, forNode.stdout]).toEqual([0, expect.stringMatching(/^muster:\/\/127\.0\.0\.1:\d+\/join#key=/)]);
    expect(forNode.stderr).toContain('this pool is not shared: the link works on this computer only. Start the pool with --host 0.0.0.0');
    const forClient = await lab().run(['invite', '--role', 'client', ...onHost]);
    expect([forClient.code, forClient.stdout, forClient.stderr]).toEqual([6, '', expect.stringContaining('has no pin')]);
    const { invites } = JSON.parse((await lab().run(['members', '--json', ...onHost])).stdout) as { invites: { revoked_at: unknown }[] };
    expect(invites.filter(({ revoked_at }) => revoked_at === null).length).toBe(1);
    expect((await lab().run(['config', 'set', 'server.host', '0.0.0.0', '--data-dir', folder])).code).toBe(0);
    const before = await lab().run(['invite', ...onHost]);
    expect(before.stderr).toContain('works on this computer only. Restart the scheduler: the new address is not in use yet\n');
  });

  test('node joined by a link without a pin -> join prints the command for later, which needs no new invitation', async () => {
    const folder = lab().dataDir('scheduler', FREE_PORT);
    const url = await lab().start(['scheduler', '--data-dir', folder]).url();
    const link = (await lab().run(['invite', '--url', url, '--data-dir', folder])).stdout.trim();
    const memberFolder = lab().dataDir('member', '', { models: false });
    const member = lab().start(['join', link, '--data-dir', memberFolder, ...GPU]);
    await member.line('link_changed', { to: 'registered' });
    const address = /run: muster agent --scheduler (\S+)\n/.exec(member.output)?.[1] ?? expect.unreachable(member.output);
    await member.end();
    const again = lab().start(['agent', '--scheduler', address, '--data-dir', memberFolder, ...GPU]);
    await again.line('link_changed', { to: 'registered' });
  });

  test('allow_open_lan: nodes join without a token', async () => {
    const scheduler = lab().start([
      'scheduler',
      '--data-dir',
      lab().dataDir('scheduler', '[server]\nport = 0\nhost = "0.0.0.0"\nallow_open_lan = true\n'),
    ]);
    const url = await scheduler.url();
    await scheduler.line('open_lan');
    const agent = lab().start(['agent', '--data-dir', lab().dataDir('agent'), '--scheduler', url, ...GPU]);
    await agent.line('link_changed', { to: 'registered' });
  });
});
