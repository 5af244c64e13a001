// Which requests to a model server share a connection.
import { expect, test } from 'vitest';
import { chatTask, run, useRuntimeBench } from '../support/http-runtime-bench';
import { chatChunks, openChatServer, sse, startStream } from '../support/stand-ins/openai-answers';
import type { Handler } from '../support/stand-ins/stand-in';
import { until } from '../support/until';

const bench = useRuntimeBench();

/** A server with this chat, and the connections of its requests. */
async function open(handler: Handler) {
  const connections: unknown[] = [];
  const server = await bench.use(
    openChatServer((asked, response) => {
      connections.push(response.socket);
      return handler(asked, response);
    }),
  );
  return { runtime: bench.runtime(server), server, connections };
}

const streams: Handler = (_asked, response) => {
  startStream(response);
  response.end(`${chatChunks.map(sse).join('')}data: [DONE]\n\n`);
  return undefined;
};

test.each<[string, Handler]>([
  ['whole', () => ({ body: {} })],
  ['streamed', streams],
])('jobs soon after one another: %s answers complete -> one connection', async (_what, handler) => {
  const { runtime, connections } = await open(handler);
  for (let i = 0; i < 3; i++) {
    expect((await run(runtime, chatTask('m', { stream: handler === streams }))).outcome.success).toBe(true);
    // The job ends with `[DONE]`. The end of the answer is read in the same turn of the event loop.
    await new Promise(setImmediate);
  }
  expect(new Set(connections).size).toBe(1);
});

test('job cancelled in its stream -> its connection closed, the next job has another one', async () => {
  const { runtime, server, connections } = await open((_asked, response) => {
    startStream(response);
    response.write(chatChunks.map(sse).join(''));
    return undefined;
  });
  const abort = new AbortController();
  const stop = {
    signal: abort.signal,
    onChunk: () => {
      abort.abort();
    },
  };
  expect((await run(runtime, chatTask('m', { stream: true }), stop)).outcome).toMatchObject({ error: { code: 'cancelled' } });
  await until('the server to see the end of the connection', () => server.abortedCount === 1);
  await run(runtime, chatTask('m', { stream: true }), { timeoutMs: 100 });
  expect(new Set(connections).size).toBe(2);
});
