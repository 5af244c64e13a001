// Every limit and close code of the node socket (protocol §1), on real sockets.
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { heartbeat, registration, TestNode, UpgradeRefused } from '../support/test-node';
import { startTestScheduler, type TestScheduler, type TestSchedulerOptions } from '../support/test-scheduler';
import { within } from '../support/within';

let scheduler: TestScheduler | null = null;

async function start(options: TestSchedulerOptions = {}): Promise<TestScheduler> {
  scheduler = await startTestScheduler(options);
  return scheduler;
}
afterEach(async () => {
  await scheduler?.stop();
  scheduler = null;
});

const metric = async ({ port }: TestScheduler, name: string): Promise<string | undefined> =>
  (await sendRequest(port, { path: '/metrics' })).text
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(' ')[1];

describe('unregistered socket', () => {
  it('no first message within 2 s -> closed with 4001', async () => {
    const { url, clock } = await start();
    const silent = await TestNode.connect(url);
    clock.advance(1700);
    expect(silent.socket.readyState).toBe(silent.socket.OPEN);
    clock.advance(600);
    expect(await silent.closed).toBe(4001);
  });

  it('registration timeout -> closed with 4001, also after a refused registration', async () => {
    const { url, clock } = await start();
    const silent = await TestNode.connect(url);
    silent.sendRaw('{}');
    await silent.next('node_error');
    const refused = await TestNode.connect(url);
    refused.send(registration({ capability_schema_version: '2.0' }));
    await refused.next('node_error');
    clock.advance(9000);
    expect(silent.socket.readyState).toBe(silent.socket.OPEN);
    clock.advance(1500);
    expect(await Promise.all([silent.closed, refused.closed])).toEqual([4001, 4001]);
  });

  it('message over 64 KiB -> closed with 1009; registered node -> accepted', async () => {
    const { url } = await start();
    const big = { trace: 'x'.repeat(100_000) };
    const unregistered = await TestNode.connect(url);
    unregistered.sendRaw(JSON.stringify({ ...registration(), ...big }));
    expect(await unregistered.closed).toBe(1009);
    const node = await TestNode.registered(url);
    node.sendRaw(JSON.stringify({ ...heartbeat(node.nodeId), ...big }));
    await node.settled();
    expect(node.received.filter(({ type }) => type === 'node_error')).toEqual([]);
  });

  it('endless message -> closed long before the limit of a registered node', async () => {
    const { url } = await start();
    const unregistered = await TestNode.connect(url);
    unregistered.socket.send('x'.repeat(100_000), { fin: false });
    unregistered.socket.send('x'.repeat(100_000), { fin: false });
    expect(await unregistered.closed).toBe(1009);
  });
});

describe('registered node', () => {
  it('message over max_message_bytes -> closed with 1009', async () => {
    const { url } = await start({ server: { maxMessageBytes: 200_000 } });
    const node = await TestNode.registered(url);
    expect(node.ack).toMatchObject({ max_message_bytes: 200_000 });
    node.sendRaw('x'.repeat(200_001));
    expect(await node.closed).toBe(1009);
  });

  it('twenty invalid messages in ten seconds -> each answered, closed with 4008', async () => {
    const { url } = await start();
    const node = await TestNode.registered(url);
    for (let i = 0; i < 20; i++) node.sendRaw('{}');
    expect(await node.closed).toBe(4008);
    expect(node.received.filter(({ type }) => type === 'node_error')).toHaveLength(20);
  });

  it('invalid messages over more than ten seconds -> kept', async () => {
    const { url, clock } = await start();
    const node = await TestNode.registered(url);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 15; i++) node.sendRaw('{}');
      await node.settled();
      clock.advance(10_000);
    }
    await node.settled();
  });

  it('binary frame -> invalid', async () => {
    const { url } = await start();
    const node = await TestNode.registered(url);
    node.sendRaw(Buffer.from(JSON.stringify(heartbeat(node.nodeId))), true);
    expect(await node.until('node_error')).toMatchObject({
      code: 'INVALID_MESSAGE',
      node_id: node.nodeId,
      details: { reason: 'a binary frame' },
    });
  });

  it('does not read -> closed with 4009', async () => {
    const running = await start();
    const node = await TestNode.registered(running.url);
    node.socket.pause();
    const result = {
      type: 'job_result',
      attempt: 1,
      node_id: node.nodeId,
      success: true,
      processing_time_ms: 1,
      trace_id: '',
      job_id: 'j'.repeat(128),
    } as const;
    const text = JSON.stringify(result);
    await vi.waitFor(
      () => {
        for (let i = 0; i < 5000; i++) node.sendRaw(text);
        expect(running.log.of('node_socket_closed')).toMatchObject([{ node_id: node.nodeId, code: 4009 }]);
      },
      { timeout: 20_000, interval: 20 },
    );
    expect((await sendRequest(running.port, { path: `/api/v1/nodes/${node.nodeId}` })).json()).toMatchObject({ online: false });
    node.socket.terminate();
  });

  it('no pong for 30 s -> closed as half-open, not online', async () => {
    const running = await start({ nodeHealth: { heartbeatTimeoutSeconds: 600 } });
    const node = await TestNode.registered(running.url, { node_id: 'mine' });
    node.socket.pause();
    running.clock.advance(44_000);
    expect(running.log.of('node_socket_half_open')).toEqual([]);
    running.clock.advance(1500);
    expect(running.log.of('node_socket_half_open')).toMatchObject([{ node_id: 'mine' }]);
    expect((await sendRequest(running.port, { path: '/api/v1/nodes/mine' })).json()).toMatchObject({ online: false });
    node.socket.terminate();
  });

  it('scheduler stops -> closed with 1001', async () => {
    const running = await start();
    const node = await TestNode.registered(running.url);
    await Promise.all([running.stop(), expect(node.closed).resolves.toBe(1001)]);
    scheduler = null;
  });
});

