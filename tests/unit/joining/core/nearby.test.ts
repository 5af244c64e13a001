// DNS-SD in pure code: interfaces, records, and the list of found pools.
import { describe, expect, test } from 'vitest';
import { type DnsRecord, isAskedFor, poolsIn, QUESTION, recordsOf } from '../../../../src/main/joining/core/dns-records';
import { isSamePools, withAnswer, withoutExpired } from '../../../../src/main/joining/core/found-pools';
import { parseHostMessage, parseJoinerMessage, toClaim } from '../../../../src/main/joining/core/join-messages';
import {
  announcedInterfaces,
  lanInterfaces,
  listeningAddresses,
  listeningInterfaces,
} from '../../../../src/main/joining/core/lan-interfaces';
import { lookAlikeOf } from '../../../../src/main/joining/core/look-alikes';
import { poolIdOf } from '../../../../src/main/joining/pool-id';

const ID = '0123456789abcdef';
const pool = { id: ID, name: 'Anna’s pool', port: 7080 };

describe('records', () => {
  test('announcement -> the same pool with the addresses of its interface', () => {
    const records = recordsOf(pool, ['10.77.0.1', 'fe80::1', 'fe80::2%eth0']);
    expect(poolsIn(records, 'eth7')).toEqual([{ ...pool, addresses: ['10.77.0.1', 'fe80::1%eth7'], isGone: false }]);
    expect(isAskedFor(QUESTION, records)).toBe(true);
    expect(isAskedFor({ name: '_ipp._tcp.local', type: 'PTR' }, records)).toBe(false);
  });

  test('GPUs and models -> announced; unknown -> left out, never 0', () => {
    const found = (offer: object) => poolsIn(recordsOf({ ...pool, ...offer }, ['10.77.0.1']), 'eth0')[0];
    expect(found({ gpus: 6, models: 0 })).toMatchObject({ gpus: 6, models: 0 });
    expect(Object.keys(found({}) ?? {})).not.toContain('gpus');
  });

  test.each(['gpus=', 'gpus=-1', 'gpus=1e9', 'gpus=1234567', 'gpus=<b>', 'gpus'])('announced %j -> not known', (entry) => {
    const records = changed((record) => (record.type === 'TXT' ? { ...record, data: ['v=1', `id=${ID}`, 'n=x', entry] } : record));
    expect(poolsIn(records, 'eth0')).toEqual([{ id: ID, name: 'x', port: 7080, addresses: ['10.77.0.1'], isGone: false }]);
  });

  test('ttl 0 -> gone', () => {
    expect(poolsIn(recordsOf(pool, ['10.77.0.1'], 0), 'eth0')).toMatchObject([{ id: ID, isGone: true }]);
  });

  const changed = (change: (record: DnsRecord) => DnsRecord | null): readonly DnsRecord[] =>
    recordsOf(pool, ['10.77.0.1']).flatMap((record) => change(record) ?? []);
  test.each<[string, readonly DnsRecord[]]>([
    ['no TXT', changed((record) => (record.type === 'TXT' ? null : record))],
    [
      'another id in TXT',
      changed((record) => (record.type === 'TXT' ? { ...record, data: ['v=1', 'id=ffffffffffffffff', 'n=x'] } : record)),
    ],
    ['a later version', changed((record) => (record.type === 'TXT' ? { ...record, data: ['v=2', `id=${ID}`, 'n=x'] } : record))],
    ['no address', changed((record) => (record.type === 'A' ? null : record))],
    ['not an address', changed((record) => (record.type === 'A' ? { ...record, data: 'evil.example' } : record))],
    ['port 0', changed((record) => (record.type === 'SRV' ? { ...record, data: { target: `muster-${ID}.local`, port: 0 } } : record))],
    ['an instance that is no id', changed((record) => ({ ...record, name: record.name.replace(ID, 'Anna') }))],
  ])('%s -> ignored', (_name, records) => {
    expect(poolsIn(records, 'eth0')).toEqual([]);
  });

  test('name with control characters or too long -> cleaned, shortened', () => {
    const records = changed((record) =>
      record.type === 'TXT' ? { ...record, data: ['v=1', `id=${ID}`, `n=An\u001b[2Jna\u202e${'x'.repeat(100)}`] } : record,
    );
    const [found] = poolsIn(records, 'eth0');
    expect(found?.name).toBe(`An[2Jna${'x'.repeat(57)}`);
  });
});

describe('found pools', () => {
  const found = { ...pool, addresses: ['10.77.0.1'], isGone: false };

  test('answer, another address, silence -> listed, changed, forgotten after 20 s', () => {
    const first = withAnswer([], found, 0);
    expect(first).toMatchObject([{ id: ID, addresses: ['10.77.0.1'] }]);
    expect(isSamePools(first, withAnswer(first, found, 5000))).toBe(true);
    const grown = withAnswer(first, { ...found, gpus: 2 }, 5500);
    expect([isSamePools(first, grown), grown[0]?.gpus]).toEqual([false, 2]);
    const moved = withAnswer(first, { ...found, addresses: ['10.77.0.9'] }, 6000);
    expect(isSamePools(first, moved)).toBe(false);
    expect(withoutExpired(moved, 25_999)).toHaveLength(1);
    expect(withoutExpired(moved, 26_000)).toEqual([]);
    expect(withAnswer(first, { ...found, isGone: true }, 1)).toEqual([]);
  });

  test('10,000 pools of a stranger -> 100 kept, a known one still updated', () => {
    let pools = withAnswer([], found, 0);
    for (let index = 0; index < 10_000; index++) pools = withAnswer(pools, { ...found, id: index.toString(16).padStart(16, 'f') }, 1);
    expect(pools).toHaveLength(100);
    expect(withAnswer(pools, { ...found, port: 9 }, 2).find(({ id }) => id === ID)?.port).toBe(9);
  });
});

