// Two networks with a router between them, as namespaces, with the built program: an invitation, a firewall, a revoked member, and a man
// in the middle at the router who relays TLS.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NetworkReport } from '../../src/shared/api/network-report';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import type { MusterProcess } from '../support/muster-process';
import { NetLab } from '../support/net-lab';
import { NetMuster, PORT, type } from '../support/net-muster';
import { requireNamespaces, skipNote } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requireNamespaces();
const RELAY_PORT = PORT + 1;
const HOST = `10.77.0.1:${String(PORT)}`;

let muster: NetMuster;
let scheduler: MusterProcess;
beforeAll(async () => {
  if (missing !== undefined) return;
  muster = new NetMuster(await NetLab.open());
  muster.net.connectByRouter();
  scheduler = await muster.scheduler('anna');
});
afterAll(() => (missing === undefined ? muster.close() : undefined));

interface Member {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
}

const members = async (): Promise<readonly Member[]> =>
  (JSON.parse(await muster.command('anna', 'members', '--json')) as { readonly members: readonly Member[] }).members;
const invitation = async (): Promise<string> =>
  (JSON.parse(await muster.command('anna', 'invite', '--json')) as { readonly link: string }).link;

async function doctorAt(host: string, toml = ''): Promise<NetworkReport> {
  const folder = muster.lab.dataDir(`doctor-${host}`, toml, { models: false });
  return JSON.parse((await muster.start(host, ['doctor', '--network', '--json', '--data-dir', folder]).finished).stdout) as NetworkReport;
}

/** Eve sends the connections of the attic to her own program, and resets those that are open. */
function divert(to: number): void {
  const table =
    'add table ip m; add chain ip m p { type nat hook prerouting priority -100; }; add chain ip m f { type filter hook forward priority 0; }';
  const pool = `tcp dport ${String(PORT)} ip daddr 10.77.0.1`;
  muster.net.run(
    'eve',
    'nft',
    `${table}; add rule ip m p ${pool} redirect to :${String(to)}; add rule ip m f ${pool} reject with tcp reset`,
  );
}
function divertNoMore(): void {
  muster.net.run('eve', 'nft', 'flush', 'ruleset');
}

