// JSON is known by the path as well as by its content type, which small servers leave out.
import { expect, test } from 'vitest';
import { toBody } from '../../../../../src/main/runtimes/core/openai/answer-body';
import type { OpenAiPath } from '../../../../../src/shared/protocol/task-kinds';

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test.each<[OpenAiPath, string, string, string]>([
  ['/v1/chat/completions', 'application/json; charset=utf-8', '{"a":1}', 'json {"a":1}'],
  ['/v1/chat/completions', 'application/problem+json', '"no"', 'json "no"'],
  ['/v1/chat/completions', '', '{"a":1}', 'json {"a":1}'],
  ['/v1/embeddings', 'text/plain', '[1]', 'json [1]'],
  ['/v1/rerank', 'text/html', '<html>', 'unreadable <html>'],
  ['/v1/completions', '', '', 'unreadable '],
  ['/v1/completions', 'text/plain', '7', 'unreadable 7'],
  ['/v1/chat/completions', 'application/json', deep(64), `json ${deep(64)}`],
  ['/v1/chat/completions', 'application/json', deep(65), `too_deep ${deep(65)}`],
  ['/v1/audio/transcriptions', 'text/plain', deep(65), `bytes ${deep(65)}`],
  ['/v1/audio/transcriptions', 'text/plain', 'hello', 'bytes hello'],
  ['/v1/audio/transcriptions', 'text/plain', '7', 'bytes 7'],
  ['/v1/audio/transcriptions', '', '{"text":"a"}', 'json {"text":"a"}'],
  ['/v1/audio/transcriptions', 'application/json', 'hello', 'unreadable hello'],
  ['/v1/audio/speech', 'audio/wav', '{"a":1}', 'bytes {"a":1}'],
  ['/v1/audio/speech', 'application/json', '{"a":1}', 'json {"a":1}'],
])('%s with the type "%s" and the body %s', (path, type, text, expected) => {
  const body = toBody(Buffer.from(text), type, path);
  const content = body.kind === 'json' ? JSON.stringify(body.value) : body.text();
  expect(`${body.kind} ${content}`).toBe(expected);
});