/** An address of an interface, as Node lists it. */
const entry = (address: string, mac = '02:00:00:00:00:01') => ({
  address,
  mac,
  family: address.includes(':') ? 'IPv6' : 'IPv4',
  internal: false,
  cidr: `${address}/24`,
});

test('interfaces: bridges of containers, tunnels and those without IPv4 are left out', () => {
  const interfaces = {
    lo: [{ ...entry('127.0.0.1'), internal: true }],
    eth0: [entry('fe80::1'), entry('192.168.1.20')],
    docker0: [entry('172.17.0.1')],
    'br-1a2b': [entry('172.18.0.1')],
    tun0: [entry('10.8.0.2', '00:00:00:00:00:00')],
    wlan0: [entry('fe80::2')],
    none: undefined,
  };
  expect(lanInterfaces(interfaces).map(({ name, use }) => [name, use])).toEqual([
    ['eth0', 'announced'],
    ['docker0', 'bridge'],
    ['br-1a2b', 'bridge'],
    ['tun0', 'vpn'],
    ['wlan0', 'no_ipv4'],
  ]);
  expect(announcedInterfaces(interfaces)).toMatchObject([{ name: 'eth0', ipv4: '192.168.1.20', addresses: ['192.168.1.20', 'fe80::1'] }]);
});

describe('scheduler on one address', () => {
  const interfaces = {
    eth0: [entry('192.168.1.20'), entry('fd00::1')],
    eth1: [entry('10.0.0.2', '02:00:00:00:00:02'), entry('fe80::1', '02:00:00:00:00:02')],
    tun0: [entry('10.8.0.2', '00:00:00:00:00:00')],
  };
  test.each<[string, string, readonly (readonly [string, readonly string[]])[], readonly string[]]>([
    ['192.168.1.20', 'that address only', [['eth0', ['192.168.1.20']]], ['192.168.1.20']],
    ['FD00::1', 'that address only', [['eth0', ['fd00::1']]], ['FD00::1']],
    ['10.8.0.2', 'a tunnel: not announced', [], ['10.8.0.2']],
    ...['0.0.0.0', '::'].map((host): [string, string, readonly (readonly [string, readonly string[]])[], readonly string[]] => [
      host,
      'all addresses',
      [
        ['eth0', ['192.168.1.20', 'fd00::1']],
        ['eth1', ['10.0.0.2', 'fe80::1']],
      ],
      ['192.168.1.20', 'fd00::1', '10.0.0.2'],
    ]),
  ])('%s -> %s', (host, _what, announced, addresses) => {
    expect(listeningInterfaces(interfaces, host).map((lan) => [lan.name, lan.addresses])).toEqual(announced);
    expect(listeningAddresses(interfaces, host)).toEqual(addresses);
  });
});

test.each([
  ['ben-pc', 'ben_pc'],
  ['server1', 'serverl'],
  ['anna', 'аnnа'],
  ['modern', 'modem'],
])('look-alike: %s and %s -> marked', (known, claimed) => {
  expect(lookAlikeOf(claimed, ['other', known])).toBe(known);
});

test('look-alike: another name -> null', () => {
  expect(lookAlikeOf('carl', ['ben-pc', 'anna'])).toBeNull();
});

describe('messages', () => {
  const reveal = { type: 'reveal', nonce: 'A'.repeat(43), proof: 'A'.repeat(86), name: 'ben', gpus: [], roles: ['node', 'client'] };
  test.each<[string, unknown]>([
    ['an array', [reveal]],
    ['an unknown type', { type: 'nonce', nonce: 'A'.repeat(43) }],
    ['a short nonce', { ...reveal, nonce: 'A'.repeat(42) }],
    ['a control character in the name', { ...reveal, name: 'a\u0007' }],
    ['9 GPUs', { ...reveal, gpus: Array.from({ length: 9 }, () => ({ name: 'g', memory_gb: 1 })) }],
    ['a role of an owner', { ...reveal, roles: ['node', 'owner'] }],
    ['no role of a node', { ...reveal, roles: ['client'] }],
    ['more than 4 kB', { ...reveal, other: 'x'.repeat(5000) }],
  ])('%s -> null', (_name, message) => {
    expect(parseJoinerMessage(JSON.stringify(message))).toBeNull();
  });

  test('valid -> decoded; of an older program -> a node; text that is not JSON -> null', () => {
    expect(parseJoinerMessage(JSON.stringify(reveal))).toEqual(reveal);
    expect(parseHostMessage('{"type":"denied"}')).toEqual({ type: 'denied' });
    const { roles: _none, ...older } = reveal;
    expect(parseJoinerMessage(JSON.stringify(older))).toEqual({ ...reveal, roles: ['node'] });
    const approved = { type: 'approved', credential: 'mn_0123456789', member_id: 'm', pool_name: 'anna', addresses: [] };
    expect(parseHostMessage(JSON.stringify(approved))).toEqual({ ...approved, roles: ['node'] });
    expect([parseHostMessage('{'), parseJoinerMessage('')]).toEqual([null, null]);
  });

  test('claim: control characters dropped, never half of a surrogate pair', () => {
    expect(toClaim(`\u0000${'x'.repeat(63)}😀`)).toBe('x'.repeat(63));
    expect(toClaim(' \u200b ')).toBeNull();
  });
});

test('pool id: 16 hex digits of the pin', () => {
  expect(poolIdOf(`sha256-${Buffer.from('0123456789abcdef'.repeat(4), 'hex').toString('base64url')}`)).toBe(ID);
});
