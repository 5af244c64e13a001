// The limits of a key for the requests of its program (ADR 0047): a whole scheduler, a scripted node, and official clients.
import Anthropic, { RateLimitError as AnthropicRateLimit } from '@anthropic-ai/sdk';
import OpenAI, { RateLimitError } from 'openai';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { AuditEntry, KeyView } from '../../src/shared/api/members';
import type { Usage } from '../../src/shared/api/usage';
import { bearer, sendRequest } from '../support/http-api';
import { accept, chatOutput, chatTask, readyNode, submission, succeed } from '../support/job-pool';
import type { TestNode } from '../support/test-node';
import { until } from '../support/until';
import { useKeyedScheduler } from '../support/use-keyed-scheduler';
import { WAIT_LIMIT_MS } from '../support/within';

const pool = useKeyedScheduler();
let node: TestNode;
beforeEach(async () => {
  node = await joinNode();
});
afterEach(() => {
  node.close();
});

const joinNode = async (): Promise<TestNode> =>
  readyNode(pool.scheduler.url, { max_concurrent_jobs: 8 }, bearer((await pool.invite()).key));

const makeKey = (limits: object) => pool.post<{ id: string; key: string }>('/api/v1/keys', { name: 'program', limits });
const keyOf = async (id: string): Promise<KeyView | undefined> =>
  (await pool.get<{ keys: KeyView[] }>('/api/v1/keys')).keys.find((key) => key.id === id);
/** The tokens of today of the only key, which its limits, the usage of the pool and the metrics count alike. */
async function countedOf(id: string): Promise<{ readonly tokens: number; readonly estimated: number }> {
  const { total } = await pool.get<Usage>(`/api/v1/usage?key=${id}`);
  const tokens = total.prompt_tokens + total.output_tokens;
  const metrics = (await sendRequest(pool.scheduler.port, { path: '/metrics' })).text;
  const metric = (type: string): number => {
    const samples = metrics.matchAll(new RegExp(`^muster_tokens_total\\{model="[^"]*",type="${type}"\\} (\\d+)$`, 'gmu'));
    return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
  };
  expect([metric('prompt'), metric('cached'), metric('output')]).toEqual([total.prompt_tokens, total.cached_tokens, total.output_tokens]);
  expect((await keyOf(id))?.use?.tokens_today).toBe(tokens);
  return { tokens, estimated: total.estimated };
}
const clientOf = (apiKey: string, maxRetries = 0) =>
  new OpenAI({ baseURL: `${pool.scheduler.url}/v1`, apiKey, maxRetries, timeout: WAIT_LIMIT_MS });

/** With the name of its role, 404 characters: 101 tokens. */
const PROMPT = 'x'.repeat(400);
const ANSWER = 'y'.repeat(300);
const CHAT = { model: 'llm-a', messages: [{ role: 'user' as const, content: PROMPT }], max_tokens: 500 };
const TOKENS = { prompt_tokens: 110, completion_tokens: 60 };

/** The node answers the next job. */
async function answer(timings: object | null = TOKENS): Promise<void> {
  const { job_id, attempt, trace_id } = await node.until('job_assign');
  accept(node, { job_id, attempt });
  const times = timings === null ? {} : { timings };
  const result = { success: true, output: chatOutput(ANSWER), processing_time_ms: 5, trace_id, ...times };
  node.send({ type: 'job_result', job_id, attempt, node_id: node.nodeId, ...result });
}

const rateHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit-')).map(([name, value]) => [name.slice(12), value]));

const refusalOf = async (request: Promise<unknown>): Promise<RateLimitError> => {
  const error: unknown = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RateLimitError)) throw new Error(`not refused: ${String(error)}`);
  return error;
};

