// What the scheduler shows to members of the pool (ADR 0030): the nodes of others in part, and the jobs that concern them.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jobListSchema, jobViewSchema } from '../../src/shared/api/job';
import { nodePageSchema, nodeViewSchema, type PoolEvent, poolEventSchema } from '../../src/shared/api/node-view';
import { silentLogger } from '../../src/main/platform/logger';
import { systemClock } from '../../src/main/platform/clock';
import { PoolClient } from '../../src/main/scheduler-client/pool-client';
import { bearer, sendRequest } from '../support/http-api';
import { accept, beat, chatTask, submitted, succeed } from '../support/job-pool';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler({ server: { loopback: 'keys' } });
});
afterEach(() => scheduler.stop());

const GPU = { name: 'RTX 4090', memory_gb: 24, index: 0, driver_version: '560.35' };

interface Member {
  readonly node: TestNode;
  readonly credential: string;
}

async function member(name: string): Promise<Member> {
  const invite = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body: {} });
  const node = await TestNode.connect(scheduler.url, bearer((invite.json() as { key: string }).key));
  const gpus = [{ ...GPU, uuid: `GPU-${name}` }];
  node.send(registration({ name, hardware: { cpu_cores: 8, memory_gb: 32, gpus } }));
  const ack = await node.next('node_register_ack');
  for (let i = 0; i < 3; i++) node.send(heartbeat(node.nodeId));
  await node.until('node_status', ({ status }) => status === 'ready');
  return { node, credential: ack.member_credential ?? '' };
}

const ask = (path: string, credential: string) => sendRequest(scheduler.port, { path, headers: bearer(credential) });

it('nodes of others: names, GPUs, models, availability; no load, identifiers, texts; the own node in full', async () => {
  const [tower, laptop] = [await member('tower'), await member('laptop')];
  await beat(laptop.node, 1, { resource_usage: { cpu_percent: 97, mem_percent: 13, gpu_percent: 96, running_jobs: 0 } });
  const drain = { method: 'POST', path: `/api/v1/nodes/${tower.node.nodeId}/drain`, body: { reason: 'private-words' } };
  await sendRequest(scheduler.port, drain);

  const list = await ask('/api/v1/nodes', tower.credential);
  const ofLaptop = await ask('/api/v1/nodes', laptop.credential);
  const other = nodePageSchema.parse(ofLaptop.json()).nodes.find(({ name }) => name === 'tower');
  expect(other).toMatchObject({ drain: { by: 'operator', reason: null }, resource_usage: null });
  const nodes = nodePageSchema.parse(list.json()).nodes.toSorted((one, other) => one.name.localeCompare(other.name));
  expect(nodes).toMatchObject([
    {
      name: 'laptop',
      hardware: { gpus: [{ name: 'RTX 4090', memory_gb: 24 }] },
      availability: { state: 'available' },
      resource_usage: null,
    },
    { name: 'tower', drain: { by: 'operator', reason: 'private-words' }, resource_usage: { cpu_percent: 10 } },
  ]);
  const one = await ask(`/api/v1/nodes/${laptop.node.nodeId}`, tower.credential);
  expect(nodeViewSchema.parse(one.json()).installed_models).toMatchObject([{ model_id: 'llm-a' }]);
  for (const text of [JSON.stringify(other), one.text])
    expect(text).not.toMatch(/private-words|GPU-|560\.35|_percent|"(?:limits|remote|address)"/);
  const found = await ask('/api/v1/models/nodes?model=llm', tower.credential);
  expect((found.json() as { node_ids: string[] }).node_ids.toSorted()).toEqual([tower.node.nodeId, laptop.node.nodeId].toSorted());
  expect(await ask('/v1/models', tower.credential)).toMatchObject({ status: 200 });
});

it('session: the rights of the caller', async () => {
  const tower = await member('tower');
  expect((await ask('/api/v1/session', tower.credential)).json()).toMatchObject({
    roles: ['node'],
    rights: ['read_pool', 'read_session', 'read_nodes', 'read_models', 'read_jobs', 'be_a_node'],
  });
  const invite = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/invites', body: {} });
  expect((await ask('/api/v1/session', (invite.json() as { key: string }).key)).json()).toMatchObject({ roles: ['node'], rights: [] });
});

