// Which outputs are whole answers. The shapes are those of llama.cpp, Ollama, vLLM, LM Studio, TEI, Jina, whisper servers and OpenAI.
import { describe, expect, it } from 'vitest';
import { answerFault, isKnownAnswer, isRefusal } from '../../../../../src/main/scheduler/jobs/machine/answer-check';
import { hasContent, NO_CHUNKS, onChunk, type StreamCheck } from '../../../../../src/main/scheduler/jobs/machine/stream-check';
import type { ServerPath } from '../../../../../src/shared/protocol/task-kinds';
import { aJob } from '../job-records';

const CHAT = '/v1/chat/completions';
const openAi = (path: ServerPath, change: object = {}) =>
  aJob({ task: { kind: 'openai', path, model: 'm', payloadBytes: 1 }, interactive: true, ...change });
const command = aJob({ task: { kind: 'command', path: null, model: 'm', payloadBytes: 1 } });
const ok = (body: unknown) => ({ status: 200, body });
const bytes = (base64: string, contentType = 'audio/wav') => ({ status: 200, content_type: contentType, base64 });

describe('whole answers', () => {
  it.each<readonly [string, ServerPath, unknown]>([
    [
      'OpenAI',
      CHAT,
      ok({
        id: 'c',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
        usage: {},
      }),
    ],
    ['least fields', CHAT, ok({ choices: [{ message: { content: 'hi' } }] })],
    ['tool calls, no content', CHAT, ok({ choices: [{ message: { role: 'assistant', content: null, tool_calls: [{ id: 't' }] } }] })],
    [
      'reasoning and timings (llama.cpp)',
      CHAT,
      ok({ choices: [{ message: { content: '', reasoning_content: 'hm' } }], timings: { predicted_n: 1 } }),
    ],
    ['several choices', CHAT, ok({ choices: [{ message: { content: 'a' } }, { message: { content: 'b' } }] })],
    ['status 201', CHAT, { ...ok({ choices: [{ message: { content: 'a' } }] }), status: 201 }],
    ['empty answer with its end', CHAT, ok({ choices: [{ message: { content: '' }, finish_reason: 'stop' }] })],
    ['only reasoning, cut off', CHAT, ok({ choices: [{ message: { content: null }, finish_reason: 'length' }] })],
    ['refusal of the model', CHAT, ok({ choices: [{ message: { content: null, refusal: 'no' } }] })],
    ['audio', CHAT, ok({ choices: [{ message: { content: null, audio: { id: 'a', data: 'UklG' } } }] })],
    ['function call', CHAT, ok({ choices: [{ message: { content: null, function_call: { name: 'f', arguments: '{}' } } }] })],
    ['parts of a content', CHAT, ok({ choices: [{ message: { content: [{ type: 'text', text: 'a' }] } }] })],
    ['refusal of the request', CHAT, { status: 400, body: { error: { message: 'no' } } }],
    ['refusal that is not JSON', CHAT, { status: 422, content_type: 'text/plain', base64: 'bm8=' }],
    ['completion', '/v1/completions', ok({ choices: [{ text: '' }] })],
    ['completion with a message', '/v1/completions', ok({ choices: [{ message: { content: 'x' } }] })],
    ['embeddings', '/v1/embeddings', ok({ data: [{ index: 0, embedding: [0.1] }] })],
    ['embeddings in base64', '/v1/embeddings', ok({ object: 'list', data: [{ embedding: 'AAAA' }] })],
    ['rerank (Jina, llama.cpp, vLLM)', '/v1/rerank', ok({ results: [{ index: 0, relevance_score: 0.1 }] })],
    ['rerank (Voyage)', '/v1/rerank', ok({ data: [{ index: 0, relevance_score: 0.1 }] })],
    ['rerank (TEI)', '/v1/rerank', ok([{ index: 0, score: 0.1 }])],
    ['transcription', '/v1/audio/transcriptions', ok({ text: '' })],
    ['transcription as a JSON text', '/v1/audio/transcriptions', ok('words')],
    ['transcription as subtitles', '/v1/audio/transcriptions', bytes('MQ==', 'application/x-subrip')],
    ['a translation of sound', '/v1/audio/translations', ok({ text: 'hello' })],
    ['a translation as subtitles', '/v1/audio/translations', bytes('MQ==', 'text/plain')],
    ['pictures', '/v1/images/generations', ok({ created: 1, data: [{ b64_json: 'aGk=' }] })],
    ['pictures by address', '/v1/images/generations', ok({ data: [{ url: 'http://127.0.0.1/a.png', b64_json: null }] })],
    ['moderation', '/v1/moderations', ok({ results: [{ flagged: true, categories: {} }] })],
    ['speech', '/v1/audio/speech', bytes('UklG')],
    ['speech without a known type', '/v1/audio/speech', bytes('UklG', 'application/octet-stream')],
    ['message', '/v1/messages', ok({ type: 'message', content: [{ type: 'text', text: 'hi' }] })],
    ['empty message with its end', '/v1/messages', ok({ content: [], stop_reason: 'end_turn' })],
    ['number of tokens', '/v1/messages/count_tokens', ok({ input_tokens: 3 })],
    ['response', '/v1/responses', ok({ output: [{ type: 'message', content: [] }], status: 'completed' })],
    ['empty response with its end', '/v1/responses', ok({ output: [], status: 'incomplete' })],
  ])('%s, %s', (_server, path, output) => {
    expect(answerFault(openAi(path), output, NO_CHUNKS)).toBeNull();
  });

  it.each([[{ content_type: 'text/plain', text: '' }], [{ content_type: 'audio/wav', base64: 'UklG' }]])('command: %j', (output) => {
    expect(answerFault(command, output, NO_CHUNKS)).toBeNull();
  });
});

