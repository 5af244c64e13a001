// Streams of runtimes over real sockets: passed on event by event, read leniently at their end, and broken where their words are missing.
import { describe, expect, test } from 'vitest';
import { eventsOf } from '../../src/shared/protocol/whole-answer-events';
import { brief, chatTask, codeOf, isRetryable, openAiTask, run, useRuntimeBench } from '../support/http-runtime-bench';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { chatAnswer, chatChunks, embeddingAnswer, openChatServer, sse, startStream } from '../support/stand-ins/openai-answers';
import { type Handler, type Reply, StandIn } from '../support/stand-ins/stand-in';
import { until } from '../support/until';

const bench = useRuntimeBench();
const streaming = chatTask('m', { stream: true });

/** A server whose chat does just this. */
const openChat = (handler: Handler): Promise<StandIn> => bench.use(openChatServer(handler));
const streams =
  (pieces: string): Handler =>
  (_asked, response) => {
    startStream(response);
    response.end(pieces);
    return undefined;
  };

describe('a stream', () => {
  test('comes event by event, without the comments and the end', async () => {
    const standIn = await bench.use(openOllama());
    expect(await run(bench.runtime(standIn), streaming)).toEqual({
      outcome: { success: true, output: { status: 200, body: null, chunks: chatChunks.length } },
      chunks: chatChunks,
    });
  });

  test.each(['application/json', 'text/plain'])('from a server that answers whole, as %s, has the words all the same', async (type) => {
    const standIn = await openChat(() => ({ type, body: JSON.stringify(chatAnswer) }));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect(outcome).toEqual({ success: true, output: { status: 200, body: null, chunks: 2 } });
    expect(chunks).toEqual(eventsOf('/v1/chat/completions', chatAnswer, false));
  });

  test('from a server that answers whole is kept in its result where that is wanted', async () => {
    const standIn = await openChat(() => ({ body: chatAnswer }));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming, { keepStream: true });
    expect(outcome).toEqual({ success: true, output: { status: 200, body: null, chunks: 2, events: chunks } });
  });

  test('of sound from a server that answers whole is passed on whole, with its type', async () => {
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
  ])('in the place of which %s comes with 200 is worth another try', async (_what, reply) => {
    const standIn = await openChat(() => reply);
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), isRetryable(outcome), chunks]).toEqual(['unreadable_answer', true, []]);
  });

  test('is passed on while it comes, not at its end', async () => {
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

  test('is an answer to looks too, of a server with one thread that can give no other', async () => {
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

  test('is one however its bytes are cut', async () => {
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

  test('of sound is complete with its own last event', async () => {
    const standIn = await openChat(
      streams(sse({ type: 'transcript.text.delta', delta: 'a' }) + sse({ type: 'transcript.text.done', text: 'a' })),
    );
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), chunks.length]).toEqual(['success', 2]);
  });

  const WORDS = chatChunks.map(sse).join('');

  test.each([
    ['whose end has no empty line', `${WORDS}data: [DONE]\n`],
    ['whose end has no line end', `${WORDS}data: [DONE]`],
    ['that just ends after the reason for it', WORDS],
    ['whose last event has no empty line', WORDS.trimEnd()],
    ['with events of nothing', `data:\n\ndata: \n\n${WORDS}data: [DONE]\n\n`],
  ])('%s is complete', async (_what, pieces) => {
    const standIn = await openChat(streams(pieces));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), chunks]).toEqual(['success', chatChunks]);
  });

  test('that is cut off after the reason for its end is broken: its tokens may be missing', async () => {
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.write(WORDS, () => response.socket?.destroy());
      return undefined;
    });
    expect(codeOf((await run(bench.runtime(standIn), streaming)).outcome)).toBe('runtime_stream_broken');
  });

  test.each<[string, string, string, boolean, number]>([
    ['ends without its end', sse({ n: 0 }), 'runtime_stream_broken', true, 1],
    ['ends within an event', `${sse({ n: 0 })}data: {"n"`, 'runtime_stream_broken', true, 1],
    ['is empty', '', 'runtime_stream_broken', true, 0],
    ['is not JSON', `${sse({ n: 0 })}data: {"n"\n\n`, 'runtime_stream_broken', true, 1],
    ['is no object', 'data: 7\n\n', 'runtime_stream_broken', true, 0],
    ['is nested without end', `data: ${'['.repeat(500)}${']'.repeat(500)}\n\n`, 'output_too_deep', false, 0],
    ['says that the server failed', `${sse({ n: 0 })}${sse({ error: { code: 500, message: 'CUDA' } })}`, 'runtime_stream_error', true, 1],
    ['says so by name', `event: error\n${sse({ message: 'CUDA' })}`, 'runtime_stream_error', true, 0],
    ['says that the request was wrong', sse({ error: { code: 400, message: 'too long' } }), 'runtime_stream_error', false, 0],
    ['has an event that is too large', sse({ text: 'x'.repeat(1_000_001) }), 'output_too_large', false, 0],
  ])('that %s is a failure', async (_what, pieces, code, retryable, count) => {
    const standIn = await openChat(streams(pieces));
    const { outcome, chunks } = await run(bench.runtime(standIn), streaming);
    expect([codeOf(outcome), isRetryable(outcome), chunks.length]).toEqual([code, retryable, count]);
  });

  test('that is cut off is broken', async () => {
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
