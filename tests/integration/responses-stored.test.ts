// Stored responses, with OpenAI's client library against a whole scheduler and scripted nodes: retrieve, continue on another node, delete,
// background, cancel. Each is visible to the key that made it only.
import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { bearer, sendRequest } from '../support/http-api';
import { accept, chatOutput, jobOf, readyNode, submitted, succeed } from '../support/job-pool';
import { errorOf } from '../support/openai-bench';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const HOUR_MS = 3_600_000;
const QUESTION = { model: 'llm-a', input: 'first?' };

let scheduler: TestScheduler;
let client: OpenAI;
let nodes: TestNode[];
beforeEach(async () => {
  nodes = [];
  scheduler = await startTestScheduler();
  client = clientOf('any');
});
afterEach(async () => {
  for (const node of nodes) node.close();
  await scheduler.stop();
});

const clientOf = (apiKey: string): OpenAI => new OpenAI({ baseURL: `${scheduler.url}/v1`, apiKey, maxRetries: 0, timeout: WAIT_LIMIT_MS });
const newKey = async (name: string): Promise<{ readonly id: string; readonly key: string }> =>
  (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name, roles: ['client'] } })).json() as {
    id: string;
    key: string;
  };

async function join(change: Parameters<typeof readyNode>[1] = {}): Promise<TestNode> {
  const node = await readyNode(scheduler.url, change);
  nodes.push(node);
  return node;
}

async function assigned(node: TestNode): Promise<JobAssign & { readonly body: Record<string, unknown>; readonly path: string }> {
  const assignment = await node.until('job_assign');
  accept(node, assignment);
  const { task } = assignment;
  if (task.kind !== 'openai') throw new Error('a command was assigned');
  return { ...assignment, body: task.body, path: task.path };
}

/** The node answers the next job with this text. */
async function answers(node: TestNode, text: string): Promise<Record<string, unknown>> {
  const assignment = await assigned(node);
  succeed(node, assignment, chatOutput(text));
  return assignment.body;
}

async function created(node: TestNode, text: string, change: object = {}): Promise<OpenAI.Responses.Response> {
  const request = client.responses.create({ ...QUESTION, ...change });
  await answers(node, text);
  return request;
}

it('response: retrieved, its input listed, deleted -> unknown', async () => {
  const node = await join();
  const made = await created(node, 'one', {
    input: [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ],
    metadata: { k: 'v' },
  });
  expect(made).toMatchObject({ object: 'response', status: 'completed', output_text: 'one', metadata: { k: 'v' }, store: true });
  expect(await client.responses.retrieve(made.id, { include: ['reasoning.encrypted_content'] })).toMatchObject({
    id: made.id,
    output_text: 'one',
  });
  const items: unknown[] = [];
  for await (const item of client.responses.inputItems.list(made.id, { order: 'asc', limit: 1 })) items.push(item);
  expect(items).toMatchObject([
    { type: 'message', content: [{ type: 'input_text', text: 'a' }] },
    { type: 'message', content: [{ type: 'input_text', text: 'b' }] },
  ]);
  const streamed = await errorOf(client.responses.retrieve(made.id, { stream: true }));
  expect(streamed).toBeInstanceOf(BadRequestError);
  expect(streamed).toMatchObject({ param: 'stream' });
  await client.responses.delete(made.id);
  for (const gone of [client.responses.retrieve(made.id), client.responses.delete(made.id), client.responses.cancel(made.id)]) {
    const error = await errorOf(gone);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ status: 404, code: 'response_not_found' });
  }
});

