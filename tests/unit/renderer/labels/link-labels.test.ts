import { expect, test } from 'vitest';
import { httpStatusOf } from '../../../../src/renderer/labels/link-labels';
import { isOnThisComputer } from '../../../../src/shared/api/own-host';

test.each([
  ['http_502', '502'],
  ['http_5020', null],
  ['http_', null],
  ['runtime_http_502', null],
  ['no_answer', null],
])('httpStatusOf: %s -> %s', (code, status) => {
  expect(httpStatusOf(code)).toBe(status);
});

test.each([
  ['ws://127.0.0.1:7080', true],
  ['ws://localhost:7080/', true],
  ['ws://[::1]:7080', true],
  ['wss://pool.localhost', true],
  ['ws://127.999.0.1:7080', false],
  ['ws://192.168.1.20:7080', false],
  ['not a URL', false],
])('isOnThisComputer: %s -> %s', (url, expected) => {
  expect(isOnThisComputer(url)).toBe(expected);
});