it('requests per minute: headers on each answer; over it -> 429 with the limit, the use and the wait', async () => {
  const { key } = await makeKey({ requests_per_minute: 2 });
  const client = clientOf(key);
  for (const remaining of ['1', '0']) {
    const request = client.chat.completions.create(CHAT).withResponse();
    await answer();
    expect(rateHeaders((await request).response.headers)).toEqual({
      'limit-requests': '2',
      'remaining-requests': remaining,
      'reset-requests': remaining === '1' ? '30s' : '1m0s',
    });
  }
  const refused = await refusalOf(client.chat.completions.create(CHAT));
  expect(refused.message).toContain('2 requests per minute, 2 used; try again in 30s');
  expect(refused).toMatchObject({ status: 429, code: 'limit_reached', type: 'rate_limit_error' });
  expect(refused.error).toMatchObject({ muster: { limit: 'requests_per_minute', max: 2, found: 2, retry_after_seconds: 30 } });
  expect([refused.headers.get('retry-after'), refused.headers.get('x-should-retry')]).toEqual(['30', null]);
  expect(rateHeaders(refused.headers)).toEqual({ 'limit-requests': '2', 'remaining-requests': '0', 'reset-requests': '1m0s' });
  // A request that cannot be translated, and an estimate, become no job and do not count.
  for (const [path, body, status] of [
    ['/v1/messages', { ...CHAT, messages: [{ role: 'user', content: [{ type: 'container_upload' }] }] }, 400],
    ['/v1/messages/count_tokens', CHAT, 200],
  ] as const) {
    const post = { method: 'POST', path, body, headers: bearer(key) };
    const { status: found, headers } = await sendRequest(pool.scheduler.port, post);
    expect([path, found, headers]).toMatchObject([
      path,
      status,
      { 'x-ratelimit-limit-requests': '2', 'x-ratelimit-remaining-requests': '0' },
    ]);
  }
  // Requests that run no model do not count.
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['llm-a', 'auto']);
});

/** 20 requests per minute. */
const RETRY_AFTER_MS = 3000;
it("OpenAI's client over the limit -> waits for Retry-After, then succeeds", async () => {
  const { key } = await makeKey({ requests_per_minute: 20 });
  const client = clientOf(key, 1);
  for (let i = 0; i < 20; i++) {
    const request = client.chat.completions.create(CHAT);
    await answer();
    await request;
  }
  let waits = 0;
  const realTimer = globalThis.setTimeout;
  const timers = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => {
    timers.mockRestore();
  });
  // The wait of the client passes on the clock of the scheduler.
  timers.mockImplementation(((callback: () => void, delayMs = 0, ...values: unknown[]) => {
    if (delayMs !== RETRY_AFTER_MS) return realTimer(callback, delayMs, ...values);
    waits++;
    pool.scheduler.clock.advance(delayMs);
    return realTimer(callback, 0);
  }) as typeof setTimeout);
  const request = client.chat.completions.create(CHAT);
  await answer();
  expect((await request).choices[0]?.message.content).toBe(ANSWER);
  expect(waits).toBe(1);
});

it('tokens per minute: the estimate is reserved, and corrected by the tokens that the node measured', async () => {
  const { id, key } = await makeKey({ tokens_per_minute: 1000 });
  const client = clientOf(key);
  const first = client.chat.completions.create(CHAT).withResponse();
  await until('the first request', async () => (await keyOf(id))?.use?.at_once === 1);
  const refused = await refusalOf(client.chat.completions.create(CHAT));
  expect(refused.error).toMatchObject({ muster: { limit: 'tokens_per_minute', max: 1000, found: 601, reserved: 601 } });
  expect(rateHeaders(refused.headers)).toEqual({ 'limit-tokens': '1000', 'remaining-tokens': '399', 'reset-tokens': '37s' });
  await answer();
  await first;
  expect((await keyOf(id))?.use).toEqual({ at_once: 0, tokens_today: 170, tokens_reserved: 0 });
  const second = client.chat.completions.create(CHAT).withResponse();
  await answer(null);
  expect(rateHeaders((await second).response.headers)).toMatchObject({ 'remaining-tokens': '229' });
  // A node that reports nothing: the size of prompt and answer.
  expect(await countedOf(id)).toEqual({ tokens: 170 + 101 + 75, estimated: 1 });
});

