import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  toJoinLink,
  httpUrlOf,
  parsePoolAddress,
  pinnedUrlOf,
  type PoolTarget,
  transportFault,
  webSocketUrlOf,
} from '../../../src/shared/api/join-link';

const target = (change: Partial<PoolTarget>): PoolTarget => ({
  host: '192.168.1.20',
  port: 7080,
  secure: false,
  token: null,
  pin: null,
  ...change,
});

const PIN = `sha256-${'aB3-_'.repeat(9).slice(0, 43)}`;

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
    [`muster://192.168.1.20:7080/join#pin=${PIN}&key=t`, target({ token: 't', pin: PIN, secure: true })],
    [`https://pool.example:7080/join#key=t`, target({ host: 'pool.example', token: 't', secure: true })],
    [`https://192.168.1.20:7080/join#pin=${PIN}&key=t`, target({ token: 't', pin: PIN, secure: true })],
    [`ws://192.168.1.20:7080#pin=${PIN}`, target({ pin: PIN, secure: true })],
    [`192.168.1.20#pin=${PIN}`, target({ pin: PIN, secure: true })],
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
    ['muster://host/join#pin=', 'pin_invalid'],
    [`muster://host/join#pin=${PIN}x`, 'pin_invalid'],
    [`https://host#pin=md5-${PIN.slice(7)}`, 'pin_invalid'],
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
  expect(toJoinLink(target({ secure: true, pin: PIN, token: 't' }))).toBe(`muster://192.168.1.20:7080/join#pin=${PIN}&key=t`);
  expect(toJoinLink(target({ secure: true, token: 't' }))).toBe('https://192.168.1.20:7080/join#key=t');
  expect(pinnedUrlOf(target({ secure: true, pin: PIN, token: 't' }))).toBe(`wss://192.168.1.20:7080#pin=${PIN}`);
});

test.each([
  ['192.168.1.20', 'pin_missing'],
  ['ws://annas-pc:7080', 'pin_missing'],
  ['http://pool.localhost', 'pin_missing'],
  ['muster://192.168.1.20/join#key=t', 'pin_missing'],
  ['https://pool.example', null],
  [`192.168.1.20#pin=${PIN}`, null],
  ['ws://127.0.0.1:7080', null],
  ['localhost', null],
  ['[::1]:7080', null],
])('transport: %s -> %s', (text, fault) => {
  const parsed = parsePoolAddress(text);
  expect(parsed.ok && transportFault(parsed.value)).toBe(fault);
});

test('join link: formatted and parsed -> the same target', () => {
  const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()).map((host) => host.toLowerCase());
  const tokens = fc.option(fc.stringMatching(/^[\x21-\x7e]{1,64}$/));
  fc.assert(
    fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), tokens, fc.constantFrom(null, PIN), (host, port, token, pin) => {
      const written = { host, port, secure: pin !== null, token, pin };
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
