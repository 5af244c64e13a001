// A running agent and a scripted scheduler over real sockets: heartbeats, requests of the owner, sleep, the state folder.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAgent } from '../../src/main/agent/agent';
import { readPulls } from '../../src/main/agent/pulls-file';
import { NO_RULES } from '../../src/main/agent/core/rules/judge-rules';
import { knownFact } from '../../src/main/system-events/parse/fact';
import { FakeSource } from '../support/fake-source';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { gpu } from '../support/fake-hardware';
import { ScriptedScheduler, statusOf } from '../support/scripted-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();

test('model folders: another one configured -> the default one is created, too', async () => {
  const own = path.join(bench().folder, 'models');
  const other = path.join(bench().folder, 'others');
  mkdirSync(other);
  const agent = await bench().started({ modelFolders: [own, other] });
  expect(agent.view().model_problems).toEqual([]);
});

test('downloads: made by an earlier agent -> not shown as downloads of this one', async () => {
  writeFileSync(path.join(bench().folder, 'pulls.json'), '[]');
  await bench().open();
  expect(readPulls(bench().folder)).toBeNull();
});

describe('heartbeats', () => {
  test('warming up -> every 3 s; acknowledged -> at the interval of the ack', async () => {
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

  test('GPU fails -> reported within a second', async () => {
    await bench().connected();
    const connection = await bench().scheduler.connection(0);
    bench().hardware.fault = 'gpu_lost';
    bench().clock.advance(2500);
    await until('the log line about the fault', () => bench().lines.some(({ event }) => event === 'gpu_availability_changed'));
    bench().clock.advance(1000);
    const heartbeat = await until('a heartbeat without GPU usage', () =>
      connection.received.find((message) => message.type === 'node_heartbeat' && message.resource_usage.gpu_percent === null),
    );
    expect(heartbeat).toMatchObject({ gpus: [{ index: 0, available: false }] });
  });

  test('probe hangs -> heartbeats go on, GPU not usable after 30 s', async () => {
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

  test('change that only the owner sees -> no heartbeat', async () => {
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

  test('other GPUs -> registers again on the same connection', async () => {
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

describe('owner', () => {
  test('pauses, connection lost -> still paused until resumed, also without a connection', async () => {
    const agent = await bench().connected();
    const first = await bench().scheduler.connection(0);
    const until = bench().clock.wallMs() + 3_600_000;
    expect(agent.pause(until, 'move')).toEqual({ ok: true, value: undefined });
    expect(await first.next('node_drain')).toMatchObject({ node_id: 'node-1', reason_code: 'owner', until, timeout_seconds: 0 });
    first.ws.terminate();
    await linkIs(agent, 'reconnecting');
    expect(agent.pause(null, 'finish')).toEqual({ ok: true, value: undefined });
    expect(agent.view().pause).toMatchObject({ causes: [{ code: 'owner', until: null }], running_jobs: 'finish' });
    bench().clock.advance(1000);
    const second = await bench().scheduler.connection(1);
    expect(await second.accept()).toMatchObject({ pause: { reason_code: 'owner' } });
    expect(await second.next('node_drain')).not.toHaveProperty('until');
    expect(agent.resume()).toEqual({ ok: true, value: undefined });
    await second.next('node_resume');
    expect(agent.view().pause).toBeNull();
  });

  test('pauses with an end in the past or too far away -> refused, names the field, nothing changed', async () => {
    const agent = await bench().connected();
    const now = bench().clock.wallMs();
    expect(agent.pause(now, 'finish')).toMatchObject({
      error: { code: 'INVALID_REQUEST', details: { field: 'until_ms', reason: 'in_the_past' } },
    });
    expect(agent.pause(now + 31 * 86_400_000, 'finish')).toMatchObject({ error: { details: { field: 'until_ms', reason: 'too_late' } } });
    expect(agent.view().pause).toBeNull();
  });

  test('rules pause, the owner shares against them -> resumed until their conditions end', async () => {
    const fullScreen = new FakeSource<string | null>();
    const onBattery = new FakeSource<boolean>();
    const rules = { ...NO_RULES, fullScreen: { except: [] } };
    const agent = await bench().started({ rules, ownerSources: { fullScreen, onBattery } });
    const connection = await bench().scheduler.connection(0);
    await connection.accept();
    expect([fullScreen.watchers, onBattery.watchers]).toEqual([1, 0]);
    fullScreen.set(knownFact('Factorio'));
    expect(await connection.next('node_drain')).toMatchObject({ reason_code: 'full_screen', detail: 'Factorio' });
    expect(agent.view().pause?.causes).toMatchObject([{ code: 'full_screen', detail: 'Factorio', until: null }]);
    expect(agent.view().rules).toMatchObject([{ code: 'full_screen', state: 'holds', program: 'Factorio' }]);
    agent.resume();
    await connection.next('node_resume');
    agent.configure(bench().optionsOf({ rules: NO_RULES }));
    expect([agent.view().pause, agent.view().rules, fullScreen.watchers]).toEqual([null, [], 0]);
  });

  test('changes the pool -> unregisters from the first, new node in the second', async () => {
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

  test('sets the same scheduler -> no change', async () => {
    const agent = await bench().connected();
    agent.connectTo({ url: bench().scheduler.url, joinToken: null });
    expect(agent.view().link.state).toBe('connected');
    expect(bench().scheduler.upgrades).toHaveLength(1);
  });

  test('stops the agent -> drained first', async () => {
    const agent = await bench().connected();
    const connection = await bench().scheduler.connection(0);
    const stopped = agent.stop({ timeoutMs: 5000 });
    await connection.next('node_drain');
    connection.send(statusOf({ status: 'draining', reason_code: 'drain_requested' }));
    connection.send(statusOf({ status: 'offline', reason_code: 'drain_complete' }));
    await stopped;
    await until('our close', () => connection.closeCode === 1000);
    expect(bench().clock.pending).toBeLessThanOrEqual(1);
  });

  test('stops the agent, drain takes too long -> stopped at the deadline', async () => {
    const agent = await bench().connected();
    const stopped = agent.stop({ timeoutMs: 5000 });
    bench().clock.advance(5000);
    await stopped;
  });
});

describe('sleep', () => {
  test('announced -> connection closed; wake-up -> hardware probed before the agent connects', async () => {
    const agent = await bench().connected();
    const first = await bench().scheduler.connection(0);
    await agent.suspend();
    expect(first.closeCode).toBe(4100);
    expect(agent.view().link.state).toBe('connecting');
    bench().clock.advance(3_600_000);
    bench().hardware.adapters = [gpu({ memoryGb: 48 })];
    await agent.wake();
    expect((await (await bench().scheduler.connection(1)).accept()).hardware.gpus).toMatchObject([{ memory_gb: 48 }]);
    await linkIs(agent, 'connected');
  });

  test('not announced -> detected once, by the time that passed', async () => {
    const agent = await bench().connected();
    const before = bench().hardware.inventories;
    bench().clock.sleep(29_000);
    bench().clock.advance(5000);
    expect(bench().hardware.inventories).toBe(before);
    bench().clock.sleep(30_000);
    bench().clock.advance(5000);
    await (await bench().scheduler.connection(1)).accept();
    await linkIs(agent, 'connected');
    bench().clock.advance(20_000);
    expect(bench().hardware.inventories).toBe(before + 1);
  });

  test('announced -> not detected again', async () => {
    const agent = await bench().connected();
    await agent.suspend();
    bench().clock.sleep(3_600_000);
    await agent.wake();
    await (await bench().scheduler.connection(1)).accept();
    bench().clock.advance(20_000);
    await linkIs(agent, 'connected');
    expect(bench().scheduler.upgrades).toHaveLength(2);
  });
});

test('agent: stopped during its first probe -> nothing left running', async () => {
  const agent = await bench().open();
  let release = (): void => undefined;
  bench().hardware.hold = new Promise((resolve) => {
    release = resolve;
  });
  const starting = agent.start();
  await agent.stop({ timeoutMs: 5000 });
  release();
  await starting;
  expect(bench().clock.pending).toBe(0);
});

describe('state folder', () => {
  test('second agent -> refused', async () => {
    const agent = await bench().open();
    expect(await openAgent(bench().optionsOf())).toEqual({
      ok: false,
      error: { code: 'STATE_IN_USE', lockFile: path.join(bench().folder, 'agent.lock'), pid: process.pid },
    });
    await agent.stop({ timeoutMs: 0 });
    await bench().open();
  });

  test('broken identity -> file renamed, new identity', async () => {
    writeFileSync(path.join(bench().folder, 'identity.json'), '{"node_token": "secret-9"');
    await bench().started();
    expect(await (await bench().scheduler.connection(0)).next('node_register')).toMatchObject({ node_id: null });
    expect(readFileSync(path.join(bench().folder, 'identity.json.corrupt'), 'utf8')).toContain('secret-9');
    expect(bench().lines.filter(({ level }) => level === 'error')).toMatchObject([{ event: 'identity_corrupt' }]);
  });
});

test('subscribers: changes in one turn -> one call', async () => {
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
  const count = links.length;
  agent.connectTo(null);
  await Promise.resolve();
  expect(links).toHaveLength(count);
});
