// The request for the number of tokens, and the event that the client did not request.
import { expect, test } from 'vitest';
import { bodyWithUsage, withoutUsage } from '../../../../../src/main/runtimes/core/openai/usage-event';
import { RUNTIME_TYPES } from '../../../../../src/shared/api/agent-view';
import type { OpenAiTask } from '../../../../../src/shared/protocol/tasks';

const CHAT = '/v1/chat/completions';
const body = (fields: object = {}): OpenAiTask['body'] => ({ model: 'm', stream: true, ...fields });
const added = (path: OpenAiTask['path'], given: OpenAiTask['body'], server: Parameters<typeof bodyWithUsage>[1] = 'ollama') =>
  bodyWithUsage({ kind: 'openai', path, body: given }, server)?.['stream_options'] ?? null;

test('usage: requested from servers that are known to accept it', () => {
  expect(RUNTIME_TYPES.filter((type) => added(CHAT, body(), type) !== null)).toEqual(['ollama', 'vllm', 'lm-studio']);
  expect(bodyWithUsage({ kind: 'openai', path: CHAT, body: body({ seed: 1 }) }, 'vllm')).toEqual(
    body({ seed: 1, stream_options: { include_usage: true } }),
  );
});

test.each<readonly [string, OpenAiTask['path'], OpenAiTask['body'], unknown]>([
  ['completion', '/v1/completions', body(), { include_usage: true }],
  ['client refuses usage', CHAT, body({ stream_options: { include_usage: false } }), { include_usage: true }],
  ['other options of the client', CHAT, body({ stream_options: { x: 1 } }), { x: 1, include_usage: true }],
  ['client requests usage -> unchanged', CHAT, body({ stream_options: { include_usage: true } }), null],
  ['invalid options -> unchanged', CHAT, body({ stream_options: 'x' }), null],
  ['list as options -> unchanged', CHAT, body({ stream_options: [] }), null],
  ['no stream -> unchanged', CHAT, body({ stream: false }), null],
  ['another path -> unchanged', '/v1/audio/transcriptions', body(), null],
])('usage: %s', (_title, path, given, expected) => {
  expect(added(path, given)).toEqual(expected);
});

test('event with the usage only -> not for the client; another event -> without an empty usage', () => {
  const usage = { prompt_tokens: 1 };
  const event = { choices: [{ index: 0, delta: { content: 'a' } }] };
  expect(withoutUsage({ id: 'c', choices: [], usage })).toBeNull();
  expect(withoutUsage({ ...event, usage: null })).toEqual(event);
  expect(withoutUsage({ ...event, usage })).toEqual({ ...event, usage });
  expect(withoutUsage(event)).toBe(event);
});
