// Streams of chat completions as events of the Messages API. The expected sequences are written from Anthropic's public documentation of
// streaming ("Basic streaming request", "Streaming request with tool use", "Streaming request with extended thinking").
import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../../../../src/main/scheduler/api/client-apis/core/client-api';
import { startMessage } from '../../../../../src/main/scheduler/api/client-apis/core/messages/stream';
import { toMessage } from '../../../../../src/main/scheduler/api/client-apis/core/messages/answer';
import { poolFailure } from '../../../../../src/main/scheduler/api/openai/core/openai-error';
import { cpuMsOf } from '../../../../support/turns';

const FACTS = { id: 'abc', requestId: 'req_1', model: 'm', atWallMs: 0 };
const NO_USAGE = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };

const delta = (fields: object, finish: string | null = null) => ({ choices: [{ index: 0, delta: fields, finish_reason: finish }] });
const toolDelta = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
const USAGE = { choices: [], usage: { prompt_tokens: 25, completion_tokens: 15, total_tokens: 40 } };

function eventsOf(chunks: readonly unknown[]): readonly ClientEvent[] {
  let stream = startMessage(FACTS);
  const events: ClientEvent[] = [];
  for (const chunk of chunks) {
    const [next, some] = stream.next(chunk);
    stream = next;
    events.push(...some);
  }
  return [...events, ...stream.end()];
}

const named = (...data: readonly { readonly type: string; readonly [name: string]: unknown }[]) =>
  data.map((one) => ({ name: one.type, data: one }));
