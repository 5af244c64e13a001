import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FIRST_RETRY_MS, type HttpApi, httpApi, LONGEST_RETRY_MS, SILENCE_MS } from '../../../../src/renderer/api/http-api';
import type { AppListener } from '../../../../src/shared/api/app-api';
import type { AppEvent } from '../../../../src/shared/api/app-state';
import { appState } from '../../../fixtures/app-states/states';

const BASE = 'http://127.0.0.1:7080/api/v1/app/';
const snapshot: AppEvent = { type: 'snapshot', state: appState({ agent: null }) };

/** A program on the other end: each request gets the next answer, and is kept. */
function program() {
  const requests: { url: string; method: string; headers: Record<string, string>; body: unknown }[] = [];
  const answers: (() => Response | Promise<Response>)[] = [];
  const fetch = async (input: URL | RequestInfo, init: RequestInit = {}): Promise<Response> => {
    requests.push({
      url: String(input),
      method: init.method ?? 'GET',
      headers: init.headers as Record<string, string>,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    });
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('fetch failed');
    return answer();
  };
  return { requests, answers, fetch };
}

const json = (status: number, body: unknown) => (): Response => new Response(JSON.stringify(body), { status });

/** A stream that stays open until told. */
function stream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (made) => void (controller = made) });
  return {
    answer: (): Response => new Response(body, { status: 200, headers: { 'content-type': 'text/event-stream' } }),
    send: (id: number, event: unknown) =>
      controller?.enqueue(new TextEncoder().encode(`id: ${String(id)}\ndata: ${JSON.stringify(event)}\n\n`)),
    end: () => controller?.close(),
  };
}

function listen(api: HttpApi) {
  const heard: string[] = [];
  const listener: AppListener = { onEvent: (event) => heard.push(event.type), onConnection: (state) => heard.push(state) };
  return { heard, stop: api.subscribe(listener) };
}

let token: string | null = null;
const apiOf = (fetch: typeof globalThis.fetch): HttpApi =>
  httpApi({ baseUrl: BASE, fetch, random: () => 0.999, token: { get: () => token, set: (value) => void (token = value) } });

beforeEach(() => {
  token = null;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** Lets what is under way settle without moving the clock far. */
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('an operation', () => {
  test('is a POST of its params as JSON, with the token when there is one', async () => {
    const { requests, answers, fetch } = program();
    answers.push(json(200, { ok: true, value: {} }));
    token = 's3cret';
    const outcome = await apiOf(fetch).call('agent.drain', { timeout_seconds: 60 });
    expect(outcome).toEqual({ ok: true, value: {} });
    expect(requests).toEqual([
      {
        url: `${BASE}agent.drain`,
        method: 'POST',
        headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json' },
        body: { timeout_seconds: 60 },
      },
    ]);
  });

  test.each([
    [
      'an error of the program is its code and details',
      json(409, { error: { code: 'INVALID_STATE', message: 'm', details: { reason: 'not_drained' } } }),
      { code: 'INVALID_STATE', message: 'm', details: { reason: 'not_drained' } },
    ],
    ['an error of something else is its HTTP status', json(502, { nginx: true }), { code: 'HTTP_502', message: '', details: null }],
    [
      'a result of another shape names its place',
      json(200, { ok: true, value: { since: 1, reasons: { model_not_available: { count: -1, examples: [] } } } }),
      { code: 'INVALID_MESSAGE', details: { field: 'reasons.model_not_available.count' } },
    ],
    ['what is no JSON is a lost way', () => new Response('<html>'), { code: 'DISCONNECTED' }],
    ['no answer is a lost way', () => Promise.reject(new TypeError('fetch failed')), { code: 'DISCONNECTED' }],
  ])('that fails: %s', async (_name, answer, error) => {
    const { answers, fetch } = program();
    answers.push(answer);
    expect(await apiOf(fetch).call('pool.exclusions', {})).toMatchObject({ ok: false, error });
  });
});

describe('events', () => {
  test('arrive in order once the way is open', async () => {
    const { answers, fetch } = program();
    const wire = stream();
    answers.push(wire.answer);
    const { heard, stop } = listen(apiOf(fetch));
    await settle();
    wire.send(1, snapshot);
    wire.send(2, { type: 'agent', agent: null });
    await settle();
    expect(heard).toEqual(['connecting', 'open', 'snapshot', 'agent']);
    stop();
  });

  test('are resumed after the last one when the stream ends, and the loss is told', async () => {
    const { requests, answers, fetch } = program();
    const [first, second] = [stream(), stream()];
    answers.push(first.answer, second.answer);
    const { heard, stop } = listen(apiOf(fetch));
    await settle();
    first.send(41, snapshot);
    await settle();
    first.end();
    await settle();
    expect(heard.at(-1)).toBe('lost');
    await settle(FIRST_RETRY_MS);
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '41']);
    expect(heard.slice(-2)).toEqual(['lost', 'open']);
    stop();
  });

  test('start again from a snapshot after one that cannot be read', async () => {
    const { requests, answers, fetch } = program();
    const [first, second] = [stream(), stream()];
    answers.push(first.answer, second.answer);
    const { heard, stop } = listen(apiOf(fetch));
    await settle();
    first.send(41, snapshot);
    first.send(42, { type: 'agent', agent: { nonsense: true } });
    await settle(FIRST_RETRY_MS);
    expect(heard).toEqual(['connecting', 'open', 'snapshot', 'lost', 'open']);
    expect(requests[1]?.headers['last-event-id']).toBeUndefined();
    stop();
  });

  test('are tried for ever with growing pauses while nobody answers, and not after the listener left', async () => {
    const { requests, fetch } = program();
    const { heard, stop } = listen(apiOf(fetch));
    await settle(2 * 60_000);
    const tries = requests.length;
    expect(heard.slice(0, 3)).toEqual(['connecting', 'lost', 'lost']);
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(2 + 6 + 120_000 / (LONGEST_RETRY_MS / 2));
    stop();
    await settle(60_000);
    expect(requests.length).toBe(tries);
  });

  test('that stay silent for too long are taken for dead and asked for again', async () => {
    const { requests, answers, fetch } = program();
    answers.push(stream().answer, stream().answer);
    const { heard, stop } = listen(apiOf(fetch));
    await settle();
    await settle(SILENCE_MS + FIRST_RETRY_MS);
    expect([requests.length, heard]).toEqual([2, ['connecting', 'open', 'lost', 'open']]);
    stop();
  });

  test('wait for a token where one is wanted, and open with it at once', async () => {
    const { requests, answers, fetch } = program();
    answers.push(json(401, {}));
    const api = apiOf(fetch);
    const { heard, stop } = listen(api);
    await settle(60_000);
    expect([heard, requests.length]).toEqual([['connecting', 'unauthorized'], 1]);
    answers.push(stream().answer);
    api.useToken('s3cret');
    await settle();
    expect([heard.slice(2), requests[1]?.headers['authorization']]).toEqual([['connecting', 'open'], 'Bearer s3cret']);
    stop();
  });

  test.each([
    ['no longer holds', 401, 'UNAUTHORIZED'],
    ['is for jobs alone', 403, 'FORBIDDEN'],
  ])('stop when an operation is told that the token %s', async (_what, status, code) => {
    const { answers, fetch } = program();
    answers.push(stream().answer, json(status, { error: { code, message: '', details: null } }));
    const api = apiOf(fetch);
    const { heard, stop } = listen(api);
    await settle();
    expect(await api.call('host.stop', {})).toMatchObject({ ok: false, error: { code } });
    expect(heard).toEqual(['connecting', 'open', 'unauthorized']);
    stop();
  });
});
