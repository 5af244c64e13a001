// Which Host, Origin and Authorization headers are accepted.
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { accessPolicyOf, type CheckedRequest, rejectReason } from '../../../../src/main/scheduler/access/access-policy';
import { bearerToken } from '../../../../src/main/scheduler/access/bearer';
import { type Transport, transportOf } from '../../../../src/main/scheduler/access/transport';

describe.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['localhost', true],
  ['LocalHost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['192.168.1.5', false],
  ['::', false],
  ['127.0.0.1.example', false],
])('bound to %s', (bindHost, isLoopback) => {
  it(`access policy: ${isLoopback ? 'loopback' : 'not loopback'}`, () => {
    expect(accessPolicyOf(bindHost, 'box', []).isLoopback).toBe(isLoopback);
  });
});

const requestOf = (headers: IncomingHttpHeaders, transport: Transport = 'loopback'): CheckedRequest => ({
  headers,
  rawHeaders: [],
  transport,
});

it.each([
  ['127.0.0.1:7080', true, true],
  ['localhost:7080', true, true],
  ['LOCALHOST:7080', true, true],
  ['[::1]:7080', true, true],
  ['127.0.0.1', true, true],
  ['127.0.0.1:7081', true, true],
  ['127.0.0.2:7080', false, true],
  ['10.0.0.1:7080', false, true],
  ['0.0.0.0:7080', false, true],
  ['[fe80::1]:7080', false, true],
  ['box:7080', false, true],
  ['box.local', false, true],
  ['Allowed.example', true, true],
  ['allowed.example:7080', true, true],
  ['evil.example', false, false],
  ['1.2.3.4.5', false, false],
  ['999.1.1.1', false, false],
  ['[not:ip]', false, false],
  ['[1.2.3.4]', false, false],
  ['[fe80:::1]', false, false],
  ['box@evil', false, false],
  ['', false, false],
  [undefined, false, false],
])('host check: Host %s -> allowed on loopback: %s, elsewhere: %s', (host, onLoopback, elsewhere) => {
  const allowed = (bindHost: string): boolean =>
    rejectReason(accessPolicyOf(bindHost, 'box', ['allowed.example']), requestOf(host === undefined ? {} : { host })) === null;
  expect([allowed('127.0.0.1'), allowed('0.0.0.0')]).toEqual([onLoopback, elsewhere]);
});

it.each([
  [undefined, null],
  ['http://127.0.0.1:7080', null],
  ['HTTP://127.0.0.1:7080', null],
  ['https://127.0.0.1:7080', 'ORIGIN_NOT_ALLOWED'],
  ['http://localhost:7080', 'ORIGIN_NOT_ALLOWED'],
  ['http://127.0.0.1', 'ORIGIN_NOT_ALLOWED'],
  ['http://127.0.0.1:7081', 'ORIGIN_NOT_ALLOWED'],
  ['null', 'ORIGIN_NOT_ALLOWED'],
  ['', 'ORIGIN_NOT_ALLOWED'],
  ['file://', 'ORIGIN_NOT_ALLOWED'],
])('origin check: Origin %s at 127.0.0.1:7080 -> %s', (origin, refusal) => {
  const headers = { host: '127.0.0.1:7080', ...(origin === undefined ? {} : { origin }) };
  expect(rejectReason(accessPolicyOf('127.0.0.1', 'box', []), requestOf(headers))).toBe(refusal);
});

const LOCAL = accessPolicyOf('127.0.0.1', 'box', []);
const HOST = '127.0.0.1:7080';

it('two Host headers -> invalid request', () => {
  expect(rejectReason(LOCAL, { ...requestOf({ host: HOST }), rawHeaders: ['Host', HOST, 'HOST', HOST] })).toBe('INVALID_REQUEST');
  expect(rejectReason(LOCAL, { ...requestOf({ host: HOST }), rawHeaders: ['Host', HOST, 'X', 'host'] })).toBeNull();
});