describe('upgrade', () => {
  it('loopback with keys: no key, wrong key -> 401; owner key -> accepted, and in no log line', async () => {
    const { url, log } = await start({ server: { loopback: 'keys' } });
    const wrong = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Basic ${OWNER_KEY}` },
      { authorization: `Bearer ${OWNER_KEY}2` },
    ];
    for (const headers of wrong) await expect(TestNode.connect(url, headers)).rejects.toMatchObject({ status: 401 });
    const node = await TestNode.connect(url, { authorization: `Bearer ${OWNER_KEY}` });
    node.send(registration());
    await node.next('node_register_ack');
    expect(JSON.stringify(log.lines)).not.toContain(OWNER_KEY);
  });

  it.each([
    ['a foreign Origin', { origin: 'http://evil.example' }, 403],
    ['a null Origin', { origin: 'null' }, 403],
    ['another name as Host', { host: 'rebound.example' }, 403],
  ])('%s -> refused', async (_what, headers, status) => {
    const { url } = await start();
    await expect(TestNode.connect(url, headers)).rejects.toMatchObject({ status });
  });

  it('another path -> 404', async () => {
    const { port } = await start();
    const answer = await sendRequest(port, { path: '/ws/other', headers: { connection: 'Upgrade', upgrade: 'websocket' } });
    expect([answer.status, answer.json()]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
  });

  it('200 unregistered sockets -> 503 with Retry-After; one answered -> accepted', async () => {
    const running = await start({ server: { maxHandshakesPerAddress: 1000 } });
    const storm = await Promise.all(Array.from({ length: 200 }, () => TestNode.connect(running.url)));
    const refused = await TestNode.connect(running.url).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UpgradeRefused);
    const retryAfter = Number((refused as UpgradeRefused).retryAfter);
    expect([(refused as UpgradeRefused).status, retryAfter >= 2 && retryAfter <= 30]).toEqual([503, true]);
    expect(await metric(running, 'muster_node_handshakes')).toBe('200');
    const [first, second] = storm;
    first?.send(registration());
    await first?.next('node_register_ack');
    second?.send(registration({ capability_schema_version: '2.0' }));
    await second?.next('node_error');
    await TestNode.connect(running.url);
    await TestNode.connect(running.url);
    await expect(TestNode.connect(running.url)).rejects.toMatchObject({ status: 503 });
  });

  it('bytes that are not WebSocket frames, early end -> scheduler continues', async () => {
    const running = await start();
    const handshake = `GET /ws/node HTTP/1.1\r\nHost: 127.0.0.1:${String(running.port)}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    for (const after of ['\xff\xff\xff\xff garbage', '', '\x81\xff\x00']) {
      const socket = connect(running.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(Buffer.from(handshake + after, 'latin1'));
      await within('the answer to the upgrade', once(socket, 'data'));
      socket.destroy();
    }
    await vi.waitFor(async () => {
      expect(await metric(running, 'muster_node_sockets')).toBe('0');
    });
  });
});
