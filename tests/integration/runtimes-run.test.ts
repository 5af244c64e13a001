// Runs tasks on runtimes over real sockets: answers, streams, audio, and every fault.
import { describe, expect, test } from 'vitest';
import { chatTask, codeOf, isRetryable, openAiTask, run, useRuntimeBench } from '../support/http-runtime-bench';
import { ManualClock } from '../support/manual-clock';
import { openLlamaCpp } from '../support/stand-ins/llama-cpp';
import { openLmStudio } from '../support/stand-ins/lm-studio';
import { openLocalAi } from '../support/stand-ins/localai';
import { openOllama } from '../support/stand-ins/ollama';
import { chatAnswer, embeddingAnswer, openChatServer, sse, startStream } from '../support/stand-ins/openai-answers';
import { type Fault, type Handler, send, type StandIn } from '../support/stand-ins/stand-in';
import { openVllm } from '../support/stand-ins/vllm';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';
import { until } from '../support/until';

const bench = useRuntimeBench();
const CHAT = '/v1/chat/completions';
const streaming = chatTask('m', { stream: true });
const file = { filename: 'a.wav', content_type: 'audio/wav', base64: Buffer.from('RIFFsound').toString('base64') };
const transcription = openAiTask('/v1/audio/transcriptions', { model: 'whisper.cpp', file, response_format: 'json' });

/** A server that answers chat requests with `handler`. */
const openChat = (handler: Handler): Promise<StandIn> => bench.use(openChatServer(handler));

describe('answer', () => {
  test.each([
    ['Ollama', () => openOllama()],
    ['llama.cpp', () => openLlamaCpp()],
    ['vLLM', () => openVllm()],
    ['LM Studio', () => openLmStudio()],
  ])('%s -> passed on whole, with the body that was sent', async (_what, open) => {
    const standIn = await bench.use(open());
    const { outcome, chunks } = await run(bench.runtime(standIn), chatTask('m', { temperature: 0.5 }));
    expect([outcome, chunks]).toEqual([{ success: true, output: { status: 200, body: chatAnswer } }, []]);
    const [request] = standIn.requests;
    expect(JSON.parse(String(request?.body))).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Is the node ready?' }],
      temperature: 0.5,
    });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', host: standIn.url.host });
  });

  test('embeddings -> passed on', async () => {
    const standIn = await bench.use(openOllama());
    expect((await run(bench.runtime(standIn), openAiTask('/v1/embeddings', { model: 'm', input: 'x' }))).outcome).toMatchObject({
      output: { body: embeddingAnswer },
    });
  });

  test('speech -> audio in base64', async () => {
    const standIn = await bench.use(openLocalAi());
    const { outcome } = await run(bench.runtime(standIn), openAiTask('/v1/audio/speech', { model: 'tts', input: 'x' }));
    expect(outcome).toEqual({
      success: true,
      output: { status: 200, content_type: 'audio/wav', base64: Buffer.from('RIFF....WAVE').toString('base64') },
    });
  });

  test.each([undefined, 'text/plain', 'application/octet-stream'])('JSON with the type %s -> JSON', async (type) => {
    const standIn = await openChat((_asked, response) => {
      response.writeHead(200, type === undefined ? {} : { 'content-type': type });
      response.end(JSON.stringify(chatAnswer));
      return undefined;
    });
    const { outcome } = await run(bench.runtime(standIn), chatTask('m'));
    expect(outcome).toEqual({ success: true, output: { status: 200, body: chatAnswer } });
  });

  test('runtime with a key -> key sent', async () => {
    const standIn = await bench.use(openVllm({ key: 'sk-local' }));
    const without = await run(bench.runtime(standIn), chatTask('qwen'));
    expect([codeOf(without.outcome), isRetryable(without.outcome)]).toEqual(['runtime_unauthorized', true]);
    const apiKeyFile = bench.file('sk-local\n');
    expect(codeOf((await run(bench.runtime(standIn, { apiKeyFile }), chatTask('qwen'))).outcome)).toBe('success');
    const exposed = await run(bench.runtime(standIn, { apiKeyFile: bench.file('sk-local', 0o644) }), chatTask('qwen'));
    expect(codeOf(exposed.outcome)).toBe('runtime_unauthorized');
  });
});

describe('transcription', () => {
  test('whisper.cpp -> sent as a form', async () => {
    const standIn = await bench.use(openWhisperCpp());
    const runtime = bench.runtime(standIn);
    await runtime.probe();
    expect(runtime.serves(transcription)).toBe(true);
    const { outcome } = await run(runtime, transcription);
    expect(outcome).toEqual({ success: true, output: { status: 200, body: { text: ' The node is ready.\n' } } });
    expect(String(standIn.requests.at(-1)?.body)).toContain('RIFFsound');
    expect(standIn.paths.at(-1)).toBe('POST /inference');
  });

  test('whisper.cpp with the path of OpenAI -> sent to that path', async () => {
    const standIn = await bench.use(openWhisperCpp({ inferencePath: '/v1/audio/transcriptions' }));
    const runtime = bench.runtime(standIn);
    await runtime.probe();
    expect(codeOf((await run(runtime, transcription)).outcome)).toBe('success');
  });

  test('no file -> sent nowhere', async () => {
    const standIn = await bench.use(openLocalAi());
    const { outcome } = await run(bench.runtime(standIn), openAiTask('/v1/audio/transcriptions', { model: 'w' }));
    expect([codeOf(outcome), isRetryable(outcome), standIn.requests]).toEqual(['bad_request', false, []]);
  });
});

