import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HttpApi, httpApi, RECONNECT } from '../../../../src/renderer/api/http-api';
import type { AppListener } from '../../../../src/shared/api/app-api';
import type { AppEvent } from '../../../../src/shared/api/app-state';
import { MAX_SILENCE_MS } from '../../../../src/shared/event-stream';
import { appState } from '../../../fixtures/app-states/states';

const BASE = 'http://127.0.0.1:7080/api/v1/app/';
const snapshot: AppEvent = { type: 'snapshot', state: appState({ agent: null }) };

/** A fake program: each request gets the next answer and is recorded. */
function program() {
  const requests: { url: string; method: string; headers: Record<string, string>; body: unknown }[] = [];
  /** Per request: whether it outlives its page. */
  const keptAlive: (boolean | undefined)[] = [];
  const answers: (() => Response | Promise<Response>)[] = [];
  const fetch = async (input: URL | RequestInfo, init: RequestInit = {}): Promise<Response> => {
    keptAlive.push(init.keepalive);
    requests.push({
      url: input instanceof Request ? input.url : input.toString(),
      method: init.method ?? 'GET',
      headers: init.headers as Record<string, string>,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    });
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('fetch failed');
    return answer();
  };
  return { requests, keptAlive, answers, fetch };
}

const json = (status: number, body: unknown) => (): Response => new Response(JSON.stringify(body), { status });

