// The agent registers with a scripted scheduler over real sockets: accepted, refused, in conflict.
import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentViewSchema } from '../../src/shared/api/agent-view';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { gpu } from '../support/fake-hardware';
import { ackOf, statusOf } from '../support/scripted-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();

describe('registration', () => {
  test('connected -> description of the machine sent; acknowledged -> heartbeat at once', async () => {
    bench().scheduler.secrets = ['join-secret'];
    const agent = await bench().started({}, 'join-secret');
    const connection = await bench().scheduler.connection(0);
    expect(await connection.next('node_register')).toEqual({
      type: 'node_register',
      node_id: null,
      name: 'test machine',
      version: '0.1.0',
      capability_schema_version: '1.0',
      platform: 'linux',
      hardware: {
        cpu_cores: 8,
        memory_gb: 32,
        gpus: [{ name: 'Test GPU', memory_gb: 24, index: 0, uuid: 'GPU-a', vendor: 'nvidia', driver_version: '580.1' }],
      },
      installed_models: [],
      features_supported: {},
      accept_public_jobs: true,
      capability_state: {},
      max_concurrent_jobs: 2,
    });
    expect(bench().scheduler.upgrades[0]?.headers.authorization).toBe('Bearer join-secret');
    expect(bench().scheduler.upgrades[0]?.headers['sec-websocket-extensions']).toBeUndefined();
    connection.send(ackOf());
    expect(await connection.next('node_heartbeat')).toMatchObject({
      node_id: 'node-1',
      resource_usage: { cpu_percent: 12, mem_percent: 34, gpu_percent: 0, running_jobs: 0 },
      gpus: [{ index: 0, utilization_percent: 0, available: true }],
    });
    expect(await linkIs(agent, 'connected')).toMatchObject({ scheduler_url: bench().scheduler.url });
    expect(agentViewSchema.parse(agent.view())).toMatchObject({ node_id: 'node-1', node_status: null, heartbeat_interval_seconds: 15 });
    expect(bench().identityFile().schedulers).toEqual([
      { scheduler_url: bench().scheduler.url, node_id: 'node-1', node_token: 'secret-1', proves_token: false },
    ]);
    if (process.platform !== 'win32') expect(statSync(path.join(bench().folder, 'identity.json')).mode & 0o777).toBe(0o600);
  });

  test('first answer to an invitation lost -> same nonce again, also after a restart; other invitation -> other nonce; other key -> none', async () => {
    bench().scheduler.secrets = ['mi_1', 'mi_2', 'join-secret'];
    for (const secret of ['mi_1', 'mi_1', 'mi_2', 'join-secret']) {
      const agent = await bench().started({}, secret);
      const connection = await bench().scheduler.connection(bench().scheduler.connections.length);
      await connection.next('node_register');
      await agent.stop({ timeoutMs: 0 });
    }
    const [first, again, other, none] = bench().scheduler.upgrades.map(({ headers }) => headers['muster-join-nonce']);
    expect(first).toMatch(/^[\w-]{43}$/);
    expect([again, none]).toEqual([first, undefined]);
    expect(other).not.toBe(first);
  });

  test('no status yet -> none shown; status received -> shown with its age', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    connection.send(statusOf({ status: 'degraded', reason_code: 'health_check_failed' }));
    const receivedAt = bench().clock.wallMs();
    await until('the status', () => agent.view().node_status);
    bench().clock.advance(1000);
    connection.ws.terminate();
    await linkIs(agent, 'reconnecting');
    expect(agent.view().node_status).toMatchObject({ received_at: receivedAt, message: { status: 'degraded' } });
  });

  test('restart -> same node id, by its token', async () => {
    const first = await bench().connected();
    await first.stop({ timeoutMs: 0 });
    await bench().started();
    expect(await (await bench().scheduler.connection(1)).next('node_register')).toMatchObject({
      node_id: 'node-1',
      node_token: 'secret-1',
    });
  });

  test('no GPU -> refusal shown, registers again when a GPU appears', async () => {
    bench().hardware.adapters = [];
    const agent = await bench().started();
    const connection = await bench().scheduler.connection(0);
    expect((await connection.next('node_register')).hardware.gpus).toEqual([]);
    connection.refuse('NO_GPU_AVAILABLE');
    expect(await linkIs(agent, 'refused')).toMatchObject({ code: 'NO_GPU_AVAILABLE', message: 'NO_GPU_AVAILABLE / refused' });
    await until('our close', () => connection.closeCode === 1000);
    bench().clock.advance(600_000);
    await agent.recheck();
    (await bench().scheduler.connection(1)).refuse('NO_GPU_AVAILABLE');
    await linkIs(agent, 'refused');
    bench().hardware.adapters = [gpu()];
    await agent.recheck();
    await (await bench().scheduler.connection(2)).accept();
    await linkIs(agent, 'connected');
    expect(bench().scheduler.connections).toHaveLength(3);
  });

  test.each([
    ['INVALID_CAPABILITY_SCHEMA', { field: 'capability_schema_version', reason: 'too new' }],
    ['INVALID_MESSAGE', { field: 'hardware', reason: 'bad' }],
  ])('%s -> shown with its details, no fast retries', async (code, details) => {
    const agent = await bench().started();
    const connection = await bench().scheduler.connection(0);
    await connection.next('node_register');
    connection.refuse(code, details);
    expect(await linkIs(agent, 'refused')).toMatchObject({ code, details });
    bench().clock.advance(3_600_000);
    expect(bench().scheduler.upgrades).toHaveLength(1);
  });

  test('error of the scheduler -> retried later', async () => {
    const agent = await bench().started();
    const connection = await bench().scheduler.connection(0);
    await connection.next('node_register');
    connection.refuse('INTERNAL_ERROR');
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({
      cause: 'INTERNAL_ERROR',
      attempt: 1,
      next_try_at: bench().clock.wallMs() + 500,
    });
    bench().clock.advance(500);
    await (await bench().scheduler.connection(1)).accept();
  });

  test('no answer within 10 s -> given up', async () => {
    const agent = await bench().started();
    await (await bench().scheduler.connection(0)).next('node_register');
    bench().clock.advance(10_000);
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'no_answer' });
  });
});

