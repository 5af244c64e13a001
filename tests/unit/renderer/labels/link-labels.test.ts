import { expect, test } from 'vitest';
import { httpStatusOf } from '../../../../src/renderer/labels/link-labels';

test.each([
  ['http_502', '502'],
  ['http_5020', null],
  ['http_', null],
  ['runtime_http_502', null],
  ['no_answer', null],
])('httpStatusOf: %s -> %s', (code, status) => {
  expect(httpStatusOf(code)).toBe(status);
});
