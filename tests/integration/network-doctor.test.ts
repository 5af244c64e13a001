// `muster doctor --network` in a network of namespaces: multicast, firewalls, bridges, tunnels and client isolation.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NetworkReport } from '../../src/shared/api/network-report';
import { NetLab } from '../support/net-lab';
import { NetMuster } from '../support/net-muster';
import { requireNamespaces, skipNote } from '../support/requirements';
import { unzip } from '../support/unzip';
import { until } from '../support/until';

const { missing } = requireNamespaces();

let muster: NetMuster;
const port = { anna: '', ben: '' };
beforeAll(async () => {
  if (missing !== undefined) return;
  muster = new NetMuster(await NetLab.open());
  const { net } = muster;
  net.switch('lan');
  for (const [index, host] of (['anna', 'ben'] as const).entries()) {
    net.host(host);
    port[host] = net.cable(host, 'lan', 'eth0', `10.77.0.${String(index + 1)}/24`);
  }
  await muster.scheduler('anna');
});
afterAll(() => (missing === undefined ? muster.close() : undefined));

async function examined(joined: object | null = null): Promise<{ readonly report: NetworkReport; readonly code: number | null }> {
  const folder = muster.lab.dataDir('ben', '', { models: false });
  if (joined !== null) writeFileSync(path.join(folder, 'joined-pool.json'), JSON.stringify(joined), { mode: 0o600 });
  const { code, stdout } = await muster.start('ben', ['doctor', '--network', '--json', '--data-dir', folder]).finished;
  return { code, report: JSON.parse(stdout) as NetworkReport };
}

describe.skipIf(missing !== undefined)(`doctor --network${skipNote({ missing })}`, () => {
  test('pool in the network -> heard, listed; bridge of containers not announced', async () => {
    muster.net.run('ben', 'ip', 'link', 'add', 'docker0', 'type', 'bridge');
    muster.net.run('ben', 'ip', 'addr', 'add', '172.17.0.1/16', 'dev', 'docker0');
    muster.net.run('ben', 'ip', 'link', 'set', 'docker0', 'up');
    const { code, report } = await examined();
    expect(code).toBe(0);
    expect(report.interfaces.find(({ name }) => name === 'eth0')).toMatchObject({ use: 'announced', ipv4: '10.77.0.2' });
    expect(report.interfaces.filter(({ use }) => use === 'announced')).toHaveLength(1);
    expect(report.multicast).toMatchObject([{ interface: 'eth0', heard_own: true, heard_from: ['10.77.0.1'], fault: null }]);
    expect(report.pools.map(({ addresses, port: at }) => [addresses[0], at])).toEqual([['10.77.0.1', 7080]]);
    expect(report.pools).toMatchObject([{ reachable: true }]);
    expect(report.problems).toEqual(['scheduler_on_loopback']);
  });

  test('member -> the known addresses of its pool are tried, and no hint about a scheduler of its own', async () => {
    const joined = { version: 1, name: 'anna', pin: `sha256-${'A'.repeat(43)}`, port: 7080, credential: 'c', roles: ['node'] };
    const reached = await examined({ ...joined, addresses: ['10.77.0.99', '10.77.0.1'] });
    expect(reached.report.pools[0]).toMatchObject({ name: 'anna', reachable: true });
    expect([reached.code, reached.report.problems]).toEqual([0, []]);
    const unreached = await examined({ ...joined, addresses: ['10.77.0.99'] });
    expect(unreached.report.pools[0]).toMatchObject({ name: 'anna', reachable: false });
    expect([unreached.code, unreached.report.problems]).toEqual([1, ['pool_unreachable']]);
    rmSync(path.join(muster.folder('ben'), 'joined-pool.json'));
  });

  test('diagnostics: settings with names, and a pool in the network -> names in no file, the rest stays', async () => {
    const settings = `[agent]
name = "kais-tower"
scheduler = "wss://bens-desk.test:7080#pin=sha256-${'A'.repeat(43)}"
pause_for_programs = ["secret-game"]
[runtimes]
urls = ["http://living-room.test:5000"]
allowed_hosts = ["living-room.test"]
`;
    const folder = muster.lab.dataDir('ben', settings, { models: false });
    const file = path.join(folder, 'report.zip');
    const argv = ['diagnostics', '--data-dir', folder, '--output', file, '--simulate-gpu', 'Test:24'];
    const { code, stdout } = await muster.start('ben', argv).finished;
    expect([code, stdout]).toEqual([0, `${file}\n`]);
    const files = new Map([...unzip(readFileSync(file))].map(([name, content]) => [path.basename(name), content]));
    expect([...files.keys()]).toEqual(['README.txt', 'settings.json', 'doctor.json', 'network.json']);
    const all = [...files.values()].join('\n');
    for (const name of ['kais-tower', 'bens-desk', 'secret-game', 'living-room', '"anna"']) expect(all).not.toContain(name);
    expect(files.get('settings.json')).toContain('wss://[name]:7080#pin=');
    expect(files.get('network.json')).toContain('10.77.0.1');
  });

  test('address of the host changes while its scheduler runs -> the new one is announced', async () => {
    muster.net.address('anna', 'eth0', 'del', '10.77.0.1/24');
    muster.net.address('anna', 'eth0', 'add', '10.77.0.7/24');
    const first = await until(
      'the new address of the pool',
      async () => {
        const { report } = await examined();
        return report.pools[0]?.addresses[0] === '10.77.0.7';
      },
      20_000,
    );
    expect(first).toBe(true);
  });

  test('firewall of the host drops the port of its pool -> pool found, not reachable, exit code 1, within 5 s', async () => {
    muster.net.firewall('anna', 'iifname lo accept', 'tcp dport 7080 drop');
    const { code, report } = await examined();
    expect([code, report.pools[0]?.reachable, report.problems.includes('pool_unreachable')]).toEqual([1, false, true]);
    expect(report.took_ms).toBeLessThan(5000);
    muster.net.firewall('anna');
  });

  test('client isolation -> only own packets heard', async () => {
    for (const each of [port.anna, port.ben]) muster.net.isolate('lan', each, true);
    const { report } = await examined();
    expect(report.multicast).toMatchObject([{ heard_own: true, heard_from: [] }]);
    expect(report.problems).toContain('multicast_silent');
    for (const each of [port.anna, port.ben]) muster.net.isolate('lan', each, false);
  });

  test('firewall that drops UDP 5353 -> multicast_blocked, exit code 1, within 5 s, rules unchanged', async () => {
    muster.net.firewall('ben', 'udp dport 5353 drop');
    const rules = muster.net.run('ben', 'nft', 'list', 'ruleset');
    const { code, report } = await examined();
    expect(code).toBe(1);
    expect(report.multicast).toMatchObject([{ heard_own: false, heard_from: [] }]);
    expect(report.problems).toContain('multicast_blocked');
    expect(report.took_ms).toBeLessThan(5000);
    expect(muster.net.run('ben', 'nft', 'list', 'ruleset')).toBe(rules);
    muster.net.firewall('ben');
  });
});

test.skipIf(missing !== undefined)('lab: the end of its holder ends every process in it', async () => {
  const net = await NetLab.open();
  net.host('h');
  const [program, ...args] = net.argv('h', ['sleep', '60']);
  const sleeper = spawn(program, args);
  const ended = new Promise((resolve) => sleeper.once('exit', resolve));
  await net.close();
  await ended;
});
