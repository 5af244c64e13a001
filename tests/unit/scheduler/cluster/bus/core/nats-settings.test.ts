// Addresses, credentials and errors of NATS.
import { describe, expect, test } from 'vitest';
import { parseNatsAddress } from '../../../../../../src/main/scheduler/cluster/bus/core/nats-address';
import { parseNatsCredentials } from '../../../../../../src/main/scheduler/cluster/bus/core/nats-credentials';
import { faultOf } from '../../../../../../src/main/scheduler/cluster/bus/core/nats-faults';
import { fail, ok } from '../../../../../../src/shared/result';

const NO_USER = { user: null, password: null };

describe('addresses', () => {
  test.each([
    ['nats://bus', { servers: ['bus:4222'], hosts: ['bus'], isTls: false, ...NO_USER }],
    ['tls://10.0.0.1:7777/', { servers: ['10.0.0.1:7777'], hosts: ['10.0.0.1'], isTls: true, ...NO_USER }],
    ['nats://[::1]:4', { servers: ['[::1]:4'], hosts: ['::1'], isTls: false, ...NO_USER }],
    ['tls://a, tls://b:1,tls://a:2', { servers: ['a:4222', 'b:1', 'a:2'], hosts: ['a', 'b'], isTls: true, ...NO_USER }],
    ['nats://m:p%40ss@a', { servers: ['a:4222'], hosts: ['a'], isTls: false, user: 'm', password: 'p@ss' }],
    ['nats://m@a,nats://m@b', { servers: ['a:4222', 'b:4222'], hosts: ['a', 'b'], isTls: false, user: 'm', password: null }],
  ])('address %s -> servers', (text, address) => {
    expect(parseNatsAddress(text)).toEqual(ok(address));
  });

  test.each([
    [''],
    ['bus:4222'],
    ['http://bus'],
    ['nats://'],
    ['nats://bus:0'],
    ['nats://bus:65536'],
    ['nats://bus/path'],
    ['nats://a,'],
    ['nats://a,tls://b'],
    ['nats://m:secret@a,nats://m:other@b'],
    ['nats://m:%secret@a'],
  ])('address %j -> refused, without its password', (text) => {
    const parsed = parseNatsAddress(text);
    expect(parsed).toEqual(fail(expect.any(String)));
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });
});

describe('credentials', () => {
  const creds = '-----BEGIN NATS USER JWT-----\nabc\n------END NATS USER JWT------\n-----BEGIN USER NKEY SEED-----\nSUA\n---';
  const seed = `SU${'A'.repeat(56)}`;

  test.each([
    [creds, { type: 'creds', text: creds }],
    [`${seed}\n`, { type: 'nkey', seed }],
    ['user=muster\r\npassword=a=b \n', { type: 'password', user: 'muster', password: 'a=b' }],
    ['# of the bus\ntoken = abc', { type: 'token', token: 'abc' }],
  ])('file %# -> credentials', (text, credentials) => {
    expect(parseNatsCredentials(text)).toEqual(ok(credentials));
  });

  test.each([[''], ['secret'], ['user=secret'], ['token=secret\nuser=a'], [`x${seed}`]])(
    'file %# -> refused, without its content',
    (text) => {
      const parsed = parseNatsCredentials(text);
      expect(parsed).toEqual(fail(expect.any(String)));
      expect(JSON.stringify(parsed)).not.toContain('secret');
    },
  );
});

test.each([
  [
    { name: 'PermissionViolationError', message: 'no', code: null, operation: 'publish', subject: 'a' },
    { type: 'permission', operation: 'publish', subject: 'a' },
  ],
  [
    { name: 'PermissionViolationError', message: 'no', code: null, operation: 'subscription', subject: 'b' },
    { type: 'permission', operation: 'subscribe', subject: 'b' },
  ],
  [
    { name: 'AuthorizationError', message: 'Authorization Violation', code: null },
    { type: 'auth', reason: 'Authorization Violation' },
  ],
  [
    { name: 'Error', message: 'self-signed certificate', code: 'SELF_SIGNED_CERT_IN_CHAIN' },
    { type: 'tls', reason: 'SELF_SIGNED_CERT_IN_CHAIN' },
  ],
  [
    { name: 'ConnectionError', message: "server does not support 'tls'", code: null },
    { type: 'tls', reason: "server does not support 'tls'" },
  ],
  [
    { name: 'ConnectionError', message: 'connection refused', code: 'ECONNREFUSED' },
    { type: 'unreachable', reason: 'ECONNREFUSED' },
  ],
  [
    { name: 'TimeoutError', message: 'timeout', code: null },
    { type: 'unreachable', reason: 'timeout' },
  ],
])('error %j -> fault', (error, fault) => {
  expect(faultOf(error)).toEqual(fault);
});
