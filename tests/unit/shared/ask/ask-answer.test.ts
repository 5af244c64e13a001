import { describe, expect, test } from 'vitest';
import { ASK_LIMITS, type AskEvent, askParamsSchema, charactersOf } from '../../../../src/shared/api/ask';
import { beginOf, failureOf, joined, stepOf, transcriptOf } from '../../../../src/shared/ask/ask-answer';
import { validate } from '../../../../src/shared/protocol/decode';

const step = (events: readonly AskEvent[], more: object = {}) => ({ events, finishReason: undefined, isDone: false, ...more });
const chunk = (choice: object, more: object = {}): string => JSON.stringify({ choices: [choice], ...more });

describe('data of a stream', () => {
  test.each<[string, string, object]>([
    ['text', chunk({ delta: { content: 'a' } }), step([{ type: 'text', text: 'a', pieces: 1 }])],
    ['empty text of the first chunk', chunk({ delta: { role: 'assistant', content: '' } }), step([])],
    ['thoughts of vLLM and llama.cpp', chunk({ delta: { reasoning_content: 'hm' } }), step([{ type: 'reasoning', text: 'hm', pieces: 1 }])],
    ['thoughts of Ollama', chunk({ delta: { reasoning: 'hm', content: null } }), step([{ type: 'reasoning', text: 'hm', pieces: 1 }])],
    [
      'thought and text in one chunk',
      chunk({ delta: { reasoning: 'hm', content: 'a' } }),
      step([
        { type: 'reasoning', text: 'hm', pieces: 1 },
        { type: 'text', text: 'a', pieces: 1 },
      ]),
    ],
    ['last chunk', chunk({ delta: {}, finish_reason: 'length' }), step([], { finishReason: 'length' })],
    [
      'tokens, without those from the cache',
      JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } }),
      step([{ type: 'usage', prompt_tokens: 3, cached_tokens: null, completion_tokens: 5 }]),
    ],
    [
      'invalid number of tokens',
      JSON.stringify({ choices: [], usage: { prompt_tokens: -3, completion_tokens: 'x' } }),
      step([{ type: 'usage', prompt_tokens: null, cached_tokens: null, completion_tokens: null }]),
    ],
    ['end', '[DONE]', { events: [], isDone: true }],
    ['not JSON', 'nonsense', step([])],
    ['unknown event', '{"type":"ping"}', step([])],
    [
      'error of the pool',
      '{"error":{"message":"broken","type":"server_error","param":null,"code":"stream_broken","muster":{"reason":"attempt_lost"}}}',
      {
        events: [{ type: 'failed', error: { code: 'stream_broken', message: 'broken', details: { reason: 'attempt_lost' } } }],
        isDone: false,
      },
    ],
    [
      'error of a model server',
      '{"error":"out of memory"}',
      { events: [{ type: 'failed', error: { code: 'stream_broken', message: 'out of memory', details: null } }], isDone: false },
    ],
  ])('%s', (_title, data, expected) => {
    expect(stepOf(data)).toEqual(expected);
  });

  test('texts that follow each other are joined, others keep their order', () => {
    const text = (value: string): AskEvent => ({ type: 'text', text: value, pieces: 1 });
    const usage: AskEvent = { type: 'usage', prompt_tokens: 1, cached_tokens: null, completion_tokens: 1 };
    const events: readonly AskEvent[] = [
      text('a'),
      text('b'),
      { type: 'reasoning', text: 'c', pieces: 1 } as const,
      text('d'),
      usage,
      text('e'),
    ];
    expect(joined(events)).toEqual([
      { type: 'text', text: 'ab', pieces: 2 },
      { type: 'reasoning', text: 'c', pieces: 1 },
      text('d'),
      usage,
      text('e'),
    ]);
  });
});

describe('refusal', () => {
  test.each<[string, number, string, object]>([
    [
      'of the pool, with facts',
      429,
      '{"error":{"message":"busy","type":"rate_limit_error","param":null,"code":"pool_busy","muster":{"nodes":[]}}}',
      { code: 'pool_busy', message: 'busy', details: { nodes: [] } },
    ],
    [
      'of the pool, with a field',
      400,
      '{"error":{"message":"messages: too many","type":"invalid_request_error","param":"messages","code":"invalid_request"}}',
      { code: 'invalid_request', message: 'messages: too many', details: { field: 'messages' } },
    ],
    ['of a model server with a number', 400, '{"error":{"message":"no","code":400}}', { code: '400', message: 'no', details: null }],
    ['without a code', 400, '{"error":{"message":"no"}}', { code: 'http_400', message: 'no', details: null }],
    ['of another program', 502, '<html>', { code: 'http_502', message: '<html>', details: { status: 502 } }],
  ])('%s', (_title, status, body, expected) => {
    expect(failureOf(status, body)).toEqual(expected);
  });
});

test.each<[string, string, string | null]>([
  ['application/json; charset=utf-8', '{"text":" Hi. "}', 'Hi.'],
  ['text/plain; charset=utf-8', 'Hi.\n', 'Hi.'],
  ['application/json', '{"segments":[]}', null],
  ['audio/wav', 'RIFF', null],
])('transcript: %s %j -> %j', (type, body, expected) => {
  expect(transcriptOf(type, body)).toBe(expected);
});

test.each<[string, Record<string, string>, object]>([
  [
    'all headers',
    {
      'x-muster-job': 'job-1',
      'x-muster-node': 'node-1',
      'x-muster-node-name': 'lab%20%E4%B8%80',
      'x-muster-route': 'affinity',
      'x-muster-predicted-ms': '4300',
    },
    { job_id: 'job-1', node_id: 'node-1', node_name: 'lab 一', route: 'affinity', predicted_ms: 4300 },
  ],
  ['none', {}, { job_id: null, node_id: null, node_name: null, route: null, predicted_ms: null }],
  [
    'invalid ones',
    { 'x-muster-route': 'luck', 'x-muster-predicted-ms': 'soon', 'x-muster-node-name': '%' },
    { job_id: null, node_id: null, node_name: null, route: null, predicted_ms: null },
  ],
])('headers: %s', (_title, headers, expected) => {
  expect(beginOf((name) => headers[name] ?? null)).toEqual({ type: 'begin', ...expected });
});

test('size of a chat: texts and pictures of all messages', () => {
  const messages = [
    { role: 'system' as const, text: 'abc' },
    { role: 'user' as const, text: '', pictures: ['data:image/png;base64,AA', 'data:image/png;base64,BB'] },
  ];
  expect(charactersOf(messages)).toBe(3 + 24 + 24);
});

test('sound above the limit -> the reason names the limit', () => {
  const sound = { name: 'a.wav', content_type: 'audio/wav', bytes: new Uint8Array(ASK_LIMITS.soundBytes + 1) };
  const decoded = validate({ task: 'transcribe', model: 'm', sound }, askParamsSchema);
  expect(decoded).toMatchObject({ ok: false, error: { field: 'sound.bytes', reason: `not 1 to ${String(ASK_LIMITS.soundBytes)} bytes` } });
});
