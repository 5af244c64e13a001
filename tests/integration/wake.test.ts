// Sleep and waking over real sockets: the packet over UDP, the explanation, metrics and log, and a restart of the scheduler in between.
import { createSocket } from 'node:dgram';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { explanationSchema } from '../../src/shared/api/dispatch';
import { nodeViewSchema } from '../../src/shared/api/node-view';
import { magicPacket } from '../../src/main/scheduler/nodes/wake-sender';
import { sendRequest } from '../support/http-api';
import { readyNode, submitted } from '../support/job-pool';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const MAC = '02:00:00:00:00:0a';
const folder = temporaryDir();
const receiver = createSocket('udp4');
const packets: Buffer[] = [];
let scheduler: TestScheduler;

const start = () =>
  startTestScheduler({
    databaseFile: path.join(folder.dir, 'scheduler.db'),
    wakeTargets: () => [{ address: '127.0.0.1', port: receiver.address().port }],
  });

beforeAll(async () => {
  receiver.on('message', (packet) => packets.push(packet));
  await new Promise<void>((resolve) => {
    receiver.bind(0, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  receiver.close();
  folder.remove();
});
beforeEach(async () => {
  scheduler = await start();
});
afterEach(() => scheduler.stop());

async function nodeView() {
  return nodeViewSchema.parse((await sendRequest(scheduler.port, { path: '/api/v1/nodes/desk' })).json());
}

async function explained() {
  const body = { required_models: ['llm-a'] };
  return explanationSchema.parse((await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/dispatch/explain', body })).json());
}

it('sleep, job, packet, restart, return -> asleep meanwhile, one packet, the job runs there', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'desk', wake_mac: MAC.toUpperCase() });
  node.socket.close(4100);
  await until('asleep', async () => (await nodeView()).availability?.state === 'asleep');
  expect(await nodeView()).toMatchObject({ status: 'offline', reason_code: 'asleep', wake: { waking_since: null } });
  await submitted(scheduler.port);
  expect((await explained()).wake).toEqual({ node_id: 'desk', since: null, seconds: null });
  scheduler.clock.advance(2000);
  await until('the packet', () => packets.length > 0);
  expect(packets).toEqual([magicPacket(MAC)]);
  expect(scheduler.log.of('wake_sent')).toMatchObject([{ node_id: 'desk' }]);
  expect(JSON.stringify(await nodeView())).not.toContain(MAC);

  await scheduler.stop();
  scheduler = await start();
  expect(await nodeView()).toMatchObject({ availability: { state: 'asleep' }, wake: { waking_since: expect.any(Number) as number } });
  scheduler.clock.advance(20_000);
  const again = await TestNode.connect(scheduler.url);
  again.send(registration({ node_id: 'desk', node_token: node.ack.node_token, wake_mac: MAC }));
  await again.next('node_register_ack');
  for (let beat = 0; beat < 3; beat++) again.send(heartbeat('desk'));
  await again.until('job_assign');
  expect(scheduler.log.of('node_woke')).toMatchObject([{ node_id: 'desk' }]);
  expect((await nodeView()).wake).toMatchObject({ waking_since: null, ready_after_seconds: expect.any(Number) as number });
  expect((await sendRequest(scheduler.port, { path: '/metrics' })).text).toContain('muster_node_wakes_total{outcome="ready"} 1');
  expect(packets).toHaveLength(1);
});

it('address that is no address of one interface -> refused, with the field', async () => {
  const node = await TestNode.connect(scheduler.url);
  node.send(registration({ wake_mac: 'ff:ff:ff:ff:ff:ff' }));
  expect(await node.next('node_error')).toMatchObject({ code: 'INVALID_MESSAGE', details: { field: 'wake_mac' } });
});
