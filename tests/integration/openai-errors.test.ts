// Errors as OpenAI's own client library gets them: classes, codes, params and Retry-After.
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SubmitFailure } from '../../src/main/scheduler/jobs/jobs-port';
import { sendRequest } from '../support/http-api';
import type { MemoryJob } from '../support/memory-jobs';
import { CHAT, errorOf, MAX_BODY_BYTES, OpenAiBench } from '../support/openai-bench';
import { WAIT_LIMIT_MS } from '../support/within';

const formOf = (fields: Readonly<Record<string, string | Blob>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};

/** Repeats a request twice where it may. */
const defaultClient = (): OpenAI => new OpenAI({ baseURL: `http://127.0.0.1:${String(bench.port)}/v1`, apiKey: 'any' });

let bench: OpenAiBench;
beforeEach(async () => {
  bench = await OpenAiBench.open();
});
afterEach(async () => {
  await bench.close();
});

it.each([false, true])('job that ended and was stored before its client could follow it, stream %s -> its error', async (stream) => {
  bench.jobs.onSubmit = (job) => {
    job.end('failed', { code: 'broke', message: 'it broke', details: null });
  };
  const error = await errorOf(bench.client.chat.completions.create({ ...CHAT, stream }));
  expect(error).toMatchObject({ status: 502, code: 'job_failed', error: { muster: { error_code: 'broke' } } });
});

