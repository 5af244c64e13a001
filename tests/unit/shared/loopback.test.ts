import { expect, test } from 'vitest';
import { endpointOf, isLoopbackAddress, isLoopbackHost, isLoopbackUrlHost, localHostOf } from '../../../src/shared/loopback';

test.each([
  ['127.0.0.1', true, true],
  ['127.8.9.10', true, true],
  ['127.255.255.255', true, true],
  ['localhost', true, true],
  ['LOCALHOST', true, true],
  ['::1', true, true],
  ['[::1]', true, true],
  ['ollama.localhost', false, true],
  ['Ollama.LocalHost', false, true],
  ['0.0.0.0', false, false],
  ['::', false, false],
  ['[::]', false, false],
  ['', false, false],
  ['192.168.1.20', false, false],
  ['127.0.0', false, false],
  ['127.0.0.256', false, false],
  ['127.0.0.01', false, false],
  ['1127.0.0.1', false, false],
  ['127.0.0.1.example.org', false, false],
  ['localhost.example.org', false, false],
  ['notlocalhost', false, false],
  ['::ffff:127.0.0.1', false, false],
])('%j -> loopback to listen on: %s, as the host of a URL: %s', (host, asBindHost, asUrlHost) => {
  expect([isLoopbackHost(host), isLoopbackUrlHost(host)]).toEqual([asBindHost, asUrlHost]);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::FFFF:127.0.0.1', true],
  ['::ffff:192.168.1.20', false],
  ['::ffff:7f00:1', false],
  ['192.168.1.20', false],
  ['::2', false],
  ['127.0.0.256', false],
  ['localhost', false],
  ['', false],
])('the address of a peer %j -> loopback: %s', (address, expected) => {
  expect(isLoopbackAddress(address)).toBe(expected);
});

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['', '127.0.0.1'],
  ['::', '::1'],
  ['[::]', '::1'],
  ['192.168.1.20', '192.168.1.20'],
  ['localhost', 'localhost'],
])('a server that listens on %j -> reached here at %s', (host, expected) => {
  expect(localHostOf(host)).toBe(expected);
});

test.each([
  ['wss://pool.example', { host: 'pool.example', port: 443 }],
  ['https://[FE80::1]:7080/path', { host: 'fe80::1', port: 7080 }],
  ['ws://127.0.0.1', { host: '127.0.0.1', port: 80 }],
  ['http://[::1]:7080', { host: '::1', port: 7080 }],
])('the endpoint of %s -> %o', (url, endpoint) => {
  expect(endpointOf(new URL(url))).toEqual(endpoint);
});