it('previous_response_id: on another node -> it gets the whole conversation; the response of a stream, too', async () => {
  const first = await join();
  const one = await created(first, 'one', { instructions: 'only for the first' });
  first.send({ type: 'node_unregister', node_id: first.nodeId });
  const second = await join();
  const stream = client.responses.stream({ model: 'llm-a', input: 'second?', previous_response_id: one.id });
  const { job_id, attempt, body, trace_id } = await assigned(second);
  const before = [
    { role: 'user', content: 'first?' },
    { role: 'assistant', content: 'one' },
  ];
  expect(body['messages']).toEqual([...before, { role: 'user', content: 'second?' }]);
  const chunk = (delta: object, finish: string | null) => ({ choices: [{ index: 0, delta, finish_reason: finish }] });
  const chunks = [chunk({ content: 'two' }, null), chunk({}, 'stop')];
  for (const [seq, data] of chunks.entries()) second.send({ type: 'job_chunk', job_id, attempt, seq, data });
  succeed(second, { job_id, attempt, trace_id }, { status: 200, body: null, chunks: chunks.length });
  const two = await stream.finalResponse();
  expect(two).toMatchObject({ output_text: 'two', previous_response_id: one.id });

  await client.responses.delete(one.id);
  const item = { type: 'item_reference' as const, id: two.output[0]?.id ?? '' };
  const third = client.responses.create({
    model: 'llm-a',
    input: [item, { role: 'user', content: 'third?' }],
    previous_response_id: two.id,
  });
  const messages = (await answers(second, 'three'))['messages'] as readonly { readonly content: unknown }[];
  expect(messages.map(({ content }) => content)).toEqual(['first?', 'one', 'second?', 'two', 'two', 'third?']);
  expect((await third).output_text).toBe('three');
});

it('native: the pool keeps the conversation -> the server gets all of it with store: false, the client ids of the pool', async () => {
  const tasks = ['/v1/chat/completions', '/v1/responses'];
  const node = await join({ installed_models: [{ model_id: 'llm-a', kind: 'llm', version: '1', tasks }] });
  const output = [
    {
      id: 'msg_server',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'one', annotations: [] }],
    },
  ];
  const answer = { status: 200, body: { id: 'resp_server', object: 'response', status: 'completed', model: 'm', output, store: false } };
  const request = client.responses.create({ ...QUESTION, top_p: 0.5 }).withResponse();
  const first = await assigned(node);
  expect([first.path, first.body]).toEqual(['/v1/responses', { ...QUESTION, top_p: 0.5, store: false }]);
  succeed(node, first, answer);
  const { data: one, response } = await request;
  expect(response.headers.get('x-muster-translated')).toBeNull();
  expect(one).toMatchObject({ output_text: 'one', store: true });
  expect(one.id).not.toBe('resp_server');
  const next = client.responses.create({ ...QUESTION, input: 'second?', previous_response_id: one.id });
  const second = await assigned(node);
  const said = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'first?' }] };
  const says = { ...said, content: [{ type: 'input_text', text: 'second?' }] };
  expect(second.body).toEqual({ model: 'llm-a', store: false, input: [said, ...output, says] });
  succeed(node, second, answer);
  expect((await next).previous_response_id).toBe(one.id);
});

it('store: false, an unknown or expired previous response -> 400 that names the field', async () => {
  const node = await join();
  const hidden = await created(node, 'one', { store: false });
  const kept = await created(node, 'two');
  expect(await errorOf(client.responses.retrieve(hidden.id))).toMatchObject({ status: 404 });
  scheduler.clock.advance(HOUR_MS);
  for (const id of [hidden.id, kept.id, 'resp_other']) {
    const error = await errorOf(client.responses.create({ ...QUESTION, previous_response_id: id }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ param: 'previous_response_id', code: 'previous_response_not_found' });
  }
});

