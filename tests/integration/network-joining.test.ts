// Two machines in a network of namespaces, with real multicast and the built program: joining by digits, a man in the middle, another
// address of the pool, and the bytes that a sniffer records.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { MusterProcess } from '../support/muster-process';
import { NetLab } from '../support/net-lab';
import { NetMuster, PORT, type } from '../support/net-muster';
import { requireNamespaces, skipNote } from '../support/requirements';

const { missing } = requireNamespaces();

async function openMuster(): Promise<NetMuster> {
  const muster = new NetMuster(await NetLab.open());
  onTestFinished(() => muster.close());
  return muster;
}

/** Two hosts at one switch, without a default route. */
function connectTwo({ net }: NetMuster): void {
  net.switch('lan');
  for (const [index, host] of ['anna', 'ben'].entries()) {
    net.host(host);
    net.cable(host, 'lan', 'eth0', `10.77.0.${String(index + 1)}/24`);
  }
}

describe.skipIf(missing !== undefined)(`one network${skipNote({ missing })}`, () => {
  const NAME = 'bens-secret-workstation';
  const PROMPT = 'a-confidential-prompt-in-the-clear';
  let muster: NetMuster;
  let scheduler: MusterProcess;
  let joiner: MusterProcess;
  beforeAll(async () => {
    muster = new NetMuster(await NetLab.open());
    connectTwo(muster);
  });
  afterAll(() => muster.close());

  test('found by multicast, same digits, both confirm -> joined, ready, runs a job; capture without token, prompt, name', async () => {
    const file = path.join(muster.lab.folder, 'lan.pcap');
    const stopCapture = await muster.net.capture('lan', file);
    scheduler = await muster.scheduler('anna');
    joiner = muster.join('ben', NAME);
    const request = await muster.joined('anna', joiner);
    expect(request).toMatchObject({ name: NAME, address: '10.77.0.2' });
    await scheduler.line('join_requested', { node_name: NAME, from: '10.77.0.2' });
    await scheduler.line('member_joined');
    await scheduler.line('node_status_changed', { to: 'ready' });
    const output = await muster.command('anna', 'submit', '--task', 'command', '--model', 'example-shout', '--prompt', PROMPT, '--wait');
    expect(output.trim()).toBe(PROMPT.toUpperCase());
    muster.requestInClear('ben', '10.77.0.1', 'in-clear');
    await stopCapture('TLS_REQUIRED');

    const bytes = readFileSync(file);
    const kept = JSON.parse(readFileSync(path.join(muster.folder(NAME), 'joined-pool.json'), 'utf8')) as { readonly credential: string };
    const identity = readFileSync(path.join(muster.folder(NAME), 'identity.json'), 'utf8');
    const nodeToken = /"node_token": "([^"]+)"/.exec(identity)?.[1] ?? '';
    expect(nodeToken.length).toBeGreaterThan(8);
    const secrets = [kept.credential, nodeToken, NAME, PROMPT, PROMPT.toUpperCase(), 'example-shout', request.digits];
    expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
    expect(bytes.length).toBeGreaterThan(10_000);
    // The capture works: the announcement is in it, and the name of the pool with it.
    expect(bytes.includes('_muster')).toBe(true);
    expect(bytes.includes(hostname().slice(0, 64))).toBe(true);
  });

  test('pool at another address, a pool with its name at the old one -> found by its id and pin, the same node; address kept', async () => {
    const nodes = async (): Promise<readonly { readonly node_id: string; readonly status: string }[]> =>
      (JSON.parse(await muster.command('anna', 'nodes', '--json')) as { nodes: { node_id: string; status: string }[] }).nodes;
    const [before] = await nodes();
    // After a second connection only the renewed credential is valid.
    muster.net.signal(joiner.child, 'SIGTERM');
    await joiner.finished;
    joiner = muster.start('ben', ['agent', '--name', NAME, '--data-dir', muster.folder(NAME), '--simulate-gpu', 'Test:24']);
    await joiner.line('link_changed', { to: 'registered' });
    const after = joiner.lines.length;
    muster.net.signal(scheduler.child, 'SIGTERM');
    await scheduler.finished;
    muster.net.address('anna', 'eth0', 'del', '10.77.0.1/24');
    muster.net.address('anna', 'eth0', 'add', '10.77.0.9/24');
    // Its name is the name of this computer, as at the first pool.
    muster.net.host('eve');
    muster.net.cable('eve', 'lan', 'eth0', '10.77.0.1/24');
    const other = await muster.scheduler('eve');
    muster.net.run('ben', 'ip', 'neigh', 'flush', 'all');
    await joiner.line('link_changed', { to: 'reconnecting', cause: 'not_the_pool' }, after);
    scheduler = await muster.scheduler('anna');
    await joiner.line('pool_moved', { address: '10.77.0.9' }, after);
    await joiner.line('link_changed', { to: 'registered' }, after);
    expect(await nodes()).toMatchObject([{ node_id: before?.node_id }]);
    const kept = JSON.parse(readFileSync(path.join(muster.folder(NAME), 'joined-pool.json'), 'utf8')) as { readonly addresses: string[] };
    expect(kept.addresses[0]).toBe('10.77.0.9');
    expect(await muster.command('ben', 'doctor', '--network', '--json')).toContain('"10.77.0.1"');
    expect(JSON.parse(await muster.command('eve', 'nodes', '--json'))).toMatchObject({ nodes: [] });
    expect(other.output).not.toMatch(/node_registered|node_upgrade_refused|auth_failed/);
  });
});

