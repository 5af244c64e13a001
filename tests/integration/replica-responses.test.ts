// Responses that the pool keeps, and those that run in the background, when the leader changes: members over a bus in memory, and real schedulers.
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { accept, chatOutput, readyNode, succeed } from '../support/job-pool';
import { RenewingNode, type RunningJob } from '../support/renewing-node';
import { startLeader, startReplica, type TestReplica, whenLed } from '../support/replicated-scheduler';
import { temporaryDir, testConfig, type TestScheduler, type TestSchedulerOptions } from '../support/test-scheduler';
import { until } from '../support/until';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly output?: readonly object[];
}

let network: InProcessNetwork;
let folder: ReturnType<typeof temporaryDir>;
let leader: TestScheduler;
let epoch: number;
/** It leads first. */
let first: TestReplica;
/** It has the clients and the nodes, and leads next. */
let second: TestReplica;
let replicas: TestReplica[];
beforeEach(async () => {
  [network, folder, epoch, replicas] = [new InProcessNetwork(), temporaryDir(), 0, []];
  [first, second] = [await join(), await join()];
  await lead(first);
});
afterEach(async () => {
  for (const replica of replicas) await replica.close();
  await leader.stop();
  folder.remove();
});

async function join(): Promise<TestReplica> {
  const replica = await startReplica(network);
  replicas.push(replica);
  return replica;
}

async function lead(member: TestReplica, options: TestSchedulerOptions = {}): Promise<void> {
  leader = await startLeader(network, ++epoch, { ...options, databaseFile: path.join(folder.dir, 'scheduler.db') }, member.copies);
  for (const replica of replicas) await until('a channel to the leader', () => replica.link.channel?.epoch === epoch);
}

/** The term of the leader ends, and this member leads. */
async function takeOver(member: TestReplica, options: TestSchedulerOptions = {}): Promise<void> {
  await leader.stop();
  await lead(member, options);
}