/** Eve's program has a CA and a certificate of her own, and passes everything on to the pool. */
async function relay() {
  const nowWallMs = Date.now();
  const { cert, key } = await createServerCertificate(
    await createAuthority(await createAuthorityKey(), nowWallMs),
    ['10.77.0.1'],
    nowWallMs,
  );
  const [certFile, keyFile] = [path.join(muster.lab.folder, 'eve.pem'), path.join(muster.lab.folder, 'eve-key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const program = path.join(import.meta.dirname, '..', 'support', 'tls-relay.mjs');
  const argv = [process.execPath, program, certFile, keyFile, String(RELAY_PORT), '10.77.0.1', String(PORT)];
  const child = muster.net.spawn('eve', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  muster.lab.own(child);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more: string) => (text += more));
  const events = (name: string) => text.split('\n').filter((line) => line.includes(`"${name}"`)).length;
  await until('the relay', () => events('relay_listening') === 1);
  return {
    connections: () => events('client_connected'),
    reads: () => events('client_bytes'),
  };
}

describe.skipIf(missing !== undefined)(`a router between two networks${skipNote({ missing })}`, () => {
  let invited: MusterProcess;
  let asked: MusterProcess;

  test('nearby -> nothing found, doctor says why; invitation -> joined and ready through the router', async () => {
    const folder = muster.lab.dataDir('nearby', '');
    const [nearby, report, link] = await Promise.all([
      muster.start('ben', ['join', '--json', '--data-dir', folder, '--simulate-gpu', 'Test:24']).finished,
      doctorAt('ben'),
      invitation(),
    ]);
    expect([nearby.code, nearby.stderr]).toEqual([5, expect.stringContaining('join: no pool')]);
    expect(report).toMatchObject({ multicast: [{ heard_own: true, heard_from: [] }], pools: [] });
    expect(report.problems).toContain('multicast_silent');
    expect(link).toContain(`muster://${HOST}/join#pin=sha256-`);
    invited = muster.join('ben', 'invited', link);
    await invited.line('link_changed', { to: 'registered' });
    await scheduler.line('node_status_changed', { to: 'ready' });
  });

  test('join ADDRESS -> digits compared through the router, joined', async () => {
    asked = muster.join('ben', 'asked', HOST);
    expect(await muster.joined('anna', asked)).toMatchObject({ name: 'asked', address: '10.78.0.2' });
  });

  test('member revoked -> socket closed with 4010, then 403 REVOKED; the other member goes on', async () => {
    const [revoked, other] = ['invited', 'asked'].map((name) => async () => (await members()).find((member) => member.name === name));
    const before = asked.lines.length;
    await muster.command('anna', 'revoke', (await revoked?.())?.id ?? '');
    await scheduler.line('member_revoked');
    await invited.line('link_changed', { to: 'refused', code: 'REVOKED' });
    await scheduler.line('node_socket_closed', { code: 4010 });
    muster.net.signal(invited.child, 'SIGTERM');
    await invited.finished;
    const again = muster.start('ben', ['agent', '--data-dir', muster.folder('invited'), '--simulate-gpu', 'Test:24']);
    await again.line('link_changed', { to: 'refused', code: 'REVOKED' });
    await scheduler.line('node_upgrade_refused', { code: 'REVOKED' });
    again.signal('SIGKILL');
    expect([(await revoked?.())?.connected, (await other?.())?.connected]).toEqual([false, true]);
    const output = await muster.command('anna', 'submit', '--task', 'command', '--model', 'example-shout', '--prompt', 'go on', '--wait');
    expect(output.trim()).toBe('GO ON');
    expect(asked.lines.slice(before).filter(({ event }) => event === 'link_changed')).toEqual([]);
  });

  test('firewall of the host drops the port -> join names the failing step, doctor of the host names the firewall', async () => {
    muster.net.firewall('anna', 'iifname lo accept', `tcp dport ${String(PORT)} drop`);
    const link = muster.join('ben', 'late', await invitation());
    const [ended, byLink, atHost] = await Promise.all([
      muster.join('ben', 'too-late', HOST).finished,
      link.finished,
      doctorAt('anna', `[server]\nhost = "0.0.0.0"\nport = ${String(PORT)}\n`),
    ]);
    expect(byLink).toMatchObject({ code: 7, stderr: expect.stringContaining('The failing step is "port": timeout') as string });
    expect(ended).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`the port does not answer: no connection to ${HOST} (timeout)`) as string,
    });
    expect(atHost.firewalls).toContainEqual(expect.objectContaining({ name: 'nftables', state: 'blocks' }));
    expect(atHost.problems).toContain('firewall');
    muster.net.firewall('anna');
  });

  describe('a man in the middle who relays TLS', () => {
    let eve: Awaited<ReturnType<typeof relay>>;
    let readBefore = 0;
    beforeAll(async () => {
      eve = await relay();
    });
    beforeEach(() => {
      readBefore = eve.reads();
      divert(RELAY_PORT);
    });
    afterEach(divertNoMore);

    test('link of a member -> refused before a byte is sent; he leaves -> the member returns', async () => {
      const before = asked.lines.length;
      await asked.line('link_changed', { to: 'reconnecting', cause: 'not_the_pool' }, before);
      expect([eve.connections() > 0, eve.reads() - readBefore]).toEqual([true, 0]);
      divertNoMore();
      await asked.line('link_changed', { to: 'registered' }, before);
    });

    test('invitation -> refused before a byte is sent, step named', async () => {
      const before = eve.connections();
      const { code, stderr } = await muster.join('ben', 'newcomer', await invitation()).finished;
      expect([code, stderr]).toEqual([5, expect.stringContaining('not_the_pool')]);
      expect([eve.connections() > before, eve.reads() - readBefore]).toEqual([true, 0]);
    });

    test('joining by digits -> his pool has other keys: host shows no request, no credential kept', async () => {
      const newcomer = muster.join('ben', 'by-digits', HOST);
      await newcomer.line('compare');
      await until('the relayed messages', () => eve.reads() - readBefore >= 3);
      type(newcomer, '000000');
      expect((await newcomer.finished).code).not.toBe(0);
      expect(JSON.parse(await muster.command('anna', 'pending', '--json'))).toMatchObject({ join_requests: [] });
      expect(() => readFileSync(path.join(muster.folder('by-digits'), 'joined-pool.json'))).toThrow('ENOENT');
    });
  });
});