describe('node id', () => {
  test('owned by another node -> deleted, new id requested at once, owner informed', async () => {
    await (await bench().connected()).stop({ timeoutMs: 0 });
    const agent = await bench().started();
    const connection = await bench().scheduler.connection(1);
    await connection.next('node_register');
    connection.refuse('NODE_ID_CONFLICT');
    expect(await connection.next('node_register')).toMatchObject({ node_id: null });
    expect(bench().identityFile().schedulers).toEqual([]);
    connection.send(ackOf({ node_id: 'node-2', node_token: 'secret-2' }));
    await connection.next('node_heartbeat');
    expect(agent.view().notices).toMatchObject([{ code: 'node_id_replaced', details: { old_node_id: 'node-1', new_node_id: 'node-2' } }]);
    agent.dismissNotice(agent.view().notices[0]?.id ?? '');
    expect(agent.view().notices).toEqual([]);
  });

  test('refused twice on one connection -> connection closed, agent waits', async () => {
    await (await bench().connected()).stop({ timeoutMs: 0 });
    const agent = await bench().started();
    const connection = await bench().scheduler.connection(1);
    await connection.next('node_register');
    connection.refuse('NODE_ID_CONFLICT');
    await connection.next('node_register');
    connection.refuse('NODE_ID_CONFLICT');
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'NODE_ID_CONFLICT' });
    await until('our close', () => connection.closeCode === 1000);
  });

  test('copied from another machine -> file renamed, new id, owner informed', async () => {
    await (await bench().connected()).stop({ timeoutMs: 0 });
    const agent = await bench().started({ fingerprint: () => Promise.resolve('another machine') });
    expect(await (await bench().scheduler.connection(1)).next('node_register')).toMatchObject({ node_id: null });
    expect(agent.view().notices).toMatchObject([{ code: 'identity_of_another_machine', details: { node_ids: ['node-1'] } }]);
  });
});