/** The events of the pool for a member, from the snapshot on. */
async function eventsFor({ credential }: Member): Promise<{ readonly events: readonly PoolEvent[]; readonly stop: () => void }> {
  const client = new PoolClient({
    baseUrl: `http://127.0.0.1:${String(scheduler.port)}`,
    token: credential,
    clock: systemClock,
    logger: silentLogger,
  });
  const events: PoolEvent[] = [];
  const stop = client.subscribe((event) => events.push(poolEventSchema.parse(event)));
  await until('the snapshot', () => events[0]?.type === 'snapshot');
  return { events, stop };
}

it('events: changes of the load alone are not sent', async () => {
  const [tower, laptop] = [await member('tower'), await member('laptop')];
  const { events, stop } = await eventsFor(tower);
  const ofLaptop = () => events.filter((event) => event.type === 'node_changed' && event.node.node_id === laptop.node.nodeId).length;
  for (let cpu = 1; cpu <= 5; cpu++) {
    await beat(laptop.node, 1, { resource_usage: { cpu_percent: cpu, mem_percent: 10, gpu_percent: 0, running_jobs: 0 } });
    scheduler.clock.advance(200);
  }
  // The first change after the snapshot is sent in any case.
  await until('an event', () => ofLaptop() > 0);
  await sendRequest(scheduler.port, { method: 'POST', path: `/api/v1/nodes/${laptop.node.nodeId}/drain`, body: {} });
  scheduler.clock.advance(200);
  await until('the drain', () => events.some((event) => event.type === 'node_changed' && event.node.drain !== null));
  expect(ofLaptop()).toBeLessThanOrEqual(3);
  expect(JSON.stringify(events)).not.toMatch(/GPU-laptop/);
  stop();
});

it('events: the node of the member registers with another id -> in full on the open stream', async () => {
  const tower = await member('tower');
  const { events, stop } = await eventsFor(tower);
  await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/nodes/${tower.node.nodeId}` });
  const again = await TestNode.connect(scheduler.url, bearer(tower.credential));
  again.send(registration({ name: 'tower', hardware: { cpu_cores: 8, memory_gb: 32, gpus: [{ ...GPU, uuid: 'GPU-again' }] } }));
  await again.next('node_register_ack');
  scheduler.clock.advance(200);
  await until('the new node', () => events.some((event) => event.type === 'node_changed' && event.node.node_id === again.nodeId));
  expect(JSON.stringify(events)).toMatch(/GPU-again/);
  stop();
});

it('jobs: own and those that ran on the own node, without contents; a job of another node -> not found', async () => {
  const tower = await member('tower');
  const onTower = await submitted(scheduler.port, { task: chatTask('the secret prompt') });
  const assigned = await tower.node.until('job_assign');
  accept(tower.node, assigned);
  succeed(tower.node, assigned);
  await tower.node.until('job_result_ack');
  await sendRequest(scheduler.port, { method: 'POST', path: `/api/v1/nodes/${tower.node.nodeId}/quarantine`, body: {} });
  const laptop = await member('laptop');
  const onLaptop = await submitted(scheduler.port, { task: chatTask('another secret prompt') });
  const second = await laptop.node.until('job_assign');
  accept(laptop.node, second);
  succeed(laptop.node, second);
  await laptop.node.until('job_result_ack');

  const list = await ask('/api/v1/jobs', tower.credential);
  expect(jobListSchema.parse(list.json()).jobs).toMatchObject([
    { job_id: onTower, status: 'succeeded', node_id: tower.node.nodeId, trace_id: '' },
  ]);
  expect(jobListSchema.parse((await ask('/api/v1/jobs?status=failed', tower.credential)).json()).jobs).toEqual([]);
  const job = await ask(`/api/v1/jobs/${onTower}`, tower.credential);
  expect(jobViewSchema.parse(job.json())).toMatchObject({
    status: 'succeeded',
    attempts: [{ node_id: tower.node.nodeId, outcome: 'succeeded' }],
    result: { success: true, output: null },
    waiting: null,
  });
  for (const { text } of [list, job]) expect(text).not.toMatch(/secret|"hi"|prediction"/);
  for (const path of [`/api/v1/jobs/${onLaptop}`, `/api/v1/jobs/${onLaptop}?node_limit=1`])
    expect((await ask(path, tower.credential)).status).toBe(404);
  for (const request of [{ path: `/api/v1/jobs/${onTower}/events` }, { path: `/api/v1/jobs/${onTower}`, method: 'DELETE' }])
    expect((await sendRequest(scheduler.port, { ...request, headers: bearer(tower.credential) })).status).toBe(403);
});
