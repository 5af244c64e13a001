// The lifecycle of a node on a real socket: registered, warmed up, degraded, recovered, drained, resumed, silent, removed.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendRequest } from '../support/http-api';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

async function beat(node: TestNode, times: number, change: Parameters<typeof heartbeat>[1] = {}): Promise<void> {
  for (let i = 0; i < times; i++) node.send(heartbeat(node.nodeId, change));
  await node.settled();
}

async function readyNode(change: Parameters<typeof registration>[0] = {}): Promise<TestNode> {
  const node = await TestNode.registered(scheduler.url, change);
  await beat(node, 3);
  expect(node.status?.status).toBe('ready');
  return node;
}

/** Moves the clock while every node answers pings and sends nothing else. */
async function pass(seconds: number, ...nodes: TestNode[]): Promise<void> {
  for (let left = seconds; left > 0; left -= 5) {
    scheduler.clock.advance(Math.min(5, left) * 1000);
    for (const node of nodes) if (node.socket.readyState === node.socket.OPEN) await node.settled().catch(() => undefined);
  }
}

async function operate(method: string, path: string, body?: unknown): Promise<readonly [number, unknown]> {
  const answer = await sendRequest(scheduler.port, { method, path: `/api/v1/nodes/${path}`, body });
  return [answer.status, answer.json()];
}

const viewOf = async (nodeId: string): Promise<unknown> => (await operate('GET', nodeId))[1];

describe('node registers', () => {
  it('three healthy heartbeats -> registering, then ready, each status sent', async () => {
    const node = await TestNode.registered(scheduler.url);
    expect(node.ack).toMatchObject({ status: 'registering', heartbeat_interval_seconds: 15, scheduler_version: '1.2.3' });
    expect(node.ack.node_id).toMatch(/^node-[0-9A-F]{8}$/);
    expect(await node.next('node_status')).toMatchObject({
      status: 'registering',
      previous_status: null,
      reason_code: 'registered',
      online: true,
    });
    await beat(node, 3);
    expect(node.status).toMatchObject({ status: 'ready', previous_status: 'registering', reason_code: 'health_check_passed' });
    expect(scheduler.log.of('node_registered')).toEqual([
      {
        node_id: node.nodeId,
        node_name: node.nodeId,
        platform: 'linux',
        gpu_count: 1,
        model_count: 1,
        accept_public_jobs: true,
        resumed: false,
      },
    ]);
  });

  it.each([
    ['INVALID_MESSAGE', { hardware: { cpu_cores: 0, memory_gb: 32, gpus: [] }, capability_schema_version: '9' }, 'hardware.cpu_cores'],
    [
      'INVALID_CAPABILITY_SCHEMA',
      { capability_schema_version: '9', hardware: { cpu_cores: 8, memory_gb: 32, gpus: [] } },
      'capability_schema_version',
    ],
    [
      'NO_GPU_AVAILABLE',
      { node_id: 'taken', hardware: { cpu_cores: 8, memory_gb: 32, gpus: [{ name: 'none', memory_gb: 0 }] } },
      'hardware.gpus',
    ],
    ['NODE_ID_CONFLICT', { node_id: 'taken' }, 'node_id'],
    ['NODE_ID_CONFLICT', { node_id: 'taken', node_token: 'wrong' }, 'node_id'],
  ] as const)('first fault in the order of the checks -> %s, node may correct itself', async (code, change, field) => {
    const owner = await TestNode.registered(scheduler.url, { node_id: 'taken' });
    const node = await TestNode.connect(scheduler.url);
    node.sendRaw(JSON.stringify({ ...registration(), ...change }));
    expect(await node.next('node_error')).toMatchObject({ code, node_id: null, details: { field } });
    node.send(registration({ node_id: 'mine' }));
    expect(await node.next('node_register_ack')).toMatchObject({ node_id: 'mine' });
    expect(await viewOf('taken')).toMatchObject({ online: true });
    // The second node of a pool on loopback changes the limits of the first one, which is a repetition of its status.
    expect(owner.received.filter((message) => !('periodic' in message))).toHaveLength(2);
  });

  it('same id with its token on another connection -> older one closed with 4002', async () => {
    const older = await TestNode.registered(scheduler.url, { node_id: 'mine' });
    const newer = await TestNode.registered(scheduler.url, { node_id: 'mine', node_token: older.ack.node_token });
    expect(newer.ack).toMatchObject({ node_id: 'mine', node_token: older.ack.node_token });
    expect(await older.closed).toBe(4002);
    await beat(newer, 3);
    expect(await viewOf('mine')).toMatchObject({ status: 'ready', online: true });
    expect(scheduler.log.of('node_registered').map(({ resumed }) => resumed)).toEqual([false, true]);
  });

  it('again on the same socket -> updated; other id -> refused', async () => {
    const node = await readyNode({ node_id: 'mine' });
    node.send(registration({ name: 'renamed' }));
    await node.until('node_register_ack');
    expect(await viewOf('mine')).toMatchObject({ name: 'renamed', status: 'registering', previous_status: 'ready' });
    node.send(registration({ node_id: 'other' }));
    expect(await node.until('node_error')).toMatchObject({ code: 'INVALID_MESSAGE', details: { field: 'node_id' } });
    expect((await operate('GET', 'other'))[0]).toBe(404);
  });

  it('heartbeats before the ack -> handled in order', async () => {
    const node = await TestNode.connect(scheduler.url);
    node.send(registration({ node_id: 'eager' }));
    for (let i = 0; i < 3; i++) node.send(heartbeat('eager'));
    await node.until('node_status', (message) => message.status === 'ready');
    const checks = node.received.map((message) => (message.type === 'node_status' ? message.health.consecutive_successes : message.type));
    expect(checks).toEqual(['node_register_ack', 0, 1, 2, 3]);
  });
});

