// Streams of runtimes over real sockets: passed on event by event, read leniently at their end, and broken when text is missing.
import { describe, expect, test } from 'vitest';
import { ChunkOutbox } from '../../src/main/agent/jobs/chunk-outbox';
import { eventsOf } from '../../src/shared/protocol/whole-answer-events';
import { brief, chatTask, codeOf, isRetryable, openAiTask, run, useRuntimeBench } from '../support/http-runtime-bench';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { chatAnswer, chatChunks, embeddingAnswer, openChatServer, sse, startStream } from '../support/stand-ins/openai-answers';
import { type Handler, type Reply, StandIn } from '../support/stand-ins/stand-in';
import { withTurns } from '../support/turns';
import { until } from '../support/until';

const LONGEST_TURN_MS = 50;

const bench = useRuntimeBench();
const streaming = chatTask('m', { stream: true });

/** A server that answers chat requests with `handler`. */
const openChat = (handler: Handler): Promise<StandIn> => bench.use(openChatServer(handler));
const streams =
  (pieces: string): Handler =>
  (_asked, response) => {
    startStream(response);
    response.end(pieces);
    return undefined;
  };

describe('stream', () => {
  test('events -> passed on one by one, without comments and end mark', async () => {
    const standIn = await bench.use(openOllama());
    expect(await run(bench.runtime(standIn), streaming)).toEqual({
      outcome: { success: true, output: { status: 200, body: null, chunks: chatChunks.length } },
      chunks: chatChunks,
    });
  });

  test.each(['application/json', 'text/plain'])('server answers whole, as %s -> text passed on as a stream', async (type) => {
    const standIn = await openChat(() => ({ type, body: JSON.stringify(chatAnswer) }));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect(outcome).toEqual({ success: true, output: { status: 200, body: null, chunks: 2 } });
    expect(chunks).toEqual(eventsOf('/v1/chat/completions', chatAnswer, false));
  });

  test('server answers whole, stream kept -> events in the result', async () => {
    const standIn = await openChat(() => ({ body: chatAnswer }));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming, { keepStream: true });
    expect(outcome).toEqual({ success: true, output: { status: 200, body: null, chunks: 2, events: chunks } });
  });

  test('server answers with complete audio -> passed on complete, with its type', async () => {
    const standIn = await bench.use(openLocalAi());
    const speech = openAiTask('/v1/audio/speech', { model: 'tts', input: 'x', stream_format: 'sse' });
    expect((await run(bench.runtime(standIn), speech)).outcome).toMatchObject({ output: { status: 200, content_type: 'audio/wav' } });
  });

  test.each<[string, Reply]>([
    ['a web page', { type: 'text/html', body: '<html>' }],
    ['text', { body: 'hello' }],
    ['nothing', { body: '' }],
    ['an error in JSON', { body: { error: 'Unexpected endpoint or method.' } }],
    ['another answer in JSON', { body: embeddingAnswer }],
  ])('%s with status 200 instead -> retryable failure', async (_what, reply) => {
    const standIn = await openChat(() => reply);
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), isRetryable(outcome), chunks]).toEqual(['unreadable_answer', true, []]);
  });

  test('chunks -> passed on as they arrive', async () => {
    const sent: string[] = [];
    let goOn: () => void = () => undefined;
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.write(sse({ n: 0 }));
      goOn = () => {
        response.end('data: [DONE]\n\n');
      };
      return undefined;
    });
    const running = run(bench.runtime(standIn), streaming, { onChunk: (data) => sent.push(JSON.stringify(data)) });
    await until('the first event', () => sent.length === 1);
    goOn();
    expect(codeOf((await running).outcome)).toBe('success');
  });

  test('chunks during a probe of a single-threaded server -> server counts as running', async () => {
    let goOn: () => void = () => undefined;
    const standIn = await bench.use(
      StandIn.open({
        routes: {
          'GET /v1/models': () => ({ body: { data: [{ id: 'm' }] } }),
          'POST /v1/chat/completions': (_asked, response) => {
            startStream(response);
            response.write(sse({ n: 0 }));
            goOn = () => response.end('data: [DONE]\n\n');
            return undefined;
          },
        },
      }),
    );
    const runtime = bench.runtime(standIn);
    const RUNNING = 'openai-compatible, running, ok, m ready listed';
    expect(brief(await runtime.probe())).toBe(RUNNING);
    standIn.faults = { '/v1/models': 'hang' };
    expect(brief(await runtime.probe())).toBe('openai-compatible, not_running, timeout');
    const chunks: unknown[] = [];
    const running = run(runtime, streaming, { onChunk: (chunk) => chunks.push(chunk) });
    await until('the first event', () => chunks.length === 1);
    expect(brief(await runtime.probe())).toBe(RUNNING);
    goOn();
    expect(codeOf((await running).outcome)).toBe('success');
  });

  test('bytes cut anywhere -> same events', async () => {
    const bytes = Buffer.from(
      `: ping\r\n\r\n${chatChunks.map((chunk) => `data: ${JSON.stringify({ ...chunk, note: '节点' })}\r\n\r\n`).join('')}data: [DONE]\r\n\r\n`,
    );
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.socket?.setNoDelay(true);
      const drip = (at: number): void => {
        if (at >= bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 41), () => setImmediate(drip, at + 41));
      };
      drip(0);
      return undefined;
    });
    expect((await run(bench.runtime(standIn), streaming)).chunks).toEqual(chatChunks.map((chunk) => ({ ...chunk, note: '节点' })));
  });

  test('10,000 events at once -> all of them, without a long turn', async () => {
    const events = Array.from({ length: 10_000 }, () => chatChunks[1] ?? {});
    const bytes = Buffer.from(`${[...events, chatChunks.at(-1)].map(sse).join('')}data: [DONE]\n\n`);
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.end(bytes);
      return undefined;
    });
    const outbox = new ChunkOutbox({ jobId: 'job-1', attempt: 1 });
    const onChunk = (chunk: unknown): void => {
      outbox.add(chunk);
      outbox.flush(() => true, Infinity);
    };
    const { value, longestMs } = await withTurns(() => run(bench.runtime(standIn), streaming, { onChunk }));
    expect(value.outcome).toMatchObject({ success: true, output: { chunks: events.length + 1 } });
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  });

  test('audio stream -> complete with its own last event', async () => {
    const standIn = await openChat(
      streams(sse({ type: 'transcript.text.delta', delta: 'a' }) + sse({ type: 'transcript.text.done', text: 'a' })),
    );
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), chunks.length]).toEqual(['success', 2]);
  });

  const WORDS = chatChunks.map(sse).join('');

  test.each([
    ['no empty line after the end mark', `${WORDS}data: [DONE]\n`],
    ['no line end after the end mark', `${WORDS}data: [DONE]`],
    ['no end mark after the finish reason', WORDS],
    ['no empty line after the last event', WORDS.trimEnd()],
    ['empty events', `data:\n\ndata: \n\n${WORDS}data: [DONE]\n\n`],
  ])('%s -> complete', async (_what, pieces) => {
    const standIn = await openChat(streams(pieces));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), chunks]).toEqual(['success', chatChunks]);
  });

  test('cut off after the finish reason -> broken, tokens may be missing', async () => {
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.write(WORDS, () => response.socket?.destroy());
      return undefined;
    });
    expect(codeOf((await run(bench.runtime(standIn), streaming)).outcome)).toBe('runtime_stream_broken');
  });

  test.each<[string, string, string, boolean, number]>([
    ['no end mark', sse({ n: 0 }), 'runtime_stream_broken', true, 1],
    ['end in the middle of an event', `${sse({ n: 0 })}data: {"n"`, 'runtime_stream_broken', true, 1],
    ['empty', '', 'runtime_stream_broken', true, 0],
    ['not JSON', `${sse({ n: 0 })}data: {"n"\n\n`, 'runtime_stream_broken', true, 1],
    ['not an object', 'data: 7\n\n', 'runtime_stream_broken', true, 0],
    ['nested without a limit', `data: ${'['.repeat(500)}${']'.repeat(500)}\n\n`, 'output_too_deep', false, 0],
    ['error of the server', `${sse({ n: 0 })}${sse({ error: { code: 500, message: 'CUDA' } })}`, 'runtime_stream_error', true, 1],
    ['event named error', `event: error\n${sse({ message: 'CUDA' })}`, 'runtime_stream_error', true, 0],
    ['error of the request', sse({ error: { code: 400, message: 'too long' } }), 'runtime_stream_error', false, 0],
    ['event that is too large', sse({ text: 'x'.repeat(1_000_001) }), 'output_too_large', false, 0],
  ])('%s -> failure', async (_what, pieces, code, retryable, count) => {
    const standIn = await openChat(streams(pieces));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), isRetryable(outcome), chunks.length]).toEqual([code, retryable, count]);
  });

  test('connection lost -> broken', async () => {
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.write(sse({ n: 0 }), () => response.socket?.resetAndDestroy());
      return undefined;
    });
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([outcome, chunks]).toMatchObject([
      { error: { code: 'runtime_stream_broken', details: { reason: 'connection_lost', chunks: 1, retryable: true } } },
      [{ n: 0 }],
    ]);
  });
});
