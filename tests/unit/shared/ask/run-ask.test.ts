import { expect, test } from 'vitest';
import type { AskEvent } from '../../../../src/shared/api/ask';
import { isLast } from '../../../../src/shared/api/ask-end';
import { type AskHttp, runAsk } from '../../../../src/shared/ask/run-ask';

const FAILED = { type: 'failed', error: { code: 'INTERNAL_ERROR', message: 'the listener failed', details: null } };

// oxlint-disable-next-line typescript/require-await -- the run reads asynchronously
async function* answer(): AsyncGenerator<string> {
  yield 'data: {"choices":[{"index":0,"delta":{"content":"one"}}]}\n\n';
  yield 'data: {"choices":[{"index":0,"delta":{"content":"two"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
}

/** One answer, without timers and without a job. */
function scheduler() {
  const closed = { times: 0 };
  const http: AskHttp = {
    send: () => ({
      response: Promise.resolve({ status: 200, header: () => null, text: answer, bytes: () => [][Symbol.iterator]() as never }),
      close: () => {
        closed.times += 1;
      },
    }),
    get: () => Promise.resolve(undefined),
    failure: (cause) => ({ code: 'DISCONNECTED', message: String(cause), details: null }),
    setTimer: () => ({ cancel: () => undefined }),
  };
  return { http, closed };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each<[string, (event: AskEvent) => boolean, string[]]>([
  ['never', () => false, ['begin', 'text', 'text', 'end']],
  ['at the headers', ({ type }) => type === 'begin', ['begin', 'failed']],
  ['at the text', ({ type }) => type === 'text', ['begin', 'text', 'failed']],
  ['at the last event', isLast, ['begin', 'text', 'text', 'end']],
  ['always', () => true, ['begin', 'failed']],
])('listener throws %s -> one last event, the connection is closed', async (_title, throwsAt, expected) => {
  const { http, closed } = scheduler();
  const events: AskEvent[] = [];
  const onEvents = (taken: readonly AskEvent[]): void => {
    events.push(...taken);
    if (taken.some(throwsAt)) throw new Error('a bug of the page');
  };
  runAsk(http, {
    params: { task: 'chat', model: 'm', language: 'en', messages: [{ role: 'user', text: 'hi', pictures: [] }] },
    requestId: 'req_12345678',
    listener: { onEvents },
  });
  await settled();
  expect(events.map(({ type }) => type)).toEqual(expected);
  if (expected.includes('failed')) expect(events.at(-1)).toEqual(FAILED);
  expect(closed.times).toBeGreaterThan(0);
});
