// The agent at work: heartbeats, the owner's wishes, sleep, its state folder; against a scripted scheduler over real sockets.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAgent } from '../../src/main/agent/agent';
import { readPulls } from '../../src/main/agent/pulls-file';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { gpu } from '../support/fake-hardware';
import { ScriptedScheduler, statusOf } from '../support/scripted-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();

test('the default model folder is made also where another one is named beside it', async () => {
  const own = path.join(bench().folder, 'models');
  const other = path.join(bench().folder, 'others');
  mkdirSync(other);
  const agent = await bench().started({ modelFolders: [own, other] });
  expect(agent.view().model_problems).toEqual([]);
});

test('what an earlier agent downloaded is not what this one does, also where it downloads nothing', async () => {
  writeFileSync(path.join(bench().folder, 'pulls.json'), '[]');
  await bench().open();
  expect(readPulls(bench().folder)).toBeNull();
});

describe('heartbeats', () => {
  test('come every 3 s while warming up, then at the interval of the ack', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    bench().clock.advance(2999);
    bench().clock.advance(1);
    await connection.next('node_heartbeat');
    connection.send(statusOf());
    await until('ready', () => agent.view().node_status);
    bench().clock.advance(3000);
    await connection.next('node_heartbeat');
    bench().clock.advance(14_999);
    const sent = agent.view().last_heartbeat_sent_at;
    bench().clock.advance(1);
    await connection.next('node_heartbeat');
    expect(agent.view().last_heartbeat_sent_at).toBe((sent ?? 0) + 15_000);
  });

  test('a GPU that fails is told within a second of being seen', async () => {
    await bench().connected();
    const connection = await bench().scheduler.connection(0);
    bench().hardware.fault = 'gpu_lost';
    bench().clock.advance(2500);
    await until('the fault to be seen', () => bench().lines.some(({ event }) => event === 'gpu_availability_changed'));
    bench().clock.advance(1000);
    const heartbeat = await until('a heartbeat that says so', () =>
      connection.received.find((message) => message.type === 'node_heartbeat' && message.resource_usage.gpu_percent === null),
    );
    expect(heartbeat).toMatchObject({ gpus: [{ index: 0, available: false }] });
  });

  test('do not wait for a probe that hangs, and after 30 s stop claiming that the GPU is usable', async () => {
    await bench().connected();
    const connection = await bench().scheduler.connection(0);
    let release = (): void => undefined;
    bench().hardware.hold = new Promise((resolve) => {
      release = resolve;
    });
    for (let seconds = 0; seconds < 39; seconds += 3) {
      bench().clock.advance(3000);
      const heartbeat = await connection.next('node_heartbeat');
      expect(heartbeat.gpus).toMatchObject([{ available: seconds + 3 <= 30 }]);
    }
    release();
  });

  test('are not sent for what only the owner is shown', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    connection.send(statusOf());
    await until('ready', () => agent.view().node_status);
    bench().clock.advance(3000);
    await connection.next('node_heartbeat');
    mkdirSync(path.join(bench().folder, 'models', 'broken'));
    writeFileSync(path.join(bench().folder, 'models', 'broken', 'muster-model.json'), '{');
    await agent.recheck();
    expect(agent.view().model_problems).toHaveLength(1);
    const sent = agent.view().last_heartbeat_sent_at;
    bench().clock.advance(5000);
    expect(agent.view().last_heartbeat_sent_at).toBe(sent);
  });

  test('another set of GPUs is registered anew on the same connection', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    bench().hardware.adapters = [gpu(), gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1 })];
    await agent.recheck();
    bench().clock.advance(1000);
    const again = await connection.next('node_register');
    expect(again).toMatchObject({ node_id: 'node-1', node_token: 'secret-1' });
    expect(again.hardware.gpus).toHaveLength(2);
  });
});

