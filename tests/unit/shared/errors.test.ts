import { expect, test } from 'vitest';
import { codeOfError, messageOfError, reasonOfError } from '../../../src/shared/errors';
import { parseJson } from '../../../src/shared/json';

test.each([
  [new Error('disk full'), 'disk full'],
  ['text', 'text'],
  [null, 'null'],
])('message: %s -> %s', (thrown, message) => {
  expect(messageOfError(thrown)).toBe(message);
});

test.each([
  [Object.assign(new Error('no'), { code: 'ENOENT' }), 'ENOENT'],
  [Object.assign(new Error('no'), { code: 7 }), null],
  [new Error('no'), null],
  ['ENOENT', null],
  [null, null],
])('code: %s -> %s', (thrown, code) => {
  expect(codeOfError(thrown)).toBe(code);
});

test.each([
  [Object.assign(new Error('no space left'), { code: 'ENOSPC' }), 'ENOSPC'],
  [new Error('disk full'), 'disk full'],
  [7, '7'],
])('reason: %s -> %s', (thrown, reason) => {
  expect(reasonOfError(thrown)).toBe(reason);
});

test.each([
  ['{"a":1}', { a: 1 }],
  ['null', null],
  ['{', undefined],
  ['', undefined],
])('JSON: %s -> %j', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});
