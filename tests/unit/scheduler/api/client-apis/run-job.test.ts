// The headers of a client that reach the model server.
import { expect, test } from 'vitest';
import { headersOf } from '../../../../../src/main/scheduler/api/client-apis/run-job';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test.each<readonly [object, object]>([
  [{}, {}],
  [{ traceparent: TRACE }, { headers: { traceparent: TRACE } }],
  [{ traceparent: 'not a trace' }, {}],
  [{ traceparent: `${TRACE}\r\nx: y` }, {}],
  [
    { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a-1, b-2', traceparent: TRACE, authorization: 'Bearer mk_secret' },
    { headers: { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a-1, b-2', traceparent: TRACE } },
  ],
  [{ 'anthropic-beta': 'x'.repeat(1025) }, {}],
])('%j', (headers, expected) => {
  expect(headersOf(headers)).toEqual(expected);
});