describe('other outputs', () => {
  it.each<readonly [string, ServerPath, unknown, string]>([
    ['nothing', CHAT, undefined, 'output'],
    ['null', CHAT, null, 'output'],
    ['text', CHAT, 'hi', 'output'],
    ['no status', CHAT, { body: {} }, 'output'],
    ['status of a redirect', CHAT, { ...ok({}), status: 302 }, 'output.status'],
    ['status of a server error', CHAT, { ...ok({}), status: 500 }, 'output.status'],
    ['status 0', CHAT, { ...ok({}), status: 0 }, 'output.status'],
    ['empty body', CHAT, ok(null), 'output.body.choices'],
    ['nonsense', CHAT, ok({ ok: true }), 'output.body.choices'],
    ['error with status 200', CHAT, ok({ error: 'out of memory' }), 'output.body.choices'],
    ['no choice', CHAT, ok({ choices: [] }), 'output.body.choices'],
    ['choices are an object', CHAT, ok({ choices: { 0: {} } }), 'output.body.choices'],
    ['choice without a message', CHAT, ok({ choices: [{ text: 'hi' }] }), 'output.body.choices'],
    ['empty message', CHAT, ok({ choices: [{ message: {} }] }), 'output.body.choices'],
    ['empty message with an end', CHAT, ok({ choices: [{ message: {}, finish_reason: 'stop' }] }), 'output.body.choices'],
    ['no content and no end', CHAT, ok({ choices: [{ message: { content: null, tool_calls: [] } }] }), 'output.body.choices'],
    ['one of two choices is empty', CHAT, ok({ choices: [{ message: { content: 'a' } }, {}] }), 'output.body.choices'],
    ['embedding without numbers', '/v1/embeddings', ok({ data: [{ embedding: [] }] }), 'output.body.data'],
    ['embedding of objects', '/v1/embeddings', ok({ data: [{ embedding: [{}] }] }), 'output.body.data'],
    ['embedding of an empty text', '/v1/embeddings', ok({ data: [{ embedding: '' }] }), 'output.body.data'],
    ['bytes for a chat', CHAT, bytes('UklG'), 'output.body'],
    ['events of a stream that was not requested', CHAT, { ...ok(null), chunks: 2, events: [{}] }, 'output.body.choices'],
    ['completion without a text', '/v1/completions', ok({ choices: [{}] }), 'output.body.choices'],
    ['no embedding', '/v1/embeddings', ok({ data: [] }), 'output.body.data'],
    ['embedding of another type', '/v1/embeddings', ok({ data: [{ embedding: null }] }), 'output.body.data'],
    ['no result', '/v1/rerank', ok({ results: [] }), 'output.body.results'],
    ['transcription without a text', '/v1/audio/transcriptions', ok({ words: [] }), 'output.body.text'],
    ['a translation without text', '/v1/audio/translations', ok({}), 'output.body.text'],
    ['no pictures', '/v1/images/generations', ok({ data: [] }), 'output.body.data'],
    ['a picture without content', '/v1/images/generations', ok({ data: [{ b64_json: '' }] }), 'output.body.data'],
    ['pictures as bytes', '/v1/images/generations', bytes('UklG'), 'output.body'],
    ['moderation without a verdict', '/v1/moderations', ok({ results: [{ flagged: 'no' }] }), 'output.body.results'],
    ['speech of no bytes', '/v1/audio/speech', bytes(''), 'output.base64'],
    ['speech as JSON', '/v1/audio/speech', ok({ audio: 'UklG' }), 'output.base64'],
    ['message without content', '/v1/messages', ok({ type: 'message' }), 'output.body.content'],
    ['empty message without an end', '/v1/messages', ok({ content: [], stop_reason: null }), 'output.body.content'],
    ['message of blocks without types', '/v1/messages', ok({ content: [{ text: 'hi' }] }), 'output.body.content'],
    ['chat for a message', '/v1/messages', ok({ choices: [{ message: { content: 'a' } }] }), 'output.body.content'],
    ['no number of tokens', '/v1/messages/count_tokens', ok({ input_tokens: '3' }), 'output.body.input_tokens'],
    ['response without output', '/v1/responses', ok({ status: 'completed' }), 'output.body.output'],
  ])('%s, %s', (_what, path, output, fault) => {
    expect(answerFault(openAi(path), output, NO_CHUNKS)).toBe(fault);
  });

  it.each([
    [undefined, 'output.content_type'],
    [{ text: 'hi' }, 'output.content_type'],
    [{ content_type: 'text/plain' }, 'output.text'],
    [{ content_type: 'text/plain', text: 7 }, 'output.text'],
  ])('command: %j', (output, fault) => {
    expect(answerFault(command, output, NO_CHUNKS)).toBe(fault);
  });
});

