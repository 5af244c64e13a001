import { describe, expect, test } from 'vitest';
import { codeIn, exchangeCode } from '../../../../src/renderer/api/exchange-code';

test.each([
  ['#code=abc-_9', 'abc-_9'],
  ['#code=', null],
  ['#/nodes', null],
  ['#code=a b', null],
  ['#code=a&x=1', null],
  ['', null],
])('hash %j -> code %j', (hash, code) => {
  expect(codeIn(hash)).toBe(code);
});

describe('exchange', () => {
  const url = new URL('http://pool:7080/api/v1/session');
  const answering = (status: number, body: unknown) => () => Promise.resolve(new Response(JSON.stringify(body), { status }));
  test.each([
    ['accepted', answering(200, { key: 'ms_1', roles: ['owner'], expires_at: 1 }), 'ms_1'],
    ['refused', answering(401, {}), null],
    ['another program', answering(200, {}), null],
    ['no connection', () => Promise.reject(new TypeError('failed')), null],
  ])('%s', async (_what, fetch, key) => {
    expect(await exchangeCode(url, 'code', fetch)).toBe(key);
  });
});
