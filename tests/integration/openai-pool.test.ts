// OpenAI's client library, a whole scheduler, and scripted nodes on real sockets.
import OpenAI, { APIError, RateLimitError } from 'openai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accept, beat, readyNode, submitted, succeed } from '../support/job-pool';
import { CHAT, chunkOf, errorOf } from '../support/openai-bench';
import { sendRequest } from '../support/http-api';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const QUEUE_TIMEOUT_MS = 5000;

let scheduler: TestScheduler;
let client: OpenAI;
let nodes: TestNode[];

beforeEach(async () => {
  nodes = [];
  scheduler = await startTestScheduler({
    scheduler: { openai: { busyTimeoutSeconds: 8, queueTimeoutSeconds: QUEUE_TIMEOUT_MS / 1000, modelAliases: [] } },
  });
  client = new OpenAI({ baseURL: `${scheduler.url}/v1`, apiKey: 'any', maxRetries: 0, timeout: WAIT_LIMIT_MS });
});
afterEach(async () => {
  for (const node of nodes) node.close();
  await scheduler.stop();
});

const join = async (change: Parameters<typeof readyNode>[1] = {}): Promise<TestNode> => {
  const node = await readyNode(scheduler.url, change);
  nodes.push(node);
  return node;
};

const aJobWaits = (): Promise<unknown> =>
  until('a job waits', async () => {
    const { jobs } = (await sendRequest(scheduler.port, { path: '/api/v1/jobs?status=queued' })).json() as {
      readonly jobs: readonly unknown[];
    };
    return jobs.length === 1;
  });

it('chat: node ready -> answered, model listed until the node leaves', async () => {
  const node = await join();
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['llm-a', 'auto']);
  const request = client.chat.completions.create(CHAT).withResponse();
  const assignment = await node.until('job_assign');
  expect(assignment.task).toEqual({ kind: 'openai', path: '/v1/chat/completions', body: CHAT });
  accept(node, assignment);
  succeed(node, assignment, { status: 200, body: { choices: [{ index: 0, message: { role: 'assistant', content: 'hi' } }] } });
  const { data, response } = await request;
  expect(data.choices[0]?.message.content).toBe('hi');
  expect(response.headers.get('x-muster-node')).toBe(node.nodeId);
  expect(response.headers.get('x-muster-job')).toBe(assignment.job_id);
  expect(response.headers.get('x-request-id')).toBe(assignment.trace_id);

  node.send({ type: 'node_unregister', node_id: node.nodeId });
  await until('the model to disappear from the list', async () => (await client.models.list()).data.length === 0);
  expect(await errorOf(client.chat.completions.create(CHAT))).toMatchObject({ status: 404, code: 'model_not_found' });
});

it('deep JSON: at the limit -> passed on in both directions', async () => {
  const node = await join();
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
  // The body itself is one level.
  const body = { ...CHAT, stream: true as const, metadata: deep(63) as never };
  const request = client.chat.completions.create(body);
  const assignment = await node.until('job_assign');
  expect(assignment.task).toEqual({ kind: 'openai', path: '/v1/chat/completions', body });
  accept(node, assignment);
  node.send({ type: 'job_chunk', job_id: assignment.job_id, attempt: 1, seq: 0, data: { ...chunkOf('one'), deep: deep(63) } });
  succeed(node, assignment, { status: 200, body: null, chunks: 2, events: [chunkOf('one'), { ...chunkOf('two'), deep: deep(63) }] });
  const words: unknown[] = [];
  for await (const { choices } of await request) words.push(choices[0]?.delta.content);
  expect(words).toEqual(['one', 'two']);
});

it('stream: client disconnects -> node gets job_cancel', async () => {
  const node = await join();
  const request = client.chat.completions.create({ ...CHAT, stream: true });
  const { job_id, attempt } = await node.until('job_assign');
  accept(node, { job_id, attempt });
  node.send({ type: 'job_chunk', job_id, attempt, seq: 0, data: chunkOf('one') });
  const stream = await request;
  for await (const chunk of stream) {
    expect(chunk.choices[0]?.delta.content).toBe('one');
    stream.controller.abort();
  }
  expect(await node.until('job_cancel')).toMatchObject({ job_id, attempt, reason: 'client_gone' });
});

it('lost node: before the first chunk -> other node; after the first chunk -> error', async () => {
  const first = await join();
  const request = client.chat.completions.create({ ...CHAT, stream: true }).withResponse();
  accept(first, await first.until('job_assign'));
  const second = await join();
  first.send({ type: 'node_unregister', node_id: first.nodeId });
  const again = await second.until('job_assign');
  expect(again.attempt).toBe(2);
  accept(second, again);
  second.send({ type: 'job_chunk', job_id: again.job_id, attempt: 2, seq: 0, data: chunkOf('one') });
  const { data, response } = await request;
  expect(response.headers.get('x-muster-node')).toBe(second.nodeId);

  const third = await join();
  const error = await errorOf(
    (async () => {
      for await (const _chunk of data) second.send({ type: 'node_unregister', node_id: second.nodeId });
    })(),
  );
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ code: 'stream_broken', error: { muster: { reason: 'attempt_lost' } } });
  await beat(third);
  expect(third.received.filter(({ type }) => type === 'job_assign')).toEqual([]);
  const job = (await sendRequest(scheduler.port, { path: `/api/v1/jobs/${again.job_id}` })).json();
  expect(job).toMatchObject({ status: 'cancelled', attempt: 2, error: { message: 'attempt_lost' } });
});

it('queue timeout: node full all the time -> 429, no repetition', async () => {
  const node = await join({ max_concurrent_jobs: 1 });
  await submitted(scheduler.port);
  await node.until('job_assign');
  const request = errorOf(client.chat.completions.create(CHAT));
  await aJobWaits();
  scheduler.clock.advance(QUEUE_TIMEOUT_MS + 1000);
  const error = await request;
  expect(error).toBeInstanceOf(RateLimitError);
  expect(error).toMatchObject({
    code: 'pool_full',
    error: { muster: { reasons: { capacity_exceeded: { count: 1, examples: [node.nodeId] } } } },
  });
  expect(error.headers?.get('x-should-retry')).toBe('false');
});

it('queue timeout: model ready on no node -> 503', async () => {
  await join({
    installed_models: [
      { model_id: 'llm-a', kind: 'llm', version: '1' },
      { model_id: 'llm-b', kind: 'llm', version: '1', enabled: true },
    ],
  }).then(async (node) => {
    await beat(node, 1, { capability_state: { 'llm-a': 'ready', 'llm-b': 'downloading' } });
  });
  const request = errorOf(client.chat.completions.create({ ...CHAT, model: 'llm-b' }));
  await aJobWaits();
  scheduler.clock.advance(QUEUE_TIMEOUT_MS + 1000);
  expect(await request).toMatchObject({ status: 503, code: 'model_not_ready', param: 'model' });
});

it('scheduler stops: request waits -> client and node informed, clean end', async () => {
  await join();
  const request = errorOf(client.chat.completions.create(CHAT));
  await until('a node to get the job', () => nodes[0]?.received.some(({ type }) => type === 'job_assign'));
  await scheduler.stop();
  expect(await request).toMatchObject({ status: 503, code: 'scheduler_stopping' });
  await until('the job_cancel', () =>
    nodes[0]?.received.some((message) => message.type === 'job_cancel' && message.reason === 'scheduler_stopping'),
  );
  scheduler = await startTestScheduler();
});