describe('error', () => {
  const busy = { node_id: 'node-1', excluded: [{ filter: 'capacity', code: 'capacity_exceeded' as const, wanted: 1, found: 0 }] };
  const notReady = { node_id: 'node-2', excluded: [{ filter: 'models', code: 'model_not_available' as const, wanted: 'x', found: 'y' }] };

  it('model that no node has -> 404 at once', async () => {
    const error = await errorOf(bench.client.chat.completions.create({ ...CHAT, model: 'llm-z' }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect(bench.jobs.all).toEqual([]);
  });

  it.each([
    ['voice', 'voice accepts command', ['command']],
    ['mute', 'mute accepts no requests', []],
  ])('model %s that takes no such request anywhere -> 400 at once', async (model, words, tasks) => {
    const error = await errorOf(bench.client.chat.completions.create({ ...CHAT, model }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({
      code: 'unsupported_model',
      param: 'model',
      error: { muster: { model, path: '/v1/chat/completions', tasks } },
    });
    expect(error.message).toContain(words);
    expect(error.headers?.get('x-should-retry')).toBe('false');
    expect(bench.jobs.all).toEqual([]);
  });

  it.each([
    ['every node is full', [busy, notReady], 429, 'pool_full', null, { capacity_exceeded: { count: 1, examples: ['node-1'] } }],
    ['model ready on no node', [notReady], 503, 'model_not_ready', '15', { model_not_available: { count: 1, examples: ['node-2'] } }],
  ])('queue timeout because %s -> no repetition', async (_why, nodes, status, code, retryAfter, reasons) => {
    bench.explanation = nodes;
    const request = errorOf(bench.client.chat.completions.create(CHAT));
    (await bench.theJob()).end('expired', { code: 'queue_timeout', message: '', details: null });
    const error = await request;
    expect(error).toMatchObject({ status, code, error: { muster: { reasons } } });
    expect(error.headers?.get('retry-after')).toBe(retryAfter);
    expect(error.headers?.get('x-should-retry')).toBe('false');
    expect(error.headers?.get('x-muster-job')).toBe('job-1');
  });

  it('full queue -> 429', async () => {
    bench.jobs.refusal = { code: 'QUEUE_FULL', limit: 10, queued: 10 };
    const error = await errorOf(bench.client.chat.completions.create(CHAT));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ code: 'queue_full', error: { muster: { limit: 10, queued: 10 } } });
    expect(error.headers?.get('retry-after')).toBe('5');
  });

  it('full disk -> 503', async () => {
    bench.jobs.refusal = { code: 'STORAGE_FULL', details: { limit_mb: 1 } };
    expect(await errorOf(bench.client.chat.completions.create(CHAT))).toMatchObject({ status: 503, code: 'storage_full' });
  });

  it.each([[false], [true]])('runtime refuses the request -> passed on unchanged (stream %s)', async (stream) => {
    const request = errorOf(bench.client.chat.completions.create({ ...CHAT, stream }));
    const job = await bench.theJob();
    job.run('node-3');
    job.succeed({
      status: 400,
      body: { error: { message: 'too long', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' } },
    });
    const error = await request;
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
    expect(error.headers?.get('x-muster-node')).toBe('node-3');
  });

  it.each<readonly [string, string, number, (job: MemoryJob) => void]>([
    [
      'runtime_busy with a Retry-After of an hour',
      'runtime_busy',
      429,
      (job) => {
        job.end('failed', { code: 'runtime_http_429', message: 'busy', details: { retryable: true, retry_after_seconds: 3600 } });
      },
    ],
    [
      'job_failed with a Retry-After of an hour',
      'job_failed',
      502,
      (job) => {
        job.end('failed', { code: 'runtime_http_503', message: 'loading', details: { retryable: true, retry_after_seconds: 3600 } });
      },
    ],
    [
      'cancelled job',
      'job_cancelled',
      503,
      (job) => {
        job.end('cancelled', { code: 'cancelled', message: 'operator', details: null });
      },
    ],
  ])('%s -> the client with its default settings gives up at once', async (_what, code, status, end) => {
    const request = errorOf(defaultClient().chat.completions.create(CHAT));
    end(await bench.theJob());
    const startMs = performance.now();
    expect(await request).toMatchObject({ status, code });
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(bench.jobs.all).toHaveLength(1);
  });

  it.each<readonly [string, SubmitFailure]>([
    ['storage_full', { code: 'STORAGE_FULL', details: { limit_mb: 1 } }],
    ['queue_full', { code: 'QUEUE_FULL', limit: 10, queued: 10 }],
  ])('%s at submission -> the client with its default settings gives up within 15 s', async (code, refusal) => {
    bench.jobs.refusal = refusal;
    const startMs = performance.now();
    expect(await errorOf(defaultClient().chat.completions.create(CHAT))).toMatchObject({ code });
    expect(performance.now() - startMs).toBeLessThan(15_000);
  });

  it('pool has retried often enough -> client does not retry', async () => {
    const eager = new OpenAI({
      baseURL: `http://127.0.0.1:${String(bench.port)}/v1`,
      apiKey: 'any',
      maxRetries: 5,
      timeout: WAIT_LIMIT_MS,
    });
    const request = errorOf(eager.chat.completions.create(CHAT));
    const job = await bench.theJob();
    job.run();
    job.end('failed', { code: 'runtime_unreachable', message: 'it is gone', details: { retryable: true } });
    expect(await request).toMatchObject({
      status: 502,
      code: 'job_failed',
      error: { muster: { error_code: 'runtime_unreachable', attempts: 1 } },
    });
    expect(bench.jobs.all).toHaveLength(1);
  });

  it.each([
    [{}, 'model'],
    [{ model: 'llm-a' }, 'messages'],
    [{ model: 'llm-a', messages: [] }, 'messages'],
    [{ model: 'llm-a', messages: [{}] }, 'messages[0].role'],
    [{ ...CHAT, stream: 'yes' }, 'stream'],
  ])('body %j -> 400 with the field', async (body, param) => {
    const error = await errorOf(bench.client.chat.completions.create(body as never));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
  });

  it.each<[string, FormData, string, string]>([
    ['no file', formOf({ model: 'llm-a' }), 'file', 'a file part is required'],
    ['text in place of a file', formOf({ model: 'llm-a', file: 'sound' }), 'file', 'a file part is required'],
    ['an empty file', formOf({ model: 'llm-a', file: new Blob([]) }), 'file', 'the file is empty'],
    ['no model', formOf({ file: new Blob(['sound']) }), 'model', ''],
  ])('form with %s -> 400 with the field', async (_what, body, param, words) => {
    const answer = await fetch(`http://127.0.0.1:${String(bench.port)}/v1/audio/transcriptions`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(WAIT_LIMIT_MS),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { param, message: expect.stringContaining(words) as string } },
    ]);
  });

  it.each([
    ['not JSON', '{', 400, 'invalid_request'],
    ['too deep', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 400, 'invalid_request'],
    ['too large', `"${'x'.repeat(MAX_BODY_BYTES)}"`, 413, 'payload_too_large'],
  ])('body that is %s -> shape of OpenAI', async (_what, body, status, code) => {
    const answer = await sendRequest(bench.port, {
      method: 'POST',
      path: '/v1/chat/completions',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.json()]).toEqual([
      status,
      { error: expect.objectContaining({ code, type: 'invalid_request_error' }) as unknown },
    ]);
  });

  it.each([
    ['GET', '/v1/chat/completions', 405, 'method_not_allowed'],
    ['GET', '/v1/nothing', 404, 'unknown_url'],
    ['POST', '/v1/files', 404, 'unknown_url'],
  ])('%s %s -> shape of OpenAI', async (method, path, status, code) => {
    const answer = await sendRequest(bench.port, { method, path });
    expect([answer.status, answer.json()]).toEqual([status, { error: expect.objectContaining({ code }) as unknown }]);
    expect(answer.headers['x-request-id']).toMatch(/^req_/);
  });

  it.each([
    ['POST', '/v1/audio/nothing', 404, 'unknown_url'],
    ['PUT', '/v1/audio/transcriptions', 405, 'method_not_allowed'],
    ['PUT', '/v1/chat/completions', 405, 'method_not_allowed'],
  ])('%s %s -> error about the path, not the body', async (method, path, status, code) => {
    for (const type of ['multipart/form-data; boundary=b', 'application/json', 'text/plain']) {
      const answer = await sendRequest(bench.port, {
        method,
        path,
        body: 'x'.repeat(10 * MAX_BODY_BYTES),
        headers: { 'content-type': type },
      });
      expect([answer.status, answer.json()]).toMatchObject([status, { error: { code } }]);
    }
  });

  it.each([
    ['an undecodable path', '/v1/models/%zz', 400, 'invalid_request'],
    ['a model id that is too long', `/v1/models/${'x'.repeat(5000)}`, 404, 'model_not_found'],
    ['an absolute target', 'http://127.0.0.1/v1/models/none', 404, 'model_not_found'],
  ])('%s -> request id in the head', async (_what, path, status, code) => {
    const answer = await sendRequest(bench.port, { path, headers: { 'x-request-id': 'mine-2' } });
    expect([answer.status, answer.json()]).toMatchObject([status, { error: { code } }]);
    expect(answer.headers['x-request-id']).toBe('mine-2');
  });

  it.each([
    ['another content type', 'application/json', '{}', 'content-type'],
    ['an unknown content type', 'text/plain', 'words', 'content-type'],
    ['no form', 'multipart/form-data; boundary=b', 'nonsense', null],
    ['no file', 'multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nllm-a\r\n--b--\r\n', 'file'],
    [
      'too many parts',
      'multipart/form-data; boundary=b',
      `${'--b\r\nContent-Disposition: form-data; name="x[]"\r\n\r\ny\r\n'.repeat(65)}--b--\r\n`,
      null,
    ],
  ])('transcription of %s -> 400 with the reason', async (_what, type, body, param) => {
    const answer = await sendRequest(bench.port, {
      method: 'POST',
      path: '/v1/audio/transcriptions',
      body,
      headers: { 'content-type': type },
    });
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: expect.objectContaining({ param, type: 'invalid_request_error' }) as unknown },
    ]);
    if (param === 'content-type') expect(answer.text).toContain('multipart/form-data is required');
  });
});

it('token required -> 401 in the shape of OpenAI', async () => {
  await bench.close();
  bench = await OpenAiBench.open('0.0.0.0', 'the-submit-token');
  expect(await errorOf(bench.client.chat.completions.create(CHAT))).toBeInstanceOf(AuthenticationError);
  const knowing = new OpenAI({
    baseURL: `http://127.0.0.1:${String(bench.port)}/v1`,
    apiKey: 'the-submit-token',
    maxRetries: 0,
    timeout: WAIT_LIMIT_MS,
  });
  expect((await knowing.models.list()).data.map(({ id }) => id)).toEqual(['llm-a', 'auto']);
  for (const path of ['/v1/models/%zz', '/v1/files', 'http://127.0.0.1/v1/models']) {
    const answer = await sendRequest(bench.port, { method: 'POST', path, body: 'x' });
    expect([answer.status, answer.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }]);
  }
});
