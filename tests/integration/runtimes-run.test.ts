// Running tasks on runtimes over real sockets: answers, streams, sound, and every way to break on the way.
import { describe, expect, test } from 'vitest';
import { chatTask, codeOf, isRetryable, openAiTask, run, useRuntimeBench } from '../support/http-runtime-bench';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { chatAnswer, chatChunks, embeddingAnswer, sse, startStream } from '../support/stand-ins/openai-answers';
import { type Fault, type Handler, send, StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';
import { until } from '../support/until';

const bench = useRuntimeBench();
const CHAT = '/v1/chat/completions';
const streaming = chatTask('m', { stream: true });
const file = { filename: 'a.wav', content_type: 'audio/wav', base64: Buffer.from('RIFFsound').toString('base64') };
const transcription = openAiTask('/v1/audio/transcriptions', { model: 'whisper.cpp', file, response_format: 'json' });

/** A server whose chat does just this. */
const openChat = (handler: Handler): Promise<StandIn> => bench.use(StandIn.open({ routes: { [`POST ${CHAT}`]: handler } }));
const streams =
  (pieces: string, type = 'text/event-stream'): Handler =>
  (_asked, response) => {
    response.writeHead(200, { 'content-type': type });
    response.end(pieces);
    return undefined;
  };

describe('an answer', () => {
  test.each([
    ['Ollama', () => openOllama()],
    ['llama.cpp', () => openLlamaCpp()],
    ['vLLM', () => openVllm()],
  ])('of %s is passed on whole, to the body that was sent', async (_what, open) => {
    const standIn = await bench.use(open());
    const { outcome, chunks } = await run(bench.runtime(standIn), chatTask('m', { temperature: 0.5 }));
    expect([outcome, chunks]).toEqual([{ success: true, output: { status: 200, body: chatAnswer } }, []]);
    const [asked] = standIn.asked;
    expect(JSON.parse(String(asked?.body))).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Is the node ready?' }],
      temperature: 0.5,
    });
    expect(asked?.headers).toMatchObject({ 'content-type': 'application/json', host: standIn.url.host });
  });

  test('of embeddings is passed on', async () => {
    const standIn = await bench.use(openOllama());
    expect((await run(bench.runtime(standIn), openAiTask('/v1/embeddings', { model: 'm', input: 'x' }))).outcome).toMatchObject({
      output: { body: embeddingAnswer },
    });
  });

  test('of speech is sound in base64', async () => {
    const standIn = await bench.use(openLocalAi());
    const { outcome } = await run(bench.runtime(standIn), openAiTask('/v1/audio/speech', { model: 'tts', input: 'x' }));
    expect(outcome).toEqual({
      success: true,
      output: { status: 200, content_type: 'audio/wav', base64: Buffer.from('RIFF....WAVE').toString('base64') },
    });
  });

  test('that is not asked to stream, from a server that does not, is one piece', async () => {
    const standIn = await openChat(() => ({ body: chatAnswer }));
    expect(await run(bench.runtime(standIn), streaming)).toEqual({
      outcome: { success: true, output: { status: 200, body: chatAnswer } },
      chunks: [],
    });
  });

  test('needs the key of the runtime, and brings it', async () => {
    const standIn = await bench.use(openVllm({ key: 'sk-local' }));
    const without = await run(bench.runtime(standIn), chatTask('qwen'));
    expect([codeOf(without.outcome), isRetryable(without.outcome)]).toEqual(['runtime_unauthorized', true]);
    const apiKeyFile = bench.file('sk-local\n');
    expect(codeOf((await run(bench.runtime(standIn, { apiKeyFile }), chatTask('qwen'))).outcome)).toBe('success');
    const exposed = await run(bench.runtime(standIn, { apiKeyFile: bench.file('sk-local', 0o644) }), chatTask('qwen'));
    expect(codeOf(exposed.outcome)).toBe('runtime_unauthorized');
  });
});

describe('sound to be written down', () => {
  test('goes to whisper.cpp as a form', async () => {
    const standIn = await bench.use(openWhisperCpp());
    const runtime = bench.runtime(standIn);
    await runtime.discover();
    expect(runtime.serves(transcription)).toBe(true);
    const { outcome } = await run(runtime, transcription);
    expect(outcome).toEqual({ success: true, output: { status: 200, body: { text: ' The node is ready.\n' } } });
    expect(String(standIn.asked.at(-1)?.body)).toContain('RIFFsound');
    expect(standIn.paths.at(-1)).toBe('POST /inference');
  });

  test('goes to the path of OpenAI where whisper.cpp was started with it', async () => {
    const standIn = await bench.use(openWhisperCpp({ inferencePath: '/v1/audio/transcriptions' }));
    const runtime = bench.runtime(standIn);
    await runtime.discover();
    expect(codeOf((await run(runtime, transcription)).outcome)).toBe('success');
  });

  test('without a file is sent nowhere', async () => {
    const standIn = await bench.use(openLocalAi());
    const { outcome } = await run(bench.runtime(standIn), openAiTask('/v1/audio/transcriptions', { model: 'w' }));
    expect([codeOf(outcome), isRetryable(outcome), standIn.asked]).toEqual(['bad_request', false, []]);
  });
});

