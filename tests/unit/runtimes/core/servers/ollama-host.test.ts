// `OLLAMA_HOST` as Ollama's client parses it.
import { expect, test } from 'vitest';
import { ollamaHost } from '../../../../../src/main/runtimes/core/servers/ollama-host';

test.each([
  [undefined, null],
  ['', null],
  ['  ', null],
  [':11500', 'http://127.0.0.1:11500'],
  ['127.0.0.1', 'http://127.0.0.1:11434'],
  ['127.0.0.1:11500', 'http://127.0.0.1:11500'],
  [' "localhost:1" ', 'http://127.0.0.1:1'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['0.0.0.0:80', 'http://127.0.0.1:80'],
  ['[::]:11500', 'http://127.0.0.1:11500'],
  ['::1', 'http://127.0.0.1:11434'],
  ['[::1]', 'http://127.0.0.1:11434'],
  ['[::1]:5', 'http://127.0.0.1:5'],
  ['fd12::7', 'http://[fd12::7]:11434'],
  ['[fd12::7]:5', 'http://[fd12::7]:5'],
  ['gpu-2', 'http://gpu-2:11434'],
  ['gpu-2:99999', 'http://gpu-2:11434'],
  ['gpu-2:x', 'http://gpu-2:11434'],
  ['http://gpu-2', 'http://gpu-2:80'],
  ['HTTPS://gpu-2', 'HTTPS://gpu-2:443'],
  ['http://gpu-2:5/path', 'http://gpu-2:5'],
])('ollamaHost: %j -> %s', (variable, expected) => {
  expect(ollamaHost(variable)?.url ?? null).toBe(expected);
});
