// Chat completions as messages of the Messages API.
import { describe, expect, it } from 'vitest';
import { toMessage } from '../../../../../src/main/scheduler/api/client-apis/core/messages/answer';

const FACTS = { id: 'abc', requestId: 'req_1', model: 'asked', atWallMs: 0 };
const HEAD = { id: 'msg_abc', type: 'message', role: 'assistant', model: 'asked' };
const NO_USAGE = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };
const answerTo = (message: object, choice: object = { finish_reason: 'stop' }, rest: object = {}) =>
  toMessage({ choices: [{ message, ...choice }], ...rest }, FACTS);
const text = (said: string) => ({ type: 'text', text: said });
const call = (args: unknown, id: string | undefined = 'c1') => ({ id, type: 'function', function: { name: 'f', arguments: args } });

describe('content', () => {
  it.each<readonly [string, object, readonly object[]]>([
    ['text', { content: 'hi' }, [text('hi')]],
    ['nothing', { content: '' }, []],
    ['refusal of the model', { content: null, refusal: 'no' }, [text('no')]],
    [
      'thoughts of vLLM and llama.cpp',
      { content: 'hi', reasoning_content: 'hm' },
      [{ type: 'thinking', thinking: 'hm', signature: '' }, text('hi')],
    ],
    ['thoughts of Ollama', { content: 'hi', reasoning: 'hm' }, [{ type: 'thinking', thinking: 'hm', signature: '' }, text('hi')]],
    [
      'parallel calls',
      { content: null, tool_calls: [call('{"a":1}'), call('', 'c2')] },
      [
        { type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 'c2', name: 'f', input: {} },
      ],
    ],
    [
      'arguments as an object, no id',
      { content: null, tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
      [{ type: 'tool_use', id: 'toolu_abc_0', name: 'f', input: { a: 1 } }],
    ],
  ])('%s', (_title, message, content) => {
    expect(answerTo(message)).toMatchObject({ ...HEAD, content, usage: NO_USAGE });
  });

  it.each([
    ['no completion', { foo: 1 }],
    ['no choices', { choices: [] }],
    ['null', null],
  ])('%s -> null', (_title, completion) => {
    expect(toMessage(completion, FACTS)).toBeNull();
  });

  it.each([['{"a":'], ['[1]'], ['7']])('arguments %s -> null: they are no object', (args) => {
    expect(answerTo({ content: null, tool_calls: [call(args)] })).toBeNull();
  });
});

describe('stop reason', () => {
  it.each<readonly [object, string, string | null]>([
    [{ finish_reason: 'stop' }, 'end_turn', null],
    [{ finish_reason: 'length' }, 'max_tokens', null],
    [{ finish_reason: 'tool_calls' }, 'tool_use', null],
    [{ finish_reason: 'content_filter' }, 'refusal', null],
    [{}, 'end_turn', null],
    [{ finish_reason: 'stop', stop_reason: 'END' }, 'stop_sequence', 'END'],
    [{ finish_reason: 'stop', stop_reason: 128_009 }, 'end_turn', null],
  ])('%j -> %s', (choice, reason, sequence) => {
    expect(answerTo({ content: 'hi' }, choice)).toMatchObject({ stop_reason: reason, stop_sequence: sequence });
  });

  it('calls with the usual end -> tool_use', () => {
    expect(answerTo({ content: null, tool_calls: [call('{}')] })).toMatchObject({ stop_reason: 'tool_use' });
  });
});

it('usage: tokens from the cache are counted apart', () => {
  const usage = { prompt_tokens: 100, completion_tokens: 7, total_tokens: 107, prompt_tokens_details: { cached_tokens: 60 } };
  expect(answerTo({ content: 'hi' }, undefined, { usage })).toMatchObject({
    usage: { input_tokens: 40, cache_creation_input_tokens: 0, cache_read_input_tokens: 60, output_tokens: 7 },
  });
});
