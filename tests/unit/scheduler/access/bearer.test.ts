// Where a key may be in a request.
import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { bearerToken } from '../../../../src/main/scheduler/access/bearer';

test.each<readonly [IncomingHttpHeaders, string | null]>([
  [{}, null],
  [{ authorization: 'Bearer mk_1' }, 'mk_1'],
  [{ 'x-api-key': 'mk_1' }, 'mk_1'],
  [{ authorization: 'Bearer mk_1', 'x-api-key': 'mk_2' }, 'mk_1'],
  [{ authorization: 'Basic abc', 'x-api-key': 'mk_2' }, 'mk_2'],
  [{ 'x-api-key': '' }, null],
  [{ 'x-api-key': 'a b' }, null],
  [{ 'x-api-key': ['a', 'b'] }, null],
])('%j -> %s', (headers, token) => {
  expect(bearerToken(headers)).toBe(token);
});