it('stream whose client leaves -> the tokens that it has got; a job that no node ran -> none', async () => {
  const { id, key } = await makeKey({ max_at_once: 1 });
  const client = clientOf(key);
  const stream = await (async () => {
    const opened = client.chat.completions.create({ ...CHAT, stream: true });
    const { job_id, attempt } = await node.until('job_assign');
    accept(node, { job_id, attempt });
    const data = { id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'z'.repeat(80) } }] };
    node.send({ type: 'job_chunk', job_id, attempt, seq: 0, data });
    return opened;
  })();
  for await (const chunk of stream) {
    expect(chunk.choices[0]?.delta.content).toHaveLength(80);
    break;
  }
  stream.controller.abort();
  await node.until('job_cancel');
  await until('the end', async () => (await keyOf(id))?.use?.at_once === 0);
  expect(await countedOf(id)).toEqual({ tokens: 101 + 20, estimated: 1 });

  const waiting = await sendRequest(pool.scheduler.port, {
    method: 'POST',
    path: '/api/v1/jobs',
    body: submission({ task: chatTask('hi', 'no-such-model') }),
    headers: bearer(key),
  });
  const { job_id } = waiting.json() as { job_id: string };
  expect((await keyOf(id))?.use?.at_once).toBe(1);
  await sendRequest(pool.scheduler.port, { method: 'DELETE', path: `/api/v1/jobs/${job_id}`, headers: bearer(key) });
  expect((await keyOf(id))?.use).toEqual({ at_once: 0, tokens_today: 121, tokens_reserved: 0 });
});

it('requests at once: 429 in the form of each client API, and of the own API', async () => {
  const { key } = await makeKey({ max_at_once: 1, tokens_per_day: 100_000 });
  const client = clientOf(key);
  const open = client.chat.completions.create(CHAT);
  const assigned = await node.until('job_assign');
  accept(node, assigned);
  const muster = { limit: 'max_at_once', max: 1, found: 1, reserved: 0, retry_after_seconds: 1 };
  expect((await refusalOf(client.chat.completions.create(CHAT))).error).toMatchObject({ muster });
  expect((await refusalOf(client.responses.create({ model: 'llm-a', input: 'hi', background: true }))).error).toMatchObject({ muster });

  const claude = new Anthropic({ baseURL: pool.scheduler.url, authToken: key, apiKey: null, maxRetries: 0, timeout: WAIT_LIMIT_MS });
  const message = claude.messages.create({ ...CHAT, max_tokens: 10 }).catch((error: unknown) => error);
  const refused = (await message) as AnthropicRateLimit;
  expect(refused).toBeInstanceOf(AnthropicRateLimit);
  expect(refused.error).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
  expect([refused.headers.get('retry-after'), refused.headers.get('x-ratelimit-limit-tokens')]).toEqual(['1', '100000']);

  const post = (path: string, body: object) => sendRequest(pool.scheduler.port, { method: 'POST', path, body, headers: bearer(key) });
  const chat = await post('/api/chat', { model: 'llm-a', messages: CHAT.messages });
  expect([chat.status, chat.headers['retry-after'], chat.json()]).toEqual([
    429,
    '1',
    { error: expect.stringContaining('1 request at once, 1 open; try again in 1s') as string },
  ]);
  const job = await post('/api/v1/jobs', submission());
  expect([job.status, job.headers['retry-after'], job.headers['x-ratelimit-limit-tokens']]).toEqual([429, '1', '100000']);
  const text = 'this key has reached a limit: 1 request at once, 1 open; try again in 1s';
  expect(job.json()).toMatchObject({ error: { code: 'LIMIT_REACHED', message: text, details: muster } });
  expect(pool.scheduler.log.of('limit_reached')).toMatchObject([{ limit: 'key_max_at_once' }]);
  succeed(node, assigned);
  await open;
});