describe('message for another node than that of the socket', () => {
  it.each(['node_heartbeat', 'node_drain', 'node_resume', 'node_unregister', 'job_result'])(
    '%s -> NOT_REGISTERED, no change',
    async (type) => {
      const victim = await readyNode({ node_id: 'victim' });
      const otherNode = await TestNode.registered(scheduler.url, { node_id: 'other' });
      const before = await viewOf('victim');
      otherNode.sendRaw(
        JSON.stringify({ ...heartbeat('victim'), job_id: 'j', attempt: 1, success: true, processing_time_ms: 1, trace_id: 't', type }),
      );
      expect(await otherNode.until('node_error')).toMatchObject({ code: 'NOT_REGISTERED', details: { field: 'node_id' } });
      expect(await viewOf('victim')).toEqual(before);
      await victim.settled();
    },
  );
});

describe('health of a node', () => {
  it('three failures in a row -> degraded with the reason; one success -> ready', async () => {
    const node = await readyNode();
    await beat(node, 3, { resource_usage: { cpu_percent: 1, mem_percent: 1, gpu_percent: null, running_jobs: 0 } });
    expect(node.status).toMatchObject({
      status: 'degraded',
      reason_code: 'health_check_failed',
      health: { ok: false, failed_checks: [{ check: 'gpu', code: 'gpu_unavailable' }] },
    });
    await beat(node, 1);
    expect(node.status).toMatchObject({ status: 'ready', reason_code: 'health_recovered', health: { window: [] } });
  });

  it('warm-up ends without a healthy check -> degraded', async () => {
    const node = await TestNode.registered(scheduler.url);
    for (let i = 0; i < 4; i++) {
      await pass(15, node);
      await beat(node, 1, { capability_state: { 'llm-a': 'error' } });
    }
    expect(node.status).toMatchObject({ status: 'degraded', reason_code: 'warmup_timeout' });
  });
});

describe('drain', () => {
  it('operator -> draining, offline, no revival by heartbeats; resume -> warm-up', async () => {
    const node = await readyNode({ node_id: 'mine' });
    expect(await operate('POST', 'mine/drain', { reason: 'new fan' })).toMatchObject([200, { drain: { reason: 'new fan' } }]);
    await beat(node, 5);
    expect(await viewOf('mine')).toMatchObject({
      status: 'offline',
      reason_code: 'drain_complete',
      online: true,
      drain: { by: 'operator', reason: 'new fan' },
    });
    expect(scheduler.log.of('node_status_changed').map(({ to }) => to)).toEqual(['registering', 'ready', 'draining', 'offline']);
    expect(await operate('POST', 'mine/drain')).toMatchObject([
      409,
      { error: { code: 'INVALID_STATE', details: { reason: 'already_drained' } } },
    ]);
    expect(await operate('POST', 'mine/resume')).toMatchObject([200, { node_id: 'mine', drain: null }]);
    await beat(node, 3);
    expect(await viewOf('mine')).toMatchObject({ status: 'ready', drain: null });
    expect(await operate('POST', 'mine/resume')).toMatchObject([409, { error: { details: { reason: 'not_drained' } } }]);
  });

  it('node -> drains and resumes itself', async () => {
    const node = await readyNode({ node_id: 'mine' });
    node.send({ type: 'node_drain', node_id: 'mine', reason: 'quitting' });
    await node.settled();
    expect(await viewOf('mine')).toMatchObject({ status: 'offline', drain: { by: 'node', reason: 'quitting' } });
    node.send({ type: 'node_resume', node_id: 'mine' });
    await node.settled();
    expect(node.status).toMatchObject({ status: 'registering', reason_code: 'resumed' });
    node.send({ type: 'node_resume', node_id: 'mine' });
    expect(await node.until('node_error')).toMatchObject({ code: 'INVALID_MESSAGE', details: { reason: 'not_drained' } });
  });
});

