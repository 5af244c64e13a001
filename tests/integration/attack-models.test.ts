// Heartbeats with 1,024 new models each, without pause, from one node.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { nodeOf, readyNode } from '../support/job-pool';
import { heartbeat, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const HEARTBEATS = 60;
/** 32,768 entries at once: 16 changes from 1,024 models to 1,024 others, and one that exceeds the pace. */
const AT_ONCE = 17;

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

const models = (change: number) =>
  Array.from({ length: 1024 }, (_, i) => ({
    model_id: `m${String(change)}-${String(i)}`,
    kind: 'llm' as const,
    version: '1',
    enabled: true,
  }));

/** The change that the pool shows; null: none. */
async function shownChange(node: TestNode): Promise<number | null> {
  const first = (await nodeOf(scheduler.port, node.nodeId)).installed_models?.[0]?.model_id;
  const found = /^m(\d+)-/.exec(first ?? '');
  return found === null ? null : Number(found[1]);
}

it('models changed without pause -> the first at once, then at a pace; all are applied, other nodes are read', async () => {
  const node = await TestNode.registered(scheduler.url);
  const other = await readyNode(scheduler.url);
  for (let i = 0; i < HEARTBEATS; i++) node.send(heartbeat(node.nodeId, { installed_models: models(i) }));
  await until('the changes at once', async () => ((await shownChange(node)) ?? 0) >= AT_ONCE - 2);
  for (let i = 0; i < 20; i++) {
    await other.settled();
    expect((await sendRequest(scheduler.port, { path: '/healthz' })).status).toBe(200);
  }
  const atOnce = (await shownChange(node)) ?? 0;
  expect(atOnce).toBeLessThanOrEqual(AT_ONCE);
  scheduler.clock.advance(1001);
  await until('two more changes', async () => ((await shownChange(node)) ?? 0) > atOnce);
  expect(await shownChange(node)).toBeLessThanOrEqual(atOnce + 3);
  await until('the last change', async () => {
    scheduler.clock.advance(1001);
    return (await shownChange(node)) === HEARTBEATS - 1;
  });
  expect(node.socket.readyState).toBe(node.socket.OPEN);
});

it('one model pulled -> shown at once, also after many changes of a short list', async () => {
  const node = await TestNode.registered(scheduler.url);
  for (let i = 0; i < 100; i++) node.send(heartbeat(node.nodeId, { installed_models: models(i).slice(0, 50) }));
  await node.settled();
  expect(await shownChange(node)).toBe(99);
});

it('node leaves while it is not read -> the scheduler forgets the connection', async () => {
  const node = await TestNode.registered(scheduler.url);
  for (let i = 0; i < 30; i++) node.send(heartbeat(node.nodeId, { installed_models: models(i) }));
  await until('the changes at once', async () => ((await shownChange(node)) ?? 0) >= AT_ONCE - 2);
  node.socket.terminate();
  await until('the node to be offline', async () => {
    scheduler.clock.advance(1001);
    return !(await nodeOf(scheduler.port, node.nodeId)).online;
  });
});

it('scheduler closes a connection that is not read -> the close is answered at once', async () => {
  const node = await TestNode.registered(scheduler.url);
  for (let i = 0; i < 18; i++) node.send(heartbeat(node.nodeId, { installed_models: models(i) }));
  await until('the changes at once', async () => ((await shownChange(node)) ?? 0) >= AT_ONCE - 2);
  await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/nodes/${node.nodeId}` });
  await node.closed;
  await until('the end of the socket', () => node.socket.readyState === node.socket.CLOSED);
});