it('another key -> knows nothing of a response; a revoked key -> its responses are forgotten', async () => {
  const [mine, other] = [await newKey('mine'), await newKey('other')];
  const node = await join();
  client = clientOf(mine.key);
  const made = await created(node, 'one');
  const foreign = clientOf(other.key);
  const asks = [foreign.responses.retrieve(made.id), foreign.responses.delete(made.id), foreign.responses.cancel(made.id)];
  for (const ask of asks) expect(await errorOf(ask)).toMatchObject({ status: 404 });
  expect(await errorOf(foreign.responses.create({ ...QUESTION, previous_response_id: made.id }))).toMatchObject({ status: 400 });
  expect((await client.responses.retrieve(made.id)).output_text).toBe('one');
  const running = await client.responses.create({ ...QUESTION, background: true });
  const { job_id: jobId } = await assigned(node);
  expect((await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/keys/${mine.id}` })).status).toBe(200);
  expect(await node.until('job_cancel')).toMatchObject({ job_id: jobId, reason: 'revoked' });
  expect((await sendRequest(scheduler.port, { path: `/v1/responses/${running.id}`, headers: bearer(mine.key) })).status).toBe(403);
});

it('background: outlives the connection, is retrieved in each state, and continued', async () => {
  const node = await join({ max_concurrent_jobs: 1 });
  await submitted(scheduler.port);
  const before = await assigned(node);
  const { data: made, response } = await client.responses.create({ ...QUESTION, background: true }).withResponse();
  expect(response.headers.get('x-muster-translated')).toBe('chat_completions');
  expect(made).toMatchObject({ status: 'queued', background: true, output: [] });
  expect((await client.responses.retrieve(made.id)).status).toBe('queued');
  const early = await errorOf(client.responses.create({ ...QUESTION, previous_response_id: made.id }));
  expect(early).toMatchObject({ code: 'previous_response_not_found' });
  succeed(node, before);
  const assignment = await assigned(node);
  expect(response.headers.get('x-muster-job')).toBe(assignment.job_id);
  await until('the response to run', async () => (await client.responses.retrieve(made.id)).status === 'in_progress');
  succeed(node, assignment, chatOutput('one'));
  await until('the response to end', async () => (await client.responses.retrieve(made.id)).status === 'completed');
  expect(await client.responses.retrieve(made.id)).toMatchObject({ output_text: 'one', background: true });
  expect(await client.responses.cancel(made.id)).toMatchObject({ status: 'completed' });
  await created(node, 'two', { previous_response_id: made.id });
});

it('background: cancelled or deleted -> the job is cancelled; failed -> the error; others cannot be cancelled', async () => {
  const node = await join();
  const first = await client.responses.create({ ...QUESTION, background: true });
  const assignment = await assigned(node);
  expect(await client.responses.cancel(first.id)).toMatchObject({ id: first.id, status: 'cancelled' });
  expect(await node.until('job_cancel')).toMatchObject({ job_id: assignment.job_id, reason: 'requested' });
  expect((await jobOf(scheduler.port, assignment.job_id)).status).toBe('cancelled');
  expect(await client.responses.cancel(first.id)).toMatchObject({ status: 'cancelled' });

  const second = await client.responses.create({ ...QUESTION, background: true });
  const other = await assigned(node);
  await client.responses.delete(second.id);
  expect(await node.until('job_cancel')).toMatchObject({ job_id: other.job_id });
  expect(await errorOf(client.responses.retrieve(second.id))).toMatchObject({ status: 404 });

  const third = await client.responses.create({ ...QUESTION, background: true });
  succeed(node, await assigned(node), { status: 400, body: { error: { message: 'too long' } } });
  const failed = await until('the response to fail', async () => {
    const response = await client.responses.retrieve(third.id);
    return response.status === 'failed' ? response : undefined;
  });
  expect(failed.error?.message).toContain('too long');

  const whole = await created(node, 'one');
  expect(await errorOf(client.responses.cancel(whole.id))).toMatchObject({ status: 400, param: 'response_id' });
  for (const [field, change] of [
    ['stream', { stream: true }],
    ['store', { store: false }],
  ] as const)
    expect(await errorOf(client.responses.create({ ...QUESTION, background: true, ...change }))).toMatchObject({
      status: 400,
      param: field,
    });
});