const START = {
  type: 'message_start',
  message: {
    id: 'msg_abc',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: NO_USAGE,
  },
};
const begin = (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block });
const part = (index: number, change: object) => ({ type: 'content_block_delta', index, delta: change });
const stop = (index: number) => ({ type: 'content_block_stop', index });
const end = (reason: string, usage: object = NO_USAGE) => [
  { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
];
const PING = { type: 'ping' };

describe('recorded sequences', () => {
  it('text', () => {
    const chunks = [
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Hello' }),
      delta({ content: '!' }),
      delta({}, 'stop'),
      USAGE,
    ];
    expect(eventsOf(chunks)).toEqual(
      named(
        START,
        PING,
        begin(0, { type: 'text', text: '' }),
        part(0, { type: 'text_delta', text: 'Hello' }),
        part(0, { type: 'text_delta', text: '!' }),
        stop(0),
        ...end('end_turn', { ...NO_USAGE, input_tokens: 25, output_tokens: 15 }),
      ),
    );
  });

  it('text, then a tool', () => {
    const chunks = [
      delta({ role: 'assistant', content: 'Okay' }),
      toolDelta(0, { id: 'toolu_1', type: 'function', function: { name: 'get_weather', arguments: '' } }),
      toolDelta(0, { function: { arguments: '{"location":' } }),
      toolDelta(0, { function: { arguments: ' "San Francisco, CA"}' } }),
      delta({}, 'tool_calls'),
    ];
    expect(eventsOf(chunks)).toEqual(
      named(
        START,
        PING,
        begin(0, { type: 'text', text: '' }),
        part(0, { type: 'text_delta', text: 'Okay' }),
        stop(0),
        begin(1, { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }),
        part(1, { type: 'input_json_delta', partial_json: '{"location":' }),
        part(1, { type: 'input_json_delta', partial_json: ' "San Francisco, CA"}' }),
        stop(1),
        ...end('tool_use'),
      ),
    );
  });

  it('thoughts, then text', () => {
    const chunks = [
      delta({ reasoning_content: 'Let me' }),
      delta({ reasoning_content: ' see' }),
      delta({ content: '27' }),
      delta({}, 'stop'),
    ];
    expect(eventsOf(chunks)).toEqual(
      named(
        START,
        PING,
        begin(0, { type: 'thinking', thinking: '', signature: '' }),
        part(0, { type: 'thinking_delta', thinking: 'Let me' }),
        part(0, { type: 'thinking_delta', thinking: ' see' }),
        stop(0),
        begin(1, { type: 'text', text: '' }),
        part(1, { type: 'text_delta', text: '27' }),
        stop(1),
        ...end('end_turn'),
      ),
    );
  });

  it('no content -> a message without blocks', () => {
    expect(eventsOf([delta({}, 'length')])).toEqual(named(START, PING, ...end('max_tokens')));
  });
});

it('parallel calls, in turns, with text between them -> one block after the other, nothing lost', () => {
  const chunks = [
    toolDelta(0, { id: 'a', function: { name: 'one', arguments: '{"x"' } }),
    toolDelta(1, { id: 'b', function: { name: 'two', arguments: '{"y"' } }),
    delta({ content: 'wait' }),
    toolDelta(0, { function: { arguments: ':1}' } }),
    toolDelta(1, { function: { arguments: ':2}' } }),
    delta({}, 'tool_calls'),
  ];
  expect(eventsOf(chunks)).toEqual(
    named(
      START,
      PING,
      begin(0, { type: 'tool_use', id: 'a', name: 'one', input: {} }),
      part(0, { type: 'input_json_delta', partial_json: '{"x"' }),
      part(0, { type: 'input_json_delta', partial_json: ':1}' }),
      stop(0),
      begin(1, { type: 'text', text: '' }),
      part(1, { type: 'text_delta', text: 'wait' }),
      stop(1),
      begin(2, { type: 'tool_use', id: 'b', name: 'two', input: {} }),
      part(2, { type: 'input_json_delta', partial_json: '{"y":2}' }),
      stop(2),
      ...end('tool_use'),
    ),
  );
});

it('vLLM names the stop sequence -> so does the end', () => {
  const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop', stop_reason: 'END' }] };
  expect(eventsOf([delta({ content: 'a' }), last]).at(-2)).toMatchObject({
    data: { delta: { stop_reason: 'stop_sequence', stop_sequence: 'END' } },
  });
});

it('the stream breaks -> an error event with the id of the request', () => {
  const [stream] = startMessage(FACTS).next(delta({ content: 'a' }));
  expect(stream.fail(poolFailure('stream_broken'), 'en')).toEqual([
    {
      name: 'error',
      data: {
        type: 'error',
        error: { type: 'api_error', message: 'the stream was interrupted', code: 'stream_broken' },
        request_id: 'req_1',
      },
    },
  ]);
});

it.each([[null], ['x'], [[]], [{}], [{ choices: null }], [{ choices: [{ delta: { tool_calls: [null, 7] } }] }]])(
  'chunk %j -> no content, nothing thrown',
  (chunk) => {
    expect(eventsOf([chunk]).map(({ name }) => name)).toEqual(['message_start', 'ping', 'message_delta', 'message_stop']);
  },
);

describe('many calls of tools', () => {
  const call = (index: number) => ({ index, id: `c${String(index)}`, function: { name: 'f', arguments: '{}' } });
  const calls = (count: number) => Array.from({ length: count }, (_, index) => call(index));

  it.each([[[delta({ tool_calls: calls(1024) })]], [calls(1024).map((one) => delta({ tool_calls: [one] }))]])(
    '1,024 calls -> as many blocks',
    (chunks) => {
      expect(eventsOf(chunks).filter(({ name }) => name === 'content_block_start')).toHaveLength(1024);
    },
  );

  it.each([
    ['in one chunk', [delta({ tool_calls: calls(1025) })]],
    ['in many chunks', calls(1025).map((one) => delta({ tool_calls: [one] }))],
    ['without names', [delta({ tool_calls: calls(1025).map(({ index }) => ({ index })) })]],
  ])('1,025 calls %s -> the stream is broken', (_, chunks) => {
    let stream = startMessage(FACTS);
    for (const chunk of chunks) [stream] = stream.next(chunk);
    expect(stream.isBroken).toBe(true);
  });

  it('1,025 calls in a whole answer -> not readable', () => {
    const completion = (count: number) => ({ choices: [{ message: { tool_calls: calls(count) }, finish_reason: 'tool_calls' }] });
    expect(toMessage(completion(1024), FACTS)).toMatchObject({ stop_reason: 'tool_use' });
    expect(toMessage(completion(1025), FACTS)).toBeNull();
  });

  it.each([
    ['20,000 new calls', delta({ tool_calls: calls(20_000) })],
    ['20,000 parts of one call', delta({ tool_calls: Array.from({ length: 20_000 }, () => call(0)) })],
  ])('%s in one chunk -> within 200 ms', (_, chunk) => {
    expect(cpuMsOf(() => eventsOf([chunk]))).toBeLessThan(200);
  });
});
