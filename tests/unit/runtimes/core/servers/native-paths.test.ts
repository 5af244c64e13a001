// Which versions of model servers have the Messages and the Responses API.
import { expect, test } from 'vitest';
import { nativePathsOf } from '../../../../../src/main/runtimes/core/servers/native-paths';

const MESSAGES = '/v1/messages';
const COUNT = '/v1/messages/count_tokens';
const RESPONSES = '/v1/responses';

test.each<readonly [Parameters<typeof nativePathsOf>[0], string | null, readonly string[]]>([
  ['ollama', '0.13.2', []],
  ['ollama', '0.13.3', [RESPONSES]],
  ['ollama', '0.14.0-rc1', [RESPONSES]],
  ['ollama', '0.14.0', [MESSAGES, RESPONSES]],
  ['ollama', '0.14', [MESSAGES, RESPONSES]],
  ['ollama', '1.0.0', [MESSAGES, RESPONSES]],
  ['ollama', '0.0.0', []],
  ['ollama', null, []],
  ['ollama', 'dev', []],
  ['llama.cpp', 'b8905-1a2b3c4d', []],
  ['llama.cpp', 'b8906-1a2b3c4d', [MESSAGES, COUNT, RESPONSES]],
  ['llama.cpp', 'b0-unknown', []],
  ['vllm', '0.9.2', []],
  ['vllm', '0.11.0', [RESPONSES]],
  ['vllm', '0.11.1rc3.dev12+g1234567', [RESPONSES]],
  ['vllm', '0.11.1', [MESSAGES, RESPONSES]],
  ['vllm', '0.11.2.dev1', [MESSAGES, RESPONSES]],
  ['vllm', '0.18.0', [MESSAGES, COUNT, RESPONSES]],
])('%s %s', (server, version, paths) => {
  expect(nativePathsOf(server, version)).toEqual(paths);
});
