import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toJoinLink, httpUrlOf, parsePoolAddress, type PoolTarget, webSocketUrlOf } from '../../../src/shared/api/join-link';

const target = (change: Partial<PoolTarget>): PoolTarget => ({ host: '192.168.1.20', port: 7080, secure: false, token: null, ...change });

describe('address -> target', () => {
  test.each<[string, PoolTarget]>([
    ['192.168.1.20', target({})],
    ['  192.168.1.20:9000 ', target({ port: 9000 })],
    ['lab-a', target({ host: 'lab-a' })],
    ['Lab-A.local.', target({ host: 'lab-a.local.' })],
    ['gpu_box:65535', target({ host: 'gpu_box', port: 65_535 })],
    ['http://192.168.1.20:7080', target({})],
    ['http://192.168.1.20:7080/#/nodes', target({})],
    ['ws://192.168.1.20:7080/ws/node', target({})],
    ['WS://192.168.1.20', target({})],
    ['https://pool.example.org', target({ host: 'pool.example.org', port: 443, secure: true })],
    ['wss://pool.example.org:8443/ws/node?x=1', target({ host: 'pool.example.org', port: 8443, secure: true })],
    ['[fe80::1]:7081', target({ host: 'fe80::1', port: 7081 })],
    ['http://[::1]', target({ host: '::1' })],
    ['2001:db8::7', target({ host: '2001:db8::7' })],
    ['muster://192.168.1.20:7080/join#key=abc-_.~', target({ token: 'abc-_.~' })],
    ['muster://192.168.1.20/join#key=a%2Bb%3D', target({ token: 'a+b=' })],
    ['muster://192.168.1.20:7080/join', target({})],
    ['muster://[::1]:7080/join#fingerprint=sha256&key=t', target({ host: '::1', token: 't' })],
  ])('%s', (text, expected) => {
    expect(parsePoolAddress(text)).toEqual({ ok: true, value: expected });
  });
});

describe('invalid address -> the invalid part', () => {
  test.each<[string, string]>([
    ['', 'empty'],
    ['   ', 'empty'],
    ['ftp://host', 'scheme_unknown'],
    ['javascript://host', 'scheme_unknown'],
    ['muster://host/other#key=t', 'not_a_join_link'],
    ['http://', 'host_invalid'],
    [':7080', 'host_invalid'],
    ['a b', 'host_invalid'],
    ['user@host', 'host_invalid'],
    ['-bad', 'host_invalid'],
    ['999.1.1.1', 'host_invalid'],
    ['1.2.3', 'host_invalid'],
    ['[::1', 'host_invalid'],
    ['[host]', 'host_invalid'],
    ['a'.repeat(254), 'host_invalid'],
    ['host:', 'port_invalid'],
    ['host:0', 'port_invalid'],
    ['host:65536', 'port_invalid'],
    ['host:80a', 'port_invalid'],
    ['muster://host/join#key=', 'token_invalid'],
    ['muster://host/join#key=%zz', 'token_invalid'],
    ['muster://host/join#key=a%20b', 'token_invalid'],
    [`muster://host/join#key=${'t'.repeat(257)}`, 'token_invalid'],
  ])('%j -> %s', (text, fault) => {
    expect(parsePoolAddress(text)).toEqual({ ok: false, error: fault });
  });
});

test('http address with a token -> token ignored, since browsers store such URLs in their history', () => {
  expect(parsePoolAddress('http://192.168.1.20:7080/join#key=secret')).toEqual({ ok: true, value: target({}) });
});

test('URLs: IPv6 in brackets, no trailing slash', () => {
  expect(httpUrlOf(target({ host: '::1' }))).toBe('http://[::1]:7080');
  expect(webSocketUrlOf(target({ secure: true, port: 443 }))).toBe('wss://192.168.1.20:443');
  expect(toJoinLink(target({ token: 'a+b' }))).toBe('muster://192.168.1.20:7080/join#key=a%2Bb');
});

test('join link: formatted and parsed -> the same target', () => {
  const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()).map((host) => host.toLowerCase());
  const tokens = fc.option(fc.stringMatching(/^[\x21-\x7e]{1,64}$/));
  fc.assert(
    fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), tokens, (host, port, token) => {
      const written = { host, port, secure: false, token };
      expect(parsePoolAddress(toJoinLink(written))).toEqual({ ok: true, value: written });
    }),
  );
});

test('address: any text -> does not throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
      expect(typeof parsePoolAddress(text).ok).toBe('boolean');
    }),
  );
});
