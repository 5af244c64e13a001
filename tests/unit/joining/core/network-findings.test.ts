// Firewalls from outputs of their tools, and what the network doctor concludes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { networkReportText } from '../../../../src/main/cli/network-report-text';
import { firewallFinding } from '../../../../src/main/joining/core/firewalls';
import { networkProblems } from '../../../../src/main/joining/core/network-report';
import type { FirewallName, MulticastFinding, NetworkReport } from '../../../../src/shared/api/network-report';

const outputOf = (file: string): string =>
  readFileSync(path.join(import.meta.dirname, '../../../fixtures/firewalls', `${file}.txt`), 'utf8');

test.each<[string, FirewallName, string, readonly string[]]>([
  ['ufw-inactive', 'ufw', 'off', []],
  ['ufw-ssh-only', 'ufw', 'blocks', ['sudo ufw allow 7080/tcp', 'sudo ufw allow 5353/udp']],
  ['ufw-open', 'ufw', 'open', []],
  ['ufw-not-root', 'ufw', 'unknown', ['sudo ufw allow 7080/tcp', 'sudo ufw allow 5353/udp']],
  [
    'firewalld-default',
    'firewalld',
    'blocks',
    ['sudo firewall-cmd --permanent --add-port=7080/tcp', 'sudo firewall-cmd --permanent --add-service=mdns', 'sudo firewall-cmd --reload'],
  ],
  ['firewalld-workstation', 'firewalld', 'open', []],
  ['firewalld-off', 'firewalld', 'off', []],
  [
    'windows-on',
    'windows',
    'unknown',
    [
      'New-NetFirewallRule -DisplayName Muster -Direction Inbound -Action Allow -Profile Private -Protocol TCP -LocalPort 7080',
      'New-NetFirewallRule -DisplayName Muster -Direction Inbound -Action Allow -Profile Private -Protocol UDP -LocalPort 5353',
    ],
  ],
  ['windows-off', 'windows', 'off', []],
  ['macos-off', 'macos', 'off', []],
  ['macos-on', 'macos', 'unknown', ['System Settings > Network > Firewall > Options: allow incoming connections for Muster']],
  ['macos-block-all', 'macos', 'blocks', ['System Settings > Network > Firewall > Options: allow incoming connections for Muster']],
])('firewall: %s -> %s %s', (file, name, state, fixes) => {
  expect(firewallFinding(name, outputOf(file), 7080)).toEqual({ name, state, fixes });
});

test.each<FirewallName>(['ufw', 'firewalld', 'windows', 'macos'])('firewall: %s without output -> unknown, with the commands', (name) => {
  const finding = firewallFinding(name, null, 7080);
  expect(finding).toMatchObject({ name, state: 'unknown' });
  expect(finding?.fixes.join()).toContain(name === 'macos' ? 'allow incoming connections for Muster' : '7080');
});

describe('firewall: rules of nftables', () => {
  const insert = (rest: string): string => `sudo nft insert rule inet fw i ${rest} accept`;
  test.each<[string, number, readonly string[]]>([
    ['nftables-drop', 7080, [insert('tcp dport 7080'), insert('udp dport 5353')]],
    ['nftables-drop', 7081, [insert('udp dport 5353')]],
    ['nftables-policy-drop', 7080, [insert('tcp dport 7080'), insert('udp dport 5353')]],
    ['nftables-policy-drop', 85, [insert('udp dport 5353')]],
  ])('%s, port %d -> blocks, with the commands', (file, port, fixes) => {
    expect(firewallFinding('nftables', outputOf(file), port)).toEqual({ name: 'nftables', state: 'blocks', fixes });
  });

  test('no rule about the ports, rights missing, no output -> no finding', () => {
    const outputs = [
      outputOf('nftables-not-root'),
      '{"nftables":[{"metainfo":{}}]}',
      '{"nftables":[{"chain":7},{"rule":{"expr":[1]}}]}',
      null,
    ];
    expect(outputs.map((output) => firewallFinding('nftables', output, 7080))).toEqual([null, null, null, null]);
  });

  test('rule with a condition on the sender -> not known, so no finding', () => {
    const source = { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '10.0.0.9' } };
    const chain = { family: 'ip', table: 't', name: 'c', hook: 'input', type: 'filter', policy: 'drop' };
    const rule = (...expr: readonly object[]) => ({ rule: { family: 'ip', table: 't', chain: 'c', expr } });
    const output = (...rules: readonly object[]) => JSON.stringify({ nftables: [{ chain }, ...rules] });
    expect(firewallFinding('nftables', output(rule(source, { accept: null })), 7080)).toBeNull();
    expect(firewallFinding('nftables', output(rule({ jump: { target: 'x' } })), 7080)).toBeNull();
    expect(firewallFinding('nftables', output(rule({ drop: null })), 7080)?.fixes).toHaveLength(2);
  });
});