/** A stream that stays open until `end`. */
function stream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (made) => void (controller = made) });
  return {
    answer: (): Response => new Response(body, { status: 200, headers: { 'content-type': 'text/event-stream' } }),
    send: (...events: unknown[]) => controller?.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(events)}\n\n`)),
    end: () => controller?.close(),
  };
}

function listen(api: HttpApi) {
  const received: string[] = [];
  const listener: AppListener = {
    onEvents: (events) => received.push(...events.map(({ type }) => type)),
    onConnection: (state) => received.push(state),
  };
  return { received, stop: api.subscribe(listener) };
}

let token: string | null = null;
const apiOf = (fetch: typeof globalThis.fetch): HttpApi =>
  httpApi({ baseUrl: BASE, fetch, random: () => 0.999, token: { get: () => token, set: (value) => void (token = value) } });

beforeEach(() => {
  token = null;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** Runs pending promises, and timers up to `ms`. */
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('HTTP: operation', () => {
  test('small -> outlives its page; large -> does not, because browsers limit the bytes of all such requests', async () => {
    const { keptAlive, fetch } = program();
    const api = apiOf(fetch);
    await api.call('join.leave', {});
    await api.call('pool.tag_node', { node_id: 'n', tags: Array.from({ length: 2000 }, (_, index) => `tag-${String(index)}`) });
    expect(keptAlive).toEqual([true, false]);
  });

  test('POST with params as JSON and the token', async () => {
    const { requests, answers, fetch } = program();
    answers.push(json(200, { ok: true, value: {} }));
    token = 's3cret';
    const outcome = await apiOf(fetch).call('agent.pause', { until_ms: null, running_jobs: 'finish' });
    expect(outcome).toEqual({ ok: true, value: {} });
    expect(requests).toEqual([
      {
        url: `${BASE}agent.pause`,
        method: 'POST',
        headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json' },
        body: { until_ms: null, running_jobs: 'finish' },
      },
    ]);
  });

  test.each([
    [
      'error of the program -> its code and details',
      json(409, { error: { code: 'INVALID_STATE', message: 'm', details: { reason: 'not_drained' } } }),
      { code: 'INVALID_STATE', message: 'm', details: { reason: 'not_drained' } },
    ],
    ['error of another server -> its HTTP status', json(502, { nginx: true }), { code: 'HTTP_502', message: '', details: null }],
    [
      'result of another shape -> INVALID_MESSAGE with the field',
      json(200, { ok: true, value: { since: 1, reasons: { model_not_available: { count: -1, examples: [] } } } }),
      { code: 'INVALID_MESSAGE', details: { field: 'reasons.model_not_available.count' } },
    ],
    ['not JSON -> DISCONNECTED', () => new Response('<html>'), { code: 'DISCONNECTED' }],
    ['no response -> DISCONNECTED', () => Promise.reject(new TypeError('fetch failed')), { code: 'DISCONNECTED' }],
  ])('failure: %s', async (_name, answer, error) => {
    const { answers, fetch } = program();
    answers.push(answer);
    expect(await apiOf(fetch).call('pool.exclusions', {})).toMatchObject({ ok: false, error });
  });
});

describe('HTTP: events', () => {
  test('in order after the connection opened', async () => {
    const { answers, fetch } = program();
    const wire = stream();
    answers.push(wire.answer);
    const { received, stop } = listen(apiOf(fetch));
    await settle();
    wire.send(snapshot);
    wire.send({ type: 'agent', agent: null });
    await settle();
    expect(received).toEqual(['connecting', 'open', 'snapshot', 'agent']);
    stop();
  });

  test('stream ended -> lost, then a new stream that resumes nothing', async () => {
    const { requests, answers, fetch } = program();
    const [first, second] = [stream(), stream()];
    answers.push(first.answer, second.answer);
    const { received, stop } = listen(apiOf(fetch));
    await settle();
    first.send(snapshot);
    await settle();
    first.end();
    await settle();
    expect(received.at(-1)).toBe('lost');
    await settle(RECONNECT.firstMs);
    second.send(snapshot);
    await settle();
    expect(received).toEqual(['connecting', 'open', 'snapshot', 'lost', 'open', 'snapshot']);
    expect(requests.map(({ headers }) => headers)).toEqual(Array(2).fill({ accept: 'text/event-stream' }));
    stop();
  });

  test('unreadable event -> lost, then a new stream', async () => {
    const { answers, fetch } = program();
    const [first, second] = [stream(), stream()];
    answers.push(first.answer, second.answer);
    const { received, stop } = listen(apiOf(fetch));
    await settle();
    first.send(snapshot);
    first.send({ type: 'agent', agent: { nonsense: true } });
    await settle(RECONNECT.firstMs);
    expect(received).toEqual(['connecting', 'open', 'snapshot', 'lost', 'open']);
    stop();
  });

  test('no server -> retried with backoff until unsubscribed', async () => {
    const { requests, fetch } = program();
    const { received, stop } = listen(apiOf(fetch));
    await settle(2 * 60_000);
    const tries = requests.length;
    expect(received.slice(0, 3)).toEqual(['connecting', 'lost', 'lost']);
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(2 + 6 + 120_000 / (RECONNECT.maxMs / 2));
    stop();
    await settle(60_000);
    expect(requests.length).toBe(tries);
  });

  test.each<[string, unknown, readonly (string | null)[]]>([
    ['names the leader', { leader: 'muster-b:7080' }, ['muster-b:7080']],
    ['knows no leader', { leader: null }, [null]],
    ['details of another shape', { leader: 7 }, [null]],
  ])('503 of a scheduler that does not lead, %s -> lost with the leader', async (_title, details, expected) => {
    const { answers, fetch } = program();
    answers.push(json(503, { error: { code: 'NOT_LEADER', message: '', details } }));
    const leaders: unknown[] = [];
    const stop = apiOf(fetch).subscribe({
      onEvents: () => undefined,
      onConnection: (state, ...leader) => state === 'lost' && leaders.push(...leader),
    });
    await vi.advanceTimersByTimeAsync(0);
    stop();
    expect(leaders).toEqual(expected);
  });

  test.each<[string, () => Response]>([
    ['another code', json(503, { error: { code: 'OVERLOADED', message: '', details: null } })],
    ['no JSON', () => new Response('busy', { status: 503 })],
  ])('503 with %s -> lost without a leader', async (_title, answer) => {
    const { answers, fetch } = program();
    answers.push(answer);
    const changes: unknown[] = [];
    const stop = apiOf(fetch).subscribe({ onEvents: () => undefined, onConnection: (...change) => changes.push(change) });
    await vi.advanceTimersByTimeAsync(0);
    stop();
    expect(changes).toEqual([['connecting'], ['lost']]);
  });

  test('stream silent for too long -> lost, then a new stream', async () => {
    const { requests, answers, fetch } = program();
    answers.push(stream().answer, stream().answer);
    const { received, stop } = listen(apiOf(fetch));
    await settle();
    await settle(MAX_SILENCE_MS + RECONNECT.firstMs);
    expect([requests.length, received]).toEqual([2, ['connecting', 'open', 'lost', 'open']]);
    stop();
  });

  test('401 -> unauthorized, no retry; token set -> opened at once', async () => {
    const { requests, answers, fetch } = program();
    answers.push(json(401, {}));
    const api = apiOf(fetch);
    const { received, stop } = listen(api);
    await settle(60_000);
    expect([received, requests.length]).toEqual([['connecting', 'unauthorized'], 1]);
    answers.push(stream().answer);
    api.setToken('s3cret', 'tab');
    await settle();
    expect([received.slice(2), requests[1]?.headers['authorization']]).toEqual([['connecting', 'open'], 'Bearer s3cret']);
    stop();
  });

  test.each([
    ['key that may not see the dashboard -> forbidden', { error: { code: 'FORBIDDEN', message: '', details: null } }, 'forbidden'],
    ['key revoked -> unauthorized', { error: { code: 'REVOKED', message: '', details: null } }, 'unauthorized'],
    ['answer of another server -> unauthorized', 'Forbidden', 'unauthorized'],
  ])('403 of the stream, %s, no retry', async (_what, body, expected) => {
    const { requests, answers, fetch } = program();
    answers.push(json(403, body));
    const { received, stop } = listen(apiOf(fetch));
    await settle(60_000);
    expect([received, requests.length]).toEqual([['connecting', expected], 1]);
    stop();
  });

  test('token that no header can contain -> sent without a token, so the program refuses', async () => {
    const { requests, answers, fetch } = program();
    token = '令牌';
    answers.push(json(401, {}));
    const { received, stop } = listen(apiOf(fetch));
    await settle();
    expect([received, requests[0]?.headers['authorization']]).toEqual([['connecting', 'unauthorized'], undefined]);
    stop();
  });

  test.each([
    ['key not valid any more -> stream closed, unauthorized', 401, 'UNAUTHORIZED', ['connecting', 'open', 'unauthorized']],
    ['key revoked -> stream closed, unauthorized', 403, 'REVOKED', ['connecting', 'open', 'unauthorized']],
    ['role does not allow the operation -> stream stays', 403, 'FORBIDDEN', ['connecting', 'open']],
  ] as const)('operation fails: %s', async (_what, status, code, expected) => {
    const { answers, fetch } = program();
    answers.push(stream().answer, json(status, { error: { code, message: '', details: null } }));
    const api = apiOf(fetch);
    const { received, stop } = listen(api);
    await settle();
    expect(await api.call('host.stop', {})).toMatchObject({ ok: false, error: { code } });
    expect(received).toEqual(expected);
    stop();
  });
});
