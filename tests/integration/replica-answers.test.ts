// Answers of client APIs through replicas: a client at one, a node at another, and a leader that decides.
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { accept, chatOutput, readyNode, succeed } from '../support/job-pool';
import { startLeader, startReplica, type TestReplica, whenLed } from '../support/replicated-scheduler';
import { TestNode } from '../support/test-node';
import { temporaryDir, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

let network: InProcessNetwork;
let folder: ReturnType<typeof temporaryDir>;
let leader: TestScheduler;
let clients: TestReplica;
let nodes: TestReplica;

beforeEach(async () => {
  [network, folder] = [new InProcessNetwork(), temporaryDir()];
  leader = await startLeader(network, 1, { databaseFile: databaseIn(folder.dir) });
  [clients, nodes] = [await startReplica(network), await startReplica(network)];
  for (const replica of [clients, nodes]) await whenLed(replica);
});
afterEach(async () => {
  for (const replica of [clients, nodes]) await replica.close();
  await leader.stop();
  folder.remove();
});

const databaseIn = (dir: string): string => path.join(dir, 'scheduler.db');

const CHAT = { model: 'llm-a', messages: [{ role: 'user', content: 'hello' }] };

const post = (url: string, path: string, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-client-request-id': 'c1' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });

const chunkOf = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });

type Assign = Awaited<ReturnType<typeof assigned>>;
async function assigned(node: TestNode) {
  const assign = await node.until('job_assign');
  accept(node, assign);
  return assign;
}

function chunk(node: TestNode, { job_id, attempt }: Assign, seq: number): void {
  node.send({ type: 'job_chunk', job_id, attempt, seq, data: chunkOf(`${String(seq)} `) });
}

/** The texts of the events of a stream. */
async function textOf(response: Response): Promise<string> {
  const events = (await response.text()).split('\n\n').filter((line) => line.startsWith('data: {'));
  return events.map((line) => (JSON.parse(line.slice(6)) as ReturnType<typeof chunkOf>).choices[0]?.delta.content ?? '').join('');
}

const counted = (count: number): string => Array.from({ length: count }, (_, seq) => `${String(seq)} `).join('');

test('a whole answer -> as from a scheduler alone, translated too', async () => {
  const node = await readyNode(nodes.url, { node_id: 'mine' });
  const answer = post(clients.url, '/v1/chat/completions', CHAT);
  succeed(node, await assigned(node), chatOutput('hello'));
  const response = await answer;
  expect([response.status, await response.json()]).toEqual([200, chatOutput('hello').body]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-muster-node': 'mine',
    'x-muster-model': 'llm-a',
    'x-client-request-id': 'c1',
    'x-content-type-options': 'nosniff',
  });
  const message = post(clients.url, '/v1/messages', { ...CHAT, max_tokens: 9 });
  succeed(node, await assigned(node), chatOutput('hi'));
  expect(await (await message).json()).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'hi' }] });
  const refused = await post(clients.url, '/v1/chat/completions', { ...CHAT, model: 'none' });
  expect([refused.status, await refused.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
});

test('a stored response is continued, also through another replica', async () => {
  const node = await readyNode(clients.url, { node_id: 'mine' });
  const answer = post(clients.url, '/v1/responses', { model: 'llm-a', input: 'hello' });
  succeed(node, await assigned(node), chatOutput('hi'));
  const { id } = (await (await answer).json()) as { readonly id: string };
  await until('the leader keeps the response', async () => (await fetch(`${nodes.url}/v1/responses/${id}`)).ok);
  const next = post(nodes.url, '/v1/responses', { model: 'llm-a', input: 'go on', previous_response_id: id });
  const assign = await assigned(node);
  expect(assign.task).toMatchObject({ body: { messages: [{ content: 'hello' }, { content: 'hi' }, { content: 'go on' }] } });
  succeed(node, assign, chatOutput('more'));
  expect((await next).status).toBe(200);
});

test('a stream -> the chunks do not pass the leader; the leader knows how far it is', async () => {
  const node = await readyNode(nodes.url, { node_id: 'mine' });
  const answer = post(clients.url, '/v1/chat/completions', { ...CHAT, stream: true });
  const assign = await assigned(node);
  for (let seq = 0; seq < 50; seq++) chunk(node, assign, seq);
  const response = await answer;
  const jobs = async () => (await (await fetch(`${leader.url}/api/v1/jobs`)).json()) as { readonly jobs: readonly object[] };
  await until('the progress', async () => JSON.stringify((await jobs()).jobs).includes('"tokens":50'));
  succeed(node, assign, { status: 200, body: null, chunks: 50 });
  expect(await textOf(response)).toBe(counted(50));
  expect(response.headers.get('x-muster-node')).toBe('mine');
  expect((await jobs()).jobs).toMatchObject([{ status: 'succeeded' }]);
});

test('the leader changes, and the node of a long stream goes to another replica without its first chunks -> the stream is whole', async () => {
  const node = await readyNode(nodes.url, { node_id: 'mine' });
  const answer = post(clients.url, '/v1/chat/completions', { ...CHAT, stream: true });
  const assign = await assigned(node);
  for (let seq = 0; seq < 10; seq++) chunk(node, assign, seq);
  const response = await answer;
  await leader.stop();
  await nodes.close();
  leader = await startLeader(network, 2, { databaseFile: databaseIn(folder.dir) });
  await until('a channel to the new leader', () => clients.link.channel?.epoch === 2);
  const { job_id, attempt } = assign;
  const { node_token } = node.ack;
  const again = await TestNode.registered(clients.url, { node_id: 'mine', node_token, active_jobs: [{ job_id, attempt }] });
  for (let seq = 5; seq < 20; seq++) chunk(again, assign, seq);
  succeed(again, assign, { status: 200, body: null, chunks: 20 });
  expect(await textOf(response)).toBe(counted(20));
});

test('the client leaves -> the node stops', async () => {
  const node = await readyNode(nodes.url, { node_id: 'mine' });
  const client = new AbortController();
  const answer = post(clients.url, '/v1/chat/completions', { ...CHAT, stream: true }, client.signal);
  const assign = await assigned(node);
  chunk(node, assign, 0);
  await answer;
  client.abort();
  expect(await node.until('job_cancel')).toMatchObject({ job_id: assign.job_id, reason: 'client_gone' });
});