it('tokens per day: kept by a restart, refused without a retry by the client; the next day in UTC starts again', async () => {
  const { id, key } = await makeKey({ tokens_per_day: 700 });
  const request = clientOf(key).chat.completions.create(CHAT);
  await answer();
  await request;
  const { port } = pool.scheduler;
  await pool.scheduler.stop();
  await pool.start(port);
  expect((await keyOf(id))?.use).toEqual({ at_once: 0, tokens_today: 170, tokens_reserved: 0 });
  const post = () =>
    sendRequest(port, {
      method: 'POST',
      path: '/api/v1/jobs',
      body: submission({ task: { ...chatTask(), body: CHAT } }),
      headers: bearer(key),
    });
  node = await joinNode();
  const refused = await refusalOf(clientOf(key, 2).chat.completions.create(CHAT));
  const midnightMs = Math.ceil(pool.scheduler.clock.wallMs() / 86_400_000) * 86_400_000;
  const seconds = Math.ceil((midnightMs - pool.scheduler.clock.wallMs()) / 1000);
  expect([refused.headers.get('retry-after'), refused.headers.get('x-should-retry')]).toEqual([String(seconds), 'false']);
  expect(refused.error).toMatchObject({ muster: { limit: 'tokens_per_day', max: 700, found: 170 } });
  expect((await post()).status).toBe(429);
  pool.scheduler.clock.advance(seconds * 1000);
  expect((await post()).status).toBe(202);
});

it('limits changed later -> the same key, an entry in the audit log; a revoked key does not change', async () => {
  const { id, key } = await makeKey({ requests_per_minute: 1, max_queued: 5 });
  const update = (body: object, secret?: string) =>
    sendRequest(pool.scheduler.port, {
      method: 'PUT',
      path: `/api/v1/keys/${id}`,
      body,
      headers: secret === undefined ? {} : bearer(secret),
    });
  expect((await update({ limits: { requests_per_minute: 2 } }, key)).status).toBe(403);
  expect((await update({ limits: { tokens_per_day: 0 } })).json()).toMatchObject({
    error: { code: 'INVALID_REQUEST', details: { field: 'limits.tokens_per_day' } },
  });
  const updated = await update({ models: ['llm-a'], expires_in_seconds: 3600, limits: { requests_per_minute: null, tokens_per_day: 900 } });
  expect(updated.json()).toMatchObject({
    id,
    models: ['llm-a'],
    expires_at: pool.scheduler.clock.wallMs() + 3_600_000,
    limits: { requests_per_minute: null, tokens_per_day: 900, max_queued: 5 },
    use: { at_once: 0, tokens_today: 0 },
  });
  const request = clientOf(key).chat.completions.create(CHAT).withResponse();
  await answer();
  expect(rateHeaders((await request).response.headers)).toMatchObject({ 'limit-tokens': '900' });
  const { entries } = await pool.get<{ entries: AuditEntry[] }>('/api/v1/audit?limit=1');
  expect(entries).toMatchObject([{ who: 'owner', action: 'key.update', target: id }]);
  expect((await update({ expires_in_seconds: null })).json()).toMatchObject({ expires_at: null, models: ['llm-a'] });

  await sendRequest(pool.scheduler.port, { method: 'DELETE', path: `/api/v1/keys/${id}` });
  const late = await update({ models: null });
  expect([late.status, late.json()]).toMatchObject([409, { error: { code: 'INVALID_STATE', details: { reason: 'key_revoked' } } }]);
});

it.each([
  ['high', {}, 10],
  ['low', {}, -10],
  ['high, above its maximum', { max_priority: 4 }, 4],
])('priority class %s -> requests without a priority of their own get it', async (name, limits, priority) => {
  const { key } = await makeKey({ priority: name.split(',')[0], ...limits });
  const submit = async (change: object): Promise<number> => {
    const body = submission(change);
    const answered = await sendRequest(pool.scheduler.port, { method: 'POST', path: '/api/v1/jobs', body, headers: bearer(key) });
    const { job_id } = answered.json() as { job_id: string };
    return (await pool.get<{ priority: number }>(`/api/v1/jobs/${job_id}`)).priority;
  };
  expect([await submit({}), await submit({ priority: -20 })]).toEqual([priority, -20]);
  void clientOf(key)
    .chat.completions.create(CHAT)
    .catch(() => null);
  const job = await until('the request', async () => {
    const { jobs } = await pool.get<{ jobs: { interactive?: boolean; priority: number }[] }>('/api/v1/jobs');
    return jobs.find(({ interactive }) => interactive === true);
  });
  expect(job.priority).toBe(priority);
});
