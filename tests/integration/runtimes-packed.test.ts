// Answers that are compressed although the request does not accept compression. Some small proxies send them.
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { brief, chatTask, codeOf, run, useRuntimeBench } from '../support/http-runtime-bench';
import { chatAnswer, chatChunks, openChatServer, sse } from '../support/stand-ins/openai-answers';
import { type Handler, StandIn } from '../support/stand-ins/stand-in';
import { until } from '../support/until';

const bench = useRuntimeBench();

const packs =
  (encoding: string, bytes: Buffer): Handler =>
  (_asked, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
    response.end(bytes);
    return undefined;
  };
const open = (handler: Handler) => bench.use(openChatServer(handler));
const JSON_BYTES = Buffer.from(JSON.stringify(chatAnswer));

describe('compressed answer', () => {
  test.each([
    ['gzip', gzipSync(JSON_BYTES)],
    ['X-Gzip', gzipSync(JSON_BYTES)],
    ['deflate', deflateSync(JSON_BYTES)],
    ['br', brotliCompressSync(JSON_BYTES)],
    ['identity', JSON_BYTES],
  ])('%s -> decompressed, compression not requested', async (encoding, bytes) => {
    const standIn = await open(packs(encoding, bytes));
    const { outcome } = await run(bench.runtime(standIn), chatTask('m'));
    expect(outcome).toEqual({ success: true, output: { status: 200, body: chatAnswer } });
    expect(standIn.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test.each<[string, string, Buffer, object]>([
    ['not compressed as declared', 'gzip', JSON_BYTES, { code: 'runtime_unreachable', details: { reason: 'unreadable_answer' } }],
    ['truncated', 'gzip', gzipSync(JSON_BYTES).subarray(0, -12), { details: { reason: 'unreadable_answer' } }],
    ['not brotli', 'br', JSON_BYTES, { details: { reason: 'unreadable_answer' } }],
    ['unknown encoding', 'zstd', JSON_BYTES, { details: { reason: 'unreadable_answer' } }],
    ['small, large when decompressed', 'gzip', gzipSync(Buffer.alloc(200_000_000, ' ')), { code: 'output_too_large' }],
  ])('%s -> failure', async (_what, encoding, bytes, expected) => {
    const standIn = await open(packs(encoding, bytes));
    expect((await run(bench.runtime(standIn), chatTask('m'))).outcome).toMatchObject({ success: false, error: expected });
  });
});

test('stream -> passed on as it arrives', async () => {
  let goOn: () => void = () => undefined;
  const standIn = await open((_asked, response) => {
    const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    gzip.pipe(response);
    gzip.write(sse(chatChunks[0]));
    goOn = () => gzip.end(`${chatChunks.slice(1).map(sse).join('')}data: [DONE]\n\n`);
    return undefined;
  });
  const chunks: unknown[] = [];
  const running = run(bench.runtime(standIn), chatTask('m', { stream: true }), { onChunk: (chunk) => chunks.push(chunk) });
  await until('the first event', () => chunks.length === 1);
  goOn();
  expect([codeOf((await running).outcome), chunks]).toEqual(['success', chatChunks]);
});

test('probe -> compressed lists read', async () => {
  const list = Buffer.from(JSON.stringify({ data: [{ id: 'm' }] }));
  const standIn = await bench.use(StandIn.open({ routes: { 'GET /v1/models': packs('gzip', gzipSync(list)) } }));
  expect(brief(await bench.runtime(standIn).probe())).toBe('openai-compatible, running, ok, m ready listed');
});