describe('the owner', () => {
  test('who finishes is not put to work again by a reconnect, until resuming', async () => {
    const agent = await bench().connected();
    const first = await bench().scheduler.connection(0);
    expect(agent.drain(60)).toEqual({ ok: true, value: undefined });
    expect(await first.next('node_drain')).toMatchObject({ node_id: 'node-1', timeout_seconds: 60 });
    first.ws.terminate();
    await linkIs(agent, 'reconnecting');
    expect(agent.drain(null)).toMatchObject({ ok: false, error: { code: 'NOT_CONNECTED' } });
    bench().clock.advance(1000);
    const second = await bench().scheduler.connection(1);
    await second.accept();
    await second.next('node_drain');
    expect(agent.resume()).toEqual({ ok: true, value: undefined });
    await second.next('node_resume');
  });

  test('who leaves a pool for another says goodbye to the first and is a new node to the second', async () => {
    const agent = await bench().connected();
    const first = await bench().scheduler.connection(0);
    const other = await ScriptedScheduler.open();
    agent.connectTo({ url: other.url, joinToken: null });
    expect(await first.next('node_unregister')).toMatchObject({ node_id: 'node-1' });
    expect(await (await other.connection(0)).accept({ node_id: 'node-7' })).toMatchObject({ node_id: null });
    agent.connectTo({ url: bench().scheduler.url, joinToken: null });
    expect(await (await bench().scheduler.connection(1)).next('node_register')).toMatchObject({
      node_id: 'node-1',
      node_token: 'secret-1',
    });
    agent.connectTo(null);
    expect(agent.view()).toMatchObject({ link: { state: 'idle' }, node_id: null, node_status: null });
    await other.close();
  });

  test('who names the same scheduler again changes nothing', async () => {
    const agent = await bench().connected();
    agent.connectTo({ url: bench().scheduler.url, joinToken: null });
    expect(agent.view().link.state).toBe('connected');
    expect(bench().scheduler.upgrades).toHaveLength(1);
  });

  test('who stops the agent has it drained first', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    const stopped = agent.stop({ deadlineMs: 5000 });
    await connection.next('node_drain');
    connection.send(statusOf({ status: 'draining', reason_code: 'drain_requested' }));
    connection.send(statusOf({ status: 'offline', reason_code: 'drain_complete' }));
    await stopped;
    await until('our close', () => connection.closeCode === 1000);
    expect(bench().clock.pending).toBeLessThanOrEqual(1);
  });

  test('who stops the agent does not wait longer than the deadline', async () => {
    const agent = await bench().connected();
    const stopped = agent.stop({ deadlineMs: 5000 });
    bench().clock.advance(5000);
    await stopped;
  });
});

describe('sleep', () => {
  test('closes the connection, and waking looks at the hardware again before it connects', async () => {
    const agent = await bench().connected();
    const first = await bench().scheduler.connection(0);
    agent.suspend();
    await until('our close', () => first.closeCode === 1000);
    expect(agent.view().link.state).toBe('connecting');
    bench().clock.advance(3_600_000);
    bench().hardware.adapters = [gpu({ memoryGb: 48 })];
    await agent.wake();
    expect((await (await bench().scheduler.connection(1)).accept()).hardware.gpus).toMatchObject([{ memory_gb: 48 }]);
    await linkIs(agent, 'connected');
  });

  test('that nobody told of is noticed by the time that passed, once', async () => {
    const agent = await bench().connected();
    const looks = bench().hardware.inventories;
    bench().clock.sleep(29_000);
    bench().clock.advance(5000);
    expect(bench().hardware.inventories).toBe(looks);
    bench().clock.sleep(30_000);
    bench().clock.advance(5000);
    await (await bench().scheduler.connection(1)).accept();
    await linkIs(agent, 'connected');
    bench().clock.advance(20_000);
    expect(bench().hardware.inventories).toBe(looks + 1);
  });

  test('that was told is not noticed again', async () => {
    const agent = await bench().connected();
    agent.suspend();
    bench().clock.sleep(3_600_000);
    await agent.wake();
    await (await bench().scheduler.connection(1)).accept();
    bench().clock.advance(20_000);
    await linkIs(agent, 'connected');
    expect(bench().scheduler.upgrades).toHaveLength(2);
  });
});

test('an agent that is stopped while it still looks at its hardware leaves nothing running', async () => {
  const agent = await bench().open();
  let release = (): void => undefined;
  bench().hardware.hold = new Promise((resolve) => {
    release = resolve;
  });
  const starting = agent.start();
  await agent.stop({ deadlineMs: 5000 });
  release();
  await starting;
  expect(bench().clock.pending).toBe(0);
});

describe('the state folder', () => {
  test('serves one agent at a time', async () => {
    const agent = await bench().open();
    expect(await openAgent(bench().optionsOf())).toEqual({
      ok: false,
      error: { code: 'STATE_IN_USE', lockFile: path.join(bench().folder, 'agent.lock'), pid: process.pid },
    });
    await agent.stop({ deadlineMs: 0 });
    await bench().open();
  });

  test('with a broken identity keeps it aside and makes a new one', async () => {
    writeFileSync(path.join(bench().folder, 'identity.json'), '{"node_token": "secret-9"');
    await bench().started();
    expect(await (await bench().scheduler.connection(0)).next('node_register')).toMatchObject({ node_id: null });
    expect(readFileSync(path.join(bench().folder, 'identity.json.corrupt'), 'utf8')).toContain('secret-9');
    expect(bench().lines.filter(({ level }) => level === 'error')).toMatchObject([{ event: 'identity_corrupt' }]);
  });
});

test('subscribers are told every change once per turn', async () => {
  const agent = await bench().open();
  const links: string[] = [];
  const stop = agent.subscribe((view) => {
    links.push(view.link.state);
  });
  agent.connectTo({ url: bench().scheduler.url, joinToken: null });
  await agent.start();
  await (await bench().scheduler.connection(0)).accept();
  await linkIs(agent, 'connected');
  await until('the news', () => links.includes('connected'));
  stop();
  const told = links.length;
  agent.connectTo(null);
  await Promise.resolve();
  expect(links).toHaveLength(told);
});
