// A node's life on a real socket: registered, warmed up, degraded, recovered, drained, resumed, silent, gone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heartbeat, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

/** Heartbeats until the scheduler says `ready`. */
async function makeReady(node: TestNode, nodeId: string): Promise<void> {
  for (let i = 0; i < 3; i++) node.send(heartbeat(nodeId));
  await node.until('node_status', (message) => message.type === 'node_status' && message.status === 'ready');
}

describe('a node that registers', () => {
  it('is registering until three healthy heartbeats have made it ready, and is told each time', async () => {
    const node = await TestNode.registered(scheduler.url);
    expect(node.ack).toMatchObject({ status: 'registering', heartbeat_interval_seconds: 15, scheduler_version: '1.2.3' });
    expect(node.ack.node_id).toMatch(/^node-[0-9A-F]{8}$/);
    expect(await node.next('node_status')).toMatchObject({ status: 'registering', previous_status: null, reason_code: 'registered', online: true });
    await makeReady(node, node.ack.node_id);
    expect(node.received.at(-1)).toMatchObject({ status: 'ready', previous_status: 'registering', reason_code: 'health_check_passed' });
  });
});
