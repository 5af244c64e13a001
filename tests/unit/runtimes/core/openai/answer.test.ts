// Whether a status is a fault of the request, which is the job's result, or of the runtime, which is retryable.
import { describe, expect, test } from 'vitest';
import { answerOutcome, type AnswerBody, parseBody } from '../../../../../src/main/runtimes/core/openai/answer';
import type { OpenAiPath } from '../../../../../src/shared/protocol/task-kinds';

const json = (value: unknown): AnswerBody => ({ kind: 'json', value });
const bytes = (text: string): AnswerBody => ({ kind: 'bytes', base64: () => Buffer.from(text).toString('base64'), text: () => text });
const unreadable = (text: string): AnswerBody => ({ kind: 'unreadable', text: () => text });
const outcome = (status: number, body: AnswerBody, type = 'application/json') => answerOutcome(status, type, body, 100);

describe('answerOutcome: success', () => {
  test('JSON -> body unchanged', () => {
    expect(outcome(200, json({ a: [1] }))).toEqual({ success: true, output: { status: 200, body: { a: [1] } } });
  });

  test.each([
    ['audio/wav', 'audio/wav'],
    ['', 'application/octet-stream'],
  ])('type "%s" -> base64', (type, sent) => {
    expect(outcome(200, bytes('RIFF'), type)).toEqual({ success: true, output: { status: 200, content_type: sent, base64: 'UklGRg==' } });
  });

  test('base64 too large -> output_too_large, not retryable', () => {
    expect(outcome(200, bytes('x'.repeat(90)), 'audio/wav')).toMatchObject({
      error: { code: 'output_too_large', details: { retryable: false } },
    });
  });

  test('not JSON -> unreadable_answer, retryable', () => {
    expect(outcome(200, unreadable('<html>'))).toMatchObject({
      error: { code: 'unreadable_answer', details: { retryable: true, runtime_message: '<html>' } },
    });
  });
});

test('answerOutcome: nested too deep -> output_too_deep, not retryable', () => {
  expect(outcome(200, { kind: 'too_deep', text: () => '' })).toMatchObject({
    error: { code: 'output_too_deep', details: { retryable: false } },
  });
});

test.each([429, 503])('answerOutcome: status %i with Retry-After -> retry_after_seconds', (status) => {
  expect(answerOutcome(status, '', json({}), 100, 77)).toMatchObject({ error: { details: { retry_after_seconds: 77 } } });
});

describe('answerOutcome: fault of the request', () => {
  test.each([400, 402, 413, 415, 422])('status %i -> result of the job', (status) => {
    const body = { error: { message: 'context too long', type: 'invalid_request_error' } };
    expect(outcome(status, json(body))).toEqual({ success: true, output: { status, body } });
  });

  test('not JSON -> format of OpenAI’s errors', () => {
    expect(outcome(400, bytes('bad audio'), 'text/plain')).toEqual({
      success: true,
      output: { status: 400, body: { error: { message: 'bad audio', type: 'invalid_request_error', param: null, code: null } } },
    });
    expect(outcome(400, unreadable(''))).toMatchObject({ output: { body: { error: { message: 'HTTP status 400' } } } });
  });
});

describe('answerOutcome: fault of the runtime', () => {
  test.each([
    [401, 'runtime_unauthorized'],
    [403, 'runtime_unauthorized'],
    [404, 'runtime_http_404'],
    [405, 'runtime_http_405'],
    [408, 'runtime_http_408'],
    [429, 'runtime_http_429'],
    [302, 'runtime_http_302'],
    [500, 'runtime_http_500'],
    [503, 'runtime_http_503'],
  ])('status %i -> %s, retryable', (status, code) => {
    expect(outcome(status, json({ error: 'x' }))).toMatchObject({
      success: false,
      error: { code, details: { retryable: true, status, runtime_message: 'x' } },
    });
  });

  test.each<[unknown, string | null]>([
    ['text', 'text'],
    [{ error: { message: 'nested' } }, 'nested'],
    [{ message: 'm' }, 'm'],
    [{ error: 'y'.repeat(2000) }, 'y'.repeat(1000)],
    [{ detail: 'other' }, null],
    [null, null],
  ])('runtime message kept for the submitter: %j', (value, message) => {
    expect(outcome(500, json(value))).toMatchObject({ error: { details: { runtime_message: message } } });
  });

  test('runtime message not in the error message, which may be logged', () => {
    const failed = outcome(500, json({ error: 'the prompt was: secret' }));
    expect(failed.success ? '' : failed.error.message).not.toContain('secret');
  });
});

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
])('parseBody: %s with the type "%s" and the body %s', (path, type, text, expected) => {
  const body = parseBody(Buffer.from(text), type, path);
  const content = body.kind === 'json' ? JSON.stringify(body.value) : body.text();
  expect(`${body.kind} ${content}`).toBe(expected);
});