describe('streams', () => {
  const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
  const content = { count: 2, hasContent: true };
  const streamed = openAi(CHAT, { streams: true });
  const stored = openAi(CHAT, { streams: true, interactive: false });

  it.each<readonly [string, typeof streamed, unknown, { count: number | null; hasContent: boolean }, string | null]>([
    ['chunks, and their number', streamed, { ...ok(null), chunks: 2 }, content, null],
    ['chunks, and no output', streamed, undefined, content, null],
    ['chunks, and an output without their number', streamed, ok(null), content, null],
    ['whole answer instead of a stream', streamed, ok({ choices: [{ message: { content: 'hi' } }] }), NO_CHUNKS, null],
    ['refusal of the request', streamed, { status: 400, body: {} }, NO_CHUNKS, null],
    ['a chunk is missing', streamed, { ...ok(null), chunks: 3 }, content, 'output.chunks'],
    ['a chunk may have arrived at an earlier scheduler', streamed, { ...ok(null), chunks: 3 }, { count: null, hasContent: true }, null],
    ['no chunk', streamed, ok(null), NO_CHUNKS, 'output.body.choices'],
    ['no chunk of those that were sent', streamed, { ...ok(null), chunks: 3 }, NO_CHUNKS, 'output.body.choices'],
    ['no chunk and no output', streamed, undefined, NO_CHUNKS, 'output'],
    ['chunks without choices', streamed, { ...ok(null), chunks: 1 }, { count: 1, hasContent: false }, 'output.body.choices'],
    ['kept events', streamed, { ...ok(null), chunks: 1, events: [chunk('a')] }, NO_CHUNKS, null],
    ['kept events that are no objects', streamed, { ...ok(null), chunks: 1, events: [chunk('a'), 7] }, NO_CHUNKS, 'output.events'],
    ['kept events with empty choices', streamed, { ...ok(null), chunks: 1, events: [{ choices: [{}] }] }, NO_CHUNKS, 'output.events'],
    ['kept events without choices', streamed, { ...ok(null), chunks: 1, events: [{}] }, NO_CHUNKS, 'output.events'],
    ['stored job, output of any form', stored, { text: 'hi' }, NO_CHUNKS, null],
    ['stored job, events not kept', stored, { ...ok(null), chunks: 3 }, NO_CHUNKS, null],
    ['stored job, chunks and no output', stored, undefined, content, null],
    ['stored job, neither chunks nor output', stored, undefined, NO_CHUNKS, 'output'],
    ['stored job, refusal of the request', stored, { status: 422, body: {} }, NO_CHUNKS, null],
    ['stored job, status that an agent reports as a failure', stored, { status: 404, body: {} }, NO_CHUNKS, 'output.status'],
    ['stored job, server error', stored, { status: 500, body: {} }, NO_CHUNKS, 'output.status'],
  ])('%s', (_title, job, output, seen, fault) => {
    expect(answerFault(job, output, seen)).toBe(fault);
  });

  const passed = (path: string, ...data: readonly unknown[]): unknown[] => {
    let check: StreamCheck | null = null;
    return data.map((each, seq) => {
      const step = onChunk(check, path, 1, { seq, data: each });
      ({ check } = step);
      return step.pass === null ? 'refused' : step.pass.length;
    });
  };

  it.each<readonly [string, string, readonly unknown[], readonly unknown[]]>([
    ['content at once -> passed on', CHAT, [chunk('a'), chunk('b')], [1, 1]],
    [
      'metadata first -> held back until the content',
      CHAT,
      [{ choices: [], prompt_filter_results: [] }, chunk('a'), { choices: [] }],
      [0, 2, 1],
    ],
    ['usage at the end -> passed on', CHAT, [chunk('a'), { choices: [], usage: {} }], [1, 1]],
    ['empty choices -> held back', CHAT, [{ choices: [{}] }, { choices: [{ delta: {} }] }, chunk('a')], [0, 0, 3]],
    ['role first -> passed on', CHAT, [{ choices: [{ delta: { role: 'assistant', content: '' } }] }], [1]],
    ['only the end -> passed on', CHAT, [{ choices: [{ delta: {}, finish_reason: 'stop' }] }], [1]],
    ['text -> refused', CHAT, ['hi'], ['refused']],
    ['text after content -> refused', CHAT, [chunk('a'), 'hi'], [1, 'refused']],
    ['a list -> refused', CHAT, [[]], ['refused']],
    ['null -> refused', CHAT, [null], ['refused']],
    ['only chunks without content -> refused at the fifth', CHAT, [{}, {}, {}, {}, {}], [0, 0, 0, 0, 'refused']],
    ['speech -> any object', '/v1/audio/speech', [{ type: 'speech.audio.delta' }], [1]],
  ])('chunks: %s', (_title, path, data, expected) => {
    expect(passed(path, ...data)).toEqual(expected);
  });

  it('chunks of a new attempt -> counted from the beginning; a gap -> the number of chunks stays that before the gap', () => {
    const one = onChunk(null, CHAT, 1, { seq: 0, data: chunk('a') }).check;
    const gap = onChunk(one, CHAT, 1, { seq: 2, data: chunk('c') }).check;
    const other = onChunk(gap, CHAT, 2, { seq: 0, data: { choices: [] } }).check;
    expect([one.count, gap.count, other.count, other.hasContent]).toEqual([1, 1, 1, false]);
    expect(onChunk(null, CHAT, 1, { seq: 5, data: chunk('a') }).check.count).toBeNull();
  });

  it('content of a path', () => {
    expect([hasContent(CHAT, {}), hasContent('/v1/audio/transcriptions', {}), hasContent('/v1/completions', chunk('a'))]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

it.each<readonly [string, boolean, unknown, boolean]>([
  ['chat', false, ok({ choices: [{ message: { content: 'hi' } }] }), true],
  ['another object', false, { text: 'hi' }, false],
  ['an empty message', false, ok({ choices: [{ message: {} }] }), false],
  ['kept events', true, { ...ok(null), chunks: 1, events: [{ choices: [{ delta: { content: 'a' } }] }] }, true],
  ['events not kept', true, { ...ok(null), chunks: 1 }, false],
  ['refusal of the request', false, { status: 422, body: {} }, true],
  ['status that an honest node reports as a failure', false, { status: 404, body: {} }, false],
])('stored job, %s -> the form is known: it counts as a success of the node', (_what, streams, output, known) => {
  expect(isKnownAnswer(openAi(CHAT, { streams, interactive: false }), output)).toBe(known);
});

it('refusal: a status from 400', () => {
  expect([isRefusal({ status: 400, body: {} }), isRefusal(ok({})), isRefusal('x')]).toEqual([true, false, false]);
});

describe('events of the Messages and the Responses API', () => {
  it.each([
    ['/v1/messages', { type: 'message_start', message: {} }, true],
    ['/v1/messages', { choices: [{ delta: { content: 'a' } }] }, false],
    ['/v1/responses', { type: 'response.created' }, true],
    ['/v1/responses', {}, false],
  ])('%s, %j -> %s', (path, event, isOne) => {
    expect(hasContent(path, event)).toBe(isOne);
  });
});
