// Whose fault a status is: the request's, which ends the job, or this runtime's, which is worth another try.
import { describe, expect, test } from 'vitest';
import { answerOutcome, type Body } from '../../../../../src/main/runtimes/core/openai/outcome';

const json = (value: unknown): Body => ({ kind: 'json', value });
const bytes = (text: string): Body => ({ kind: 'bytes', base64: () => Buffer.from(text).toString('base64'), text: () => text });
const unreadable = (text: string): Body => ({ kind: 'unreadable', text: () => text });
const outcome = (status: number, body: Body, type = 'application/json') => answerOutcome(status, type, body, 100);

describe('success', () => {
  test('with JSON is passed on as it is', () => {
    expect(outcome(200, json({ a: [1] }))).toEqual({ success: true, output: { status: 200, body: { a: [1] } } });
  });

  test.each([
    ['audio/wav', 'audio/wav'],
    ['', 'application/octet-stream'],
  ])('of type "%s" is passed on in base64', (type, sent) => {
    expect(outcome(200, bytes('RIFF'), type)).toEqual({ success: true, output: { status: 200, content_type: sent, base64: 'UklGRg==' } });
  });

  test('in base64 larger than may be sent is refused, for every node', () => {
    expect(outcome(200, bytes('x'.repeat(90)), 'audio/wav')).toMatchObject({
      error: { code: 'output_too_large', details: { retryable: false } },
    });
  });

  test('that should be JSON and is none is worth another try', () => {
    expect(outcome(200, unreadable('<html>'))).toMatchObject({
      error: { code: 'unreadable_answer', details: { retryable: true, runtime_message: '<html>' } },
    });
  });
});

test('success that is nested too deep is final: it would be so on every node', () => {
  expect(outcome(200, { kind: 'too_deep', text: () => '' })).toMatchObject({
    error: { code: 'output_too_deep', details: { retryable: false } },
  });
});

test.each([429, 503])('%i tells when the runtime wants to be asked again', (status) => {
  expect(answerOutcome(status, '', json({}), 100, 77)).toMatchObject({ error: { details: { retry_after_seconds: 77 } } });
});

describe('a fault of the request', () => {
  test.each([400, 402, 413, 415, 422])('%i is the answer', (status) => {
    const body = { error: { message: 'context too long', type: 'invalid_request_error' } };
    expect(outcome(status, json(body))).toEqual({ success: true, output: { status, body } });
  });

  test('without JSON is put into the shape of OpenAI’s errors', () => {
    expect(outcome(400, bytes('bad audio'), 'text/plain')).toEqual({
      success: true,
      output: { status: 400, body: { error: { message: 'bad audio', type: 'invalid_request_error', param: null, code: null } } },
    });
    expect(outcome(400, unreadable(''))).toMatchObject({ output: { body: { error: { message: 'HTTP status 400' } } } });
  });
});

describe('a fault of the runtime', () => {
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
  ])('%i is %s, worth another try', (status, code) => {
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
  ])('keeps the runtime’s words for the submitter: %j', (value, message) => {
    expect(outcome(500, json(value))).toMatchObject({ error: { details: { runtime_message: message } } });
  });

  test('says nothing of them in its own message, which may be logged', () => {
    const failed = outcome(500, json({ error: 'the prompt was: secret' }));
    expect(failed.success ? '' : failed.error.message).not.toContain('secret');
  });
});
