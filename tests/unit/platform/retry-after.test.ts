import { expect, test } from 'vitest';
import { retryAfterSeconds } from '../../../src/main/platform/retry-after';

test.each([
  ['17', 17],
  [' 2 ', 2],
  ['0', 0],
  [undefined, null],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['99999999', null],
  ['Wed, 21 Oct 2026 07:28:00 GMT', null],
])('Retry-After %j is %s s', (header, expected) => {
  expect(retryAfterSeconds(header)).toBe(expected);
});