describe('a stream', () => {
  test('comes event by event, without the comments and the end', async () => {
    const standIn = await bench.use(openOllama());
    expect(await run(bench.runtime(standIn), streaming)).toEqual({
      outcome: { success: true, output: { status: 200, body: null, chunks: chatChunks.length } },
      chunks: chatChunks,
    });
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

  test.each<[string, string, string, boolean, number]>([
    ['ends without its end', sse({ n: 0 }), 'runtime_stream_broken', true, 1],
    ['ends within an event', `${sse({ n: 0 })}data: {"n"`, 'runtime_stream_broken', true, 1],
    ['is empty', '', 'runtime_stream_broken', true, 0],
    ['is not JSON', `${sse({ n: 0 })}data: {"n"\n\n`, 'runtime_stream_broken', true, 1],
    ['is no object', 'data: 7\n\n', 'runtime_stream_broken', true, 0],
    ['is nested without end', `data: ${'['.repeat(500)}${']'.repeat(500)}\n\n`, 'runtime_stream_broken', true, 0],
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

describe('a fault', () => {
  test.each<[string, Fault, string, boolean]>([
    ['is cut off', 'reset', 'runtime_unreachable', true],
    ['ends too early', 'truncated', 'runtime_unreachable', true],
    ['is no HTTP', 'garbage', 'runtime_unreachable', true],
    ['leads elsewhere', 'redirect', 'runtime_http_302', true],
    ['is loading', { status: 503, body: { error: { code: 503, message: 'Loading model' } } }, 'runtime_http_503', true],
    ['has not the model', { status: 404, body: { error: { message: 'model "m" not found' } } }, 'runtime_http_404', true],
    ['is busy', { status: 429, body: {} }, 'runtime_http_429', true],
    ['failed', { status: 500, body: 'Internal Server Error' }, 'runtime_http_500', true],
    ['is broken JSON', { type: 'application/json', body: '{' }, 'unreadable_answer', true],
    ['is nested too deep', { type: 'application/json', body: `${'['.repeat(40)}${']'.repeat(40)}` }, 'unreadable_answer', true],
    ['is too large', { type: 'application/json', body: JSON.stringify('x'.repeat(1_000_000)) }, 'output_too_large', false],
  ])('an answer that %s', async (_what, fault, code, retryable) => {
    const standIn = await bench.use(openVllm());
    standIn.faults = { [CHAT]: fault };
    const { outcome } = await run(bench.runtime(standIn), chatTask('qwen'));
    expect([codeOf(outcome), isRetryable(outcome)]).toEqual([code, retryable]);
    expect(standIn.paths).not.toContain('GET /elsewhere');
  });

  test('of the request is the answer', async () => {
    const body = { error: { message: 'messages is empty', type: 'BadRequestError', param: null, code: 400 } };
    const standIn = await openChat(() => ({ status: 400, body }));
    expect((await run(bench.runtime(standIn), streaming)).outcome).toEqual({ success: true, output: { status: 400, body } });
  });

  test('nothing listens', async () => {
    const standIn = await bench.use(openVllm());
    await standIn.close();
    expect((await run(bench.runtime(standIn), chatTask('qwen'))).outcome).toMatchObject({
      error: { code: 'runtime_unreachable', details: { reason: 'refused', retryable: true } },
    });
  });

  test('a task of another kind is not this runtime’s', async () => {
    const standIn = await bench.use(openVllm());
    expect(codeOf((await run(bench.runtime(standIn), { kind: 'command', model_id: 'm', input: '' })).outcome)).toBe('bad_request');
  });
});

describe('stopping', () => {
  test('an answer that comes byte by byte has no more time than one that does not come', async () => {
    const standIn = await bench.use(openVllm());
    standIn.faults = { [CHAT]: 'drip' };
    const { outcome } = await run(bench.runtime(standIn), chatTask('qwen'), { timeoutMs: 100 });
    expect([codeOf(outcome), isRetryable(outcome)]).toEqual(['timeout', true]);
  });

  const hanging: Record<string, Handler> = {
    'before the answer': () => undefined,
    'within the answer': (_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{');
      return undefined;
    },
    'within the stream': (_asked, response) => {
      startStream(response);
      response.write(sse({ n: 0 }));
      return undefined;
    },
  };

  test.each(Object.entries(hanging))('a cancelled task ends its request at once: %s', async (_when, handler) => {
    const standIn = await openChat(handler);
    const abort = new AbortController();
    const running = run(bench.runtime(standIn), streaming, { signal: abort.signal });
    await until('the request', () => standIn.asked.length === 1);
    abort.abort();
    const { outcome } = await running;
    expect([codeOf(outcome), isRetryable(outcome)]).toEqual(['cancelled', false]);
    await until('the end of the connection', () => standIn.cut === 1);
  });

  test.each(Object.entries(hanging))('a task whose time is over ends its request: %s', async (_when, handler) => {
    const standIn = await openChat(handler);
    const { outcome } = await run(bench.runtime(standIn), streaming, { timeoutMs: 50 });
    expect([codeOf(outcome), isRetryable(outcome)]).toEqual(['timeout', true]);
    await until('the end of the connection', () => standIn.cut === 1);
  });

  test('a task that was cancelled before it began asks nothing', async () => {
    const standIn = await openChat((_asked, response) => {
      send(response, { body: chatAnswer });
      return undefined;
    });
    const { outcome } = await run(bench.runtime(standIn), streaming, { signal: AbortSignal.abort() });
    expect([codeOf(outcome), standIn.asked]).toEqual(['cancelled', []]);
  });

  test('the stream of a runtime that has said everything is not waited for', async () => {
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.write('data: [DONE]\n\n');
      return undefined;
    });
    expect(codeOf((await run(bench.runtime(standIn), streaming)).outcome)).toBe('success');
    await until('the end of the connection', () => standIn.cut === 1);
  });
});
