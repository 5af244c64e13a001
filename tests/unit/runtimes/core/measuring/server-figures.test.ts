// The figures of the Messages and the Responses API. Those of chats are covered by request-timings.test.ts.
import { expect, test } from 'vitest';
import { figuresIn, NO_FIGURES } from '../../../../../src/main/runtimes/core/measuring/server-figures';

test.each<readonly [string, object, object]>([
  ['message', { usage: { input_tokens: 3, output_tokens: 5 } }, { promptTokens: 3, completionTokens: 5, cachedTokens: null }],
  [
    'message with a cache: its tokens are not in the input',
    { usage: { input_tokens: 3, cache_read_input_tokens: 10, cache_creation_input_tokens: 2, output_tokens: 5 } },
    { promptTokens: 15, cachedTokens: 10, completionTokens: 5 },
  ],
  [
    'start of a stream of a message',
    { type: 'message_start', message: { usage: { input_tokens: 3, output_tokens: 1 } } },
    { promptTokens: 3 },
  ],
  [
    'response: the cache is in the input',
    { usage: { input_tokens: 15, input_tokens_details: { cached_tokens: 10 }, output_tokens: 5, total_tokens: 20 } },
    { promptTokens: 15, cachedTokens: 10, completionTokens: 5, totalTokens: 20 },
  ],
  [
    'end of a stream of a response',
    { type: 'response.completed', response: { usage: { input_tokens: 3, output_tokens: 5 } } },
    { promptTokens: 3 },
  ],
  ['no usage', { type: 'ping', usage: null }, NO_FIGURES],
])('%s', (_title, data, figures) => {
  expect(figuresIn(data)).toMatchObject(figures);
});

test('end of a stream of a message has the output only -> the input of its start stays', () => {
  const start = figuresIn({ message: { usage: { input_tokens: 3, output_tokens: 1 } } });
  expect(figuresIn({ type: 'message_delta', usage: { output_tokens: 9 } }, start)).toMatchObject({ promptTokens: 3, completionTokens: 9 });
});