describe.skipIf(missing !== undefined)(`a man in the middle${skipNote({ missing })}`, () => {
  test('relays with a pool of its own -> digits differ: newcomer exits with 6, host denies, no credential kept', async () => {
    const muster = await openMuster();
    const { net } = muster;
    net.connectByRouter();
    const redirect = `tcp dport ${String(PORT)} ip daddr 10.77.0.1 redirect to :${String(PORT)}`;
    net.run('eve', 'nft', `add table ip m; add chain ip m p { type nat hook prerouting priority -100; }; add rule ip m p ${redirect}`);
    const [scheduler] = await Promise.all([muster.scheduler('anna'), muster.scheduler('eve')]);

    const ben = muster.join('ben', 'ben-pc', `10.77.0.1:${String(PORT)}`);
    const atBen = String((await ben.line('compare'))['digits']);
    const atEve = await muster.pending('eve');
    expect(atEve.digits).toBe(atBen);
    // Eve passes the request on under the name of Ben, and confirms everything herself.
    const relayed = muster.join('eve', 'eve-as-ben', `10.77.0.1:${String(PORT)}`);
    await relayed.line('compare');
    const atAnna = await muster.pending('anna');
    expect(atAnna.digits).not.toBe(atBen);
    await muster.command('eve', 'approve', atEve.id);
    type(relayed, atAnna.digits);

    // Ben types what Anna's screen shows.
    type(ben, atAnna.digits);
    expect(await ben.finished).toMatchObject({ code: 6 });
    await muster.command('anna', 'deny', atAnna.id);
    expect(await relayed.finished).toMatchObject({ code: 6 });
    await scheduler.line('join_denied', { cause: 'denied' });
    for (const name of ['ben-pc', 'eve-as-ben'])
      expect(() => readFileSync(path.join(muster.folder(name), 'joined-pool.json'))).toThrow('ENOENT');
  });
});

test.skipIf(missing !== undefined)('invite of a shared pool on a computer without a network -> the link with the reason', async () => {
  const muster = await openMuster();
  muster.net.host('cara');
  await muster.scheduler('cara');
  const { code, stdout, stderr } = await muster.start('cara', ['invite', '--data-dir', muster.folder('cara')]).finished;
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^muster:\/\/127\.0\.0\.1:7080\/join#pin=/)]);
  expect(stderr).toContain('this computer has no network address now: the link works on this computer only');
});
