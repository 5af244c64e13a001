import { expect, test } from 'vitest';
import { isLoopbackHost, localHostOf } from '../../../src/main/cli/bind-address';

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.20', false],
  ['127.0.0.1.example.org', false],
  ['localhost.example.org', false],
])('loopback: %s -> %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
  ['192.168.1.20', '192.168.1.20'],
  ['localhost', 'localhost'],
])('local address of a server that listens on %s -> %s', (host, expected) => {
  expect(localHostOf(host)).toBe(expected);
});