describe('conclusions', () => {
  const heard: MulticastFinding = { interface: 'eth0', heard_own: true, heard_from: ['10.0.0.2'], fault: null };
  const report: Omit<NetworkReport, 'problems' | 'took_ms'> = {
    interfaces: [{ name: 'eth0', use: 'announced', addresses: ['10.0.0.1'], ipv4: '10.0.0.1', cidr: '10.0.0.1/24' }],
    multicast: [heard],
    firewalls: [],
    port: { port: 7080, reachable: true },
    pools: [],
  };
  const shared = { host: 'network', platform: 'linux', isMember: false } as const;

  test.each<[string, Partial<typeof report>, object, readonly string[]]>([
    ['all well', {}, {}, []],
    ['no interface', { interfaces: [], multicast: [] }, {}, ['no_interface']],
    ['no answer', { multicast: [{ ...heard, heard_from: [] }] }, {}, ['multicast_silent']],
    ['own packets not heard', { multicast: [{ ...heard, heard_own: false, heard_from: [] }] }, {}, ['multicast_blocked']],
    ['port in use', { multicast: [{ ...heard, heard_from: [], heard_own: false, fault: 'EADDRINUSE' }] }, {}, ['multicast_port_in_use']],
    [
      'pool behind a firewall',
      { pools: [{ id: 'i', name: 'n', port: 1, addresses: ['10.0.0.2'], reachable: false }] },
      {},
      ['pool_unreachable'],
    ],
    ['scheduler for this computer only', { port: null }, { host: 'loopback' }, ['scheduler_on_loopback']],
    ['member of another pool', { port: null }, { host: 'loopback', isMember: true }, []],
    [
      'own pool announced, started with --host',
      { port: null, pools: [{ id: 'i', name: 'n', port: 1, addresses: ['10.0.0.1'], reachable: true }] },
      { host: 'loopback' },
      [],
    ],
    ['no scheduler', { port: { port: 7080, reachable: false } }, {}, ['port_closed']],
    [
      'macOS without an answer',
      { multicast: [{ ...heard, heard_from: [] }] },
      { platform: 'darwin' },
      ['multicast_silent', 'local_network_right'],
    ],
    [
      'VPN',
      { interfaces: [...report.interfaces, { name: 'tun0', use: 'vpn', addresses: ['10.8.0.2'], ipv4: '10.8.0.2', cidr: null }] },
      {},
      ['vpn'],
    ],
  ])('%s', (_name, change, options, problems) => {
    expect(networkProblems({ ...report, ...change }, { ...shared, ...options })).toEqual(problems);
  });

  test('text: problems in the language of the user, commands of the firewall', () => {
    const firewalls = [firewallFinding('ufw', outputOf('ufw-ssh-only'), 7080)].filter((finding) => finding !== null);
    const problems = networkProblems({ ...report, firewalls }, shared);
    const texts = (['en', 'zh'] as const).map((language) =>
      networkReportText({ ...report, firewalls, problems, took_ms: 1 }, { language }),
    );
    expect(texts[0]).toContain(
      'A firewall of this computer blocks connections. Run:\n  sudo ufw allow 7080/tcp\n  sudo ufw allow 5353/udp\n',
    );
    expect(texts[1]).toContain('本机的防火墙拦截了连接');
  });
});