describe('fault', () => {
  test.each<[string, Fault, string, boolean]>([
    ['reset', 'reset', 'runtime_unreachable', true],
    ['truncated', 'truncated', 'runtime_unreachable', true],
    ['not HTTP', 'garbage', 'runtime_unreachable', true],
    ['redirect', 'redirect', 'runtime_http_302', true],
    ['model loading', { status: 503, body: { error: { code: 503, message: 'Loading model' } } }, 'runtime_http_503', true],
    ['model missing', { status: 404, body: { error: { message: 'model "m" not found' } } }, 'runtime_http_404', true],
    ['busy', { status: 429, body: {} }, 'runtime_http_429', true],
    ['status 500', { status: 500, body: 'Internal Server Error' }, 'runtime_http_500', true],
    ['broken JSON', { type: 'application/json', body: '{' }, 'unreadable_answer', true],
    ['nested too deep', { type: 'application/json', body: `${'['.repeat(80)}${']'.repeat(80)}` }, 'output_too_deep', false],
    ['too large', { type: 'application/json', body: JSON.stringify('x'.repeat(1_000_000)) }, 'output_too_large', false],
  ])('answer: %s -> failure', async (_what, fault, code, retryable) => {
    const standIn = await bench.use(openVllm());
    standIn.faults = { [CHAT]: fault };
    const { outcome } = await run(bench.runtime(standIn), chatTask('qwen'));
    expect([codeOf(outcome), isRetryable(outcome)]).toEqual([code, retryable]);
    expect(standIn.paths).not.toContain('GET /elsewhere');
  });

  test('refusal of the request -> the answer', async () => {
    const body = { error: { message: 'messages is empty', type: 'BadRequestError', param: null, code: 400 } };
    const standIn = await openChat(() => ({ status: 400, body }));
    expect((await run(bench.runtime(standIn), streaming)).outcome).toEqual({ success: true, output: { status: 400, body } });
  });

  test('nothing listens -> failure', async () => {
    const standIn = await bench.use(openVllm());
    await standIn.close();
    expect((await run(bench.runtime(standIn), chatTask('qwen'))).outcome).toMatchObject({
      error: { code: 'runtime_unreachable', details: { reason: 'refused', retryable: true } },
    });
  });

  test('task of another kind -> not run', async () => {
    const standIn = await bench.use(openVllm());
    expect(codeOf((await run(bench.runtime(standIn), { kind: 'command', model_id: 'm', input: '' })).outcome)).toBe('bad_request');
  });
});

describe('stop', () => {
  test('answer byte by byte -> same timeout as without an answer', async () => {
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

  test.each(Object.entries(hanging))('cancelled task -> request aborted at once: %s', async (_when, handler) => {
    const standIn = await openChat(handler);
    const abort = new AbortController();
    const running = run(bench.runtime(standIn), streaming, { signal: abort.signal });
    await until('the request', () => standIn.requests.length === 1);
    abort.abort();
    const { outcome } = await running;
    expect([codeOf(outcome), isRetryable(outcome)]).toEqual(['cancelled', false]);
    await until('the end of the connection', () => standIn.abortedCount === 1);
  });

  test.each(Object.entries(hanging))('timeout -> request aborted: %s', async (_when, handler) => {
    const standIn = await openChat(handler);
    const clock = new ManualClock();
    const running = run(bench.runtime(standIn, { clock }), streaming, { timeoutMs: 50 });
    await until('the request', () => standIn.requests.length === 1);
    clock.advance(50);
    const { outcome } = await running;
    expect([codeOf(outcome), isRetryable(outcome)]).toEqual(['timeout', true]);
    await until('the end of the connection', () => standIn.abortedCount === 1);
  });

  test('cancelled before the start -> nothing sent', async () => {
    const standIn = await openChat((_asked, response) => {
      send(response, { body: chatAnswer });
      return undefined;
    });
    const { outcome } = await run(bench.runtime(standIn), streaming, { signal: AbortSignal.abort() });
    expect([codeOf(outcome), standIn.requests]).toEqual(['cancelled', []]);
  });

  test('stream complete, connection open -> task ends at once', async () => {
    const standIn = await openChat((_asked, response) => {
      startStream(response);
      response.write('data: [DONE]\n\n');
      return undefined;
    });
    expect(codeOf((await run(bench.runtime(standIn), streaming)).outcome)).toBe('success');
    await until('the end of the connection', () => standIn.abortedCount === 1);
  });
});
