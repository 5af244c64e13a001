// Which Host, Origin and Authorization headers are accepted.
import { describe, expect, it } from 'vitest';
import { accessPolicyOf, rejectReason } from '../../../../src/main/scheduler/access/access-policy';
import { bearerToken } from '../../../../src/main/scheduler/access/bearer';

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
    rejectReason(accessPolicyOf(bindHost, 'box', ['allowed.example']), host === undefined ? {} : { host }) === null;
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
  expect(rejectReason(accessPolicyOf('127.0.0.1', 'box', []), headers)).toBe(refusal);
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