it.each([
  ['http://127.0.0.1:7080/healthz', undefined, null],
  ['http://evil.example/healthz', undefined, 'HOST_NOT_ALLOWED'],
  ['HTTPS://evil.example', undefined, 'HOST_NOT_ALLOWED'],
  ['http:///healthz', undefined, 'HOST_NOT_ALLOWED'],
  ['http://localhost:1/api/v1/nodes', `http://${HOST}`, 'ORIGIN_NOT_ALLOWED'],
  ['http://localhost:1/api/v1/nodes', 'http://localhost:1', null],
])('absolute target %s with Origin %s -> %s', (url, origin, refusal) => {
  expect(rejectReason(LOCAL, { ...requestOf({ host: HOST, ...(origin === undefined ? {} : { origin }) }), url })).toBe(refusal);
});

it.each([
  ['/api/v1/nodes', 'cross-site', 'ORIGIN_NOT_ALLOWED'],
  ['/v1/models', 'same-site', 'ORIGIN_NOT_ALLOWED'],
  ['/%61pi/v1/events', 'cross-site', 'ORIGIN_NOT_ALLOWED'],
  ['http://127.0.0.1:7080/api/v1/events', 'cross-site', 'ORIGIN_NOT_ALLOWED'],
  ['/api/v1/nodes', 'same-origin', null],
  ['/api/v1/nodes', 'none', null],
  ['/', 'cross-site', null],
  ['/assets/v1.js', 'cross-site', null],
])('request of %s with Sec-Fetch-Site %s, without Origin -> %s', (url, site, refusal) => {
  expect(rejectReason(LOCAL, { ...requestOf({ host: HOST, 'sec-fetch-site': site }), url })).toBe(refusal);
});

it.each([
  ['tls', '10.0.0.1:7080', 'https://10.0.0.1:7080', null],
  ['tls', '10.0.0.1:7080', 'http://10.0.0.1:7080', 'ORIGIN_NOT_ALLOWED'],
  ['tls', '10.0.0.1:7080', 'https://10.0.0.1', 'ORIGIN_NOT_ALLOWED'],
  ['loopback', 'pool.example', 'https://pool.example', null],
  ['loopback', 'Pool.example:8443', 'https://pool.example:8443', null],
  ['loopback', 'pool.example', 'http://pool.example', null],
  ['loopback', 'pool.example', 'https://other.example', 'ORIGIN_NOT_ALLOWED'],
  ['loopback', 'box', 'https://box', 'ORIGIN_NOT_ALLOWED'],
  ['plain', 'pool.example', 'https://pool.example', null],
] as const)('origin check: %s, Host %s, Origin %s -> %s', (transport, host, origin, refusal) => {
  const policy = accessPolicyOf('0.0.0.0', 'box', ['pool.example']);
  expect(
    rejectReason(policy, requestOf({ host, origin, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }, transport)),
  ).toBe(refusal);
});

it.each([
  [{ remoteAddress: '127.0.0.1' }, 'loopback'],
  [{ remoteAddress: '::1' }, 'loopback'],
  [{ remoteAddress: '::ffff:127.0.0.1' }, 'loopback'],
  [{ remoteAddress: '192.168.1.5' }, 'plain'],
  [{ remoteAddress: '::ffff:192.168.1.5' }, 'plain'],
  [{ remoteAddress: '127.0.0.1.example' }, 'plain'],
  [{ remoteAddress: undefined }, 'plain'],
  [{ remoteAddress: '192.168.1.5', encrypted: true }, 'tls'],
])('transport: %j -> %s', (socket, transport) => {
  expect(transportOf(socket as Socket)).toBe(transport);
});

it.each([
  ['Bearer abc', true],
  ['bearer abc', true],
  ['Bearer  abc ', true],
  ['Bearer abcd', false],
  ['Bearer', false],
  ['abc', false],
  [undefined, false],
])('bearer: Authorization %s -> token abc: %s', (authorization, same) => {
  expect(bearerToken(authorization === undefined ? {} : { authorization }) === 'abc').toBe(same);
});