const ask = async (method: string, target: string, body?: object): Promise<{ readonly status: number; readonly shown: Shown }> => {
  const answer = await sendRequest(second.port, { method, path: `/v1/responses${target}`, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, shown: answer.json() as Shown };
};
const statusOf = async (id: string): Promise<string> => (await ask('GET', `/${id}`)).shown.status;

async function assigned(node: RenewingNode): Promise<RunningJob & { readonly task: unknown }> {
  const job = await node.socket.until('job_assign');
  accept(node.socket, job);
  node.jobs.push(job);
  return job;
}

/** A response that the pool keeps, and that `member` has. */
async function kept(node: RenewingNode, member: TestReplica, change: object = {}): Promise<Shown> {
  const asked = ask('POST', '', { model: node.model, input: 'hello', ...change });
  node.succeed(await assigned(node), chatOutput('hi'));
  const { shown } = await asked;
  await until('the copy', () => member.copies.memory.entry(shown.id));
  return shown;
}

async function inBackground(node: RenewingNode): Promise<Shown> {
  const { status, shown } = await ask('POST', '', { model: node.model, input: 'hello', background: true });
  expect([status, ['queued', 'in_progress'].includes(shown.status)]).toEqual([200, true]);
  return shown;
}

test('kept response -> the next leader has it, continues it, and forgets it when asked', async () => {
  const node = await RenewingNode.start(second.url, 'mine');
  const made = await kept(node, second);
  await takeOver(second);
  expect((await ask('GET', `/${made.id}`)).shown).toEqual(made);
  expect((await ask('GET', `/${made.id}/input_items`)).shown).toMatchObject({ data: [{ content: [{ text: 'hello' }] }] });
  const next = ask('POST', '', { model: node.model, input: 'go on', previous_response_id: made.id });
  const job = await assigned(node);
  expect(job.task).toMatchObject({ body: { messages: [{ content: 'hello' }, { content: 'hi' }, { content: 'go on' }] } });
  node.succeed(job, chatOutput('more'));
  expect((await next).status).toBe(200);
  expect((await ask('DELETE', `/${made.id}`)).status).toBe(200);
  await until('the deletion at the other member', () => first.copies.memory.entry(made.id) === null);
  await takeOver(first);
  expect((await ask('GET', `/${made.id}`)).status).toBe(404);
});

test('member joins later -> it gets all, small and large', async () => {
  const node = await RenewingNode.start(second.url, 'mine');
  const small = await kept(node, second);
  const large = await kept(node, second, { input: Array.from({ length: 40 }, () => ({ role: 'user', content: 'x'.repeat(20_000) })) });
  const third = await join();
  await whenLed(third);
  for (const { id } of [small, large]) await until('the copy', () => third.copies.memory.entry(id));
  const own = (id: string) => JSON.stringify(first.copies.memory.entry(id)?.entry.conversation);
  for (const { id } of [small, large]) expect(JSON.stringify(third.copies.memory.entry(id)?.entry.conversation)).toBe(own(id));
  await takeOver(third);
  expect((await ask('GET', `/${large.id}`)).shown).toEqual(large);
});

test('the next leader has joined a moment ago -> it gets the responses of the other members', async () => {
  const node = await RenewingNode.start(second.url, 'mine');
  const made = await kept(node, second);
  await leader.stop();
  const third = await join();
  await lead(third);
  await until('the copy', () => third.copies.memory.entry(made.id));
  expect((await ask('GET', `/${made.id}`)).shown).toEqual(made);
});

test('background, on a node -> goes on there, and the next leader has the answer, once', async () => {
  const node = await RenewingNode.start(second.url, 'mine');
  const { id } = await inBackground(node);
  const job = await assigned(node);
  await takeOver(second);
  await until('the node', () => node.renewals === 1);
  expect(await statusOf(id)).toBe('in_progress');
  node.succeed(job, chatOutput('the answer'));
  await until('the answer', async () => (await statusOf(id)) === 'completed');
  expect(JSON.stringify((await ask('GET', `/${id}`)).shown.output)).toContain('the answer');
  expect([node.cancelled, node.jobs.length]).toEqual([[], 1]);
  await until('the copy at the other member', () => first.copies.memory.entry(id));
  expect(first.copies.memory.running(id)).toBeNull();
});

test('background, waiting for a node -> the next leader sends each to one, under the same id, also where its queue is full', async () => {
  const node = await RenewingNode.start(second.url, 'mine');
  const ids: string[] = [];
  for (let index = 0; index < 6; index++) ids.push((await inBackground(node)).id);
  const jobs = await Promise.all(ids.slice(0, 4).map(() => assigned(node)));
  const waiting = ids[4] ?? '';
  expect(await statusOf(waiting)).toBe('queued');
  await takeOver(second, { scheduler: { jobs: { ...(await testConfig()).scheduler.jobs, maxQueued: 1 } } });
  expect(await statusOf(waiting)).toBe('queued');
  for (const job of jobs) node.succeed(job, chatOutput('first'));
  for (let index = 0; index < 2; index++) {
    const last = await assigned(node);
    expect(last.task).toMatchObject({ body: { messages: [{ content: 'hello' }] } });
    node.succeed(last, chatOutput('second'));
  }
  for (const id of ids) await until('the answer', async () => (await statusOf(id)) === 'completed');
  expect(JSON.stringify((await ask('GET', `/${waiting}`)).shown.output)).toContain('second');
});

test('background: its node leaves during the change -> the next leader sends it to another node', async () => {
  const node = await RenewingNode.start(second.url, 'mine');
  const { id } = await inBackground(node);
  await assigned(node);
  node.socket.close();
  await node.socket.closed;
  await takeOver(second);
  expect(await statusOf(id)).toBe('in_progress');
  // The grace periods of the node.
  for (let at = 0; at < 10; at++) leader.clock.advance(10_000);
  await until('the loss of the job', async () => (await statusOf(id)) === 'queued');
  const installed = [{ model_id: node.model, kind: 'llm' as const, version: '1' }];
  const other = await readyNode(second.url, { node_id: 'other', installed_models: installed });
  const job = await other.until('job_assign');
  accept(other, job);
  succeed(other, job, chatOutput('from the other'));
  await until('the answer', async () => (await statusOf(id)) === 'completed');
  expect(JSON.stringify((await ask('GET', `/${id}`)).shown.output)).toContain('from the other');
  other.close();
});

test('background: cancelled and deleted at the next leader -> its node stops', async () => {
  const node = await RenewingNode.start(second.url, 'mine');
  const [cancelled, deleted] = [await inBackground(node), await inBackground(node)];
  for (let index = 0; index < 2; index++) await assigned(node);
  await takeOver(second);
  await until('the node', () => node.renewals === 1);
  expect((await ask('POST', `/${cancelled.id}/cancel`)).shown.status).toBe('cancelled');
  expect((await ask('DELETE', `/${deleted.id}`)).status).toBe(200);
  await until('both cancellations', () => node.cancelled.length === 2);
  expect([await statusOf(cancelled.id), (await ask('GET', `/${deleted.id}`)).status]).toEqual(['cancelled', 404]);
});

test.each([
  ['a stream', true],
  ['a whole answer', false],
])('%s is open at the change -> the next leader keeps the response, which continues another', async (_, streams) => {
  const node = await RenewingNode.start(second.url, 'mine');
  const before = await kept(node, second);
  const body = { model: node.model, input: 'and?', previous_response_id: before.id, stream: streams };
  const asked = fetch(`${second.url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(OWNER_KEY) },
    body: JSON.stringify(body),
  });
  const job = await assigned(node);
  await takeOver(second);
  await until('the node', () => node.renewals === 1);
  const chunk = { choices: [{ index: 0, delta: { content: 'so' }, finish_reason: 'stop' }] };
  if (streams) node.socket.send({ type: 'job_chunk', job_id: job.job_id, attempt: job.attempt, seq: 0, data: chunk });
  node.succeed(job, streams ? { status: 200, body: null, chunks: 1 } : chatOutput('so'));
  expect(await (await asked).text()).toContain('"so"');
  const made = await until('the response', () => [...second.copies.memory.known().kept].find((id) => id !== before.id));
  expect(second.copies.memory.entry(made)?.entry.conversation).toMatchObject([
    { content: [{ text: 'hello' }] },
    { content: [{ text: 'hi' }] },
    { content: [{ text: 'and?' }] },
    { content: [{ text: 'so' }] },
  ]);
});