describe('node leaves', () => {
  it('socket lost -> status kept, not online', async () => {
    const node = await readyNode({ node_id: 'mine' });
    node.socket.terminate();
    await vi.waitFor(async () => {
      expect(await viewOf('mine')).toMatchObject({ status: 'ready', online: false });
    });
  });

  it('heartbeat timeout -> offline within a second, socket closed with 4004', async () => {
    const node = await readyNode({ node_id: 'mine' });
    await pass(44, node);
    expect(node.status?.status).toBe('ready');
    scheduler.clock.advance(2000);
    expect(await node.closed).toBe(4004);
    expect(await viewOf('mine')).toMatchObject({ status: 'offline', reason_code: 'heartbeat_timeout', online: false });
    expect(scheduler.log.of('heartbeat_timeout')).toMatchObject([{ node_id: 'mine' }]);
    const again = await TestNode.registered(scheduler.url, {
      node_id: 'mine',
      node_token: node.received[0]?.type === 'node_register_ack' ? node.received[0].node_token : '',
    });
    await beat(again, 3);
    expect(again.status?.status).toBe('ready');
  });

  it('unregisters -> removed, socket may register again', async () => {
    const node = await readyNode({ node_id: 'mine' });
    node.send({ type: 'node_unregister', node_id: 'mine', reason: 'sold' });
    node.send(heartbeat('mine'));
    expect(await node.until('node_error')).toMatchObject({ code: 'NOT_REGISTERED' });
    expect((await operate('GET', 'mine'))[0]).toBe(404);
    node.send(registration({ node_id: 'mine' }));
    expect(await node.until('node_register_ack')).toMatchObject({ node_id: 'mine' });
  });

  it('removed by an operator -> closed with 4003, token invalid', async () => {
    const node = await readyNode({ node_id: 'mine' });
    const token = node.received[0]?.type === 'node_register_ack' ? node.received[0].node_token : '';
    expect(await operate('DELETE', 'mine')).toEqual([200, {}]);
    expect(await node.closed).toBe(4003);
    expect(await operate('DELETE', 'mine')).toMatchObject([404, { error: { code: 'NOT_FOUND', details: { node_id: 'mine' } } }]);
    const again = await TestNode.registered(scheduler.url, { node_id: 'mine', node_token: token });
    expect(again.ack.node_token).not.toBe(token);
  });

  it('offline for the retention time -> removed', async () => {
    const node = await readyNode({ node_id: 'mine' });
    node.socket.terminate();
    await vi.waitFor(async () => {
      expect(await viewOf('mine')).toMatchObject({ online: false });
    });
    scheduler.clock.advance((45 + 86_400 + 1) * 1000);
    expect((await operate('GET', 'mine'))[0]).toBe(404);
    expect(scheduler.log.of('node_removed')).toEqual([{ node_id: 'mine', reason_code: 'expired' }]);
  });
});

describe('time passes', () => {
  it('30 s -> status sent to every node, marked as periodic', async () => {
    const node = await readyNode();
    await pass(15, node);
    await beat(node, 1);
    expect(node.status?.periodic).toBeUndefined();
    await pass(16, node);
    expect(node.status).toMatchObject({ status: 'ready', periodic: true });
  });

  it('three of three nodes silent -> eviction pause logged and shown, over after a second timeout', async () => {
    const nodes = [await readyNode({ node_id: 'a' }), await readyNode({ node_id: 'b' }), await readyNode({ node_id: 'c' })];
    const seen: unknown[] = [];
    const stop = scheduler.pool.subscribe((event) => {
      if (event.type === 'pool_changed') seen.push(event.pool.mass_loss);
    });
    await pass(46, ...nodes);
    expect(scheduler.log.of('mass_heartbeat_loss')).toEqual([{ lost: 3, of: 3 }]);
    await pass(50);
    expect(seen).toMatchObject([{ lost: 3, of: 3 }, null]);
    stop();
  });

  it('periodic scan -> no deadline was missed by the sweep', async () => {
    const node = await readyNode();
    await pass(300, node);
    expect(scheduler.log.of('sweep_missed_deadline')).toEqual([]);
  });

  it('after a minute -> performance logged, null for values that were not measured', async () => {
    await readyNode();
    scheduler.clock.advance(60_000);
    expect(scheduler.log.of('performance')).toMatchObject([
      { heartbeats_per_second: 0.1, decisions_per_second: 0, decision_p50_us: null, nodes: { offline: 1 } },
    ]);
  });
});

it('log -> no line has a node token', async () => {
  const node = await readyNode({ node_id: 'mine' });
  const token = node.received[0]?.type === 'node_register_ack' ? node.received[0].node_token : '';
  await TestNode.registered(scheduler.url, { node_id: 'mine', node_token: token });
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify(scheduler.log.lines)).not.toContain(token);
});
