// The agent against a scripted scheduler over real sockets; time moves when the test says so.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Agent, openAgent } from '../../src/main/agent/agent';
import type { AgentOptions } from '../../src/main/agent/agent-options';
import { agentViewSchema } from '../../src/shared/api/agent-view';
import { CLOSE_CODES } from '../../src/shared/protocol/codes';
import { FakeHardware, gpu } from '../support/fake-hardware';
import { ManualClock } from '../support/manual-clock';
import { ackOf, ScriptedScheduler, statusOf } from '../support/scripted-scheduler';
import { until } from '../support/until';

let folder: string;
let scheduler: ScriptedScheduler;
let clock: ManualClock;
let hardware: FakeHardware;
let agents: Agent[];
let lines: { readonly level: string; readonly event: string; readonly fields: unknown }[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-agent-'));
  scheduler = await ScriptedScheduler.open();
  clock = new ManualClock();
  hardware = new FakeHardware();
  agents = [];
  lines = [];
});

afterEach(async () => {
  for (const agent of agents) await agent.stop({ deadlineMs: 0 });
  expect(scheduler.connections.flatMap((connection) => connection.faults)).toEqual([]);
  expect(JSON.stringify(lines)).not.toMatch(/secret-|join-secret/);
  await scheduler.close();
  rmSync(folder, { recursive: true, force: true });
});

const optionsOf = (fields: Partial<AgentOptions> = {}): AgentOptions => ({
  version: '0.1.0',
  name: 'test machine',
  acceptPublicJobs: true,
  maxConcurrentJobs: 2,
  modelFolders: [],
  modelsDir: path.join(folder, 'models'),
  stateDir: folder,
  identityFile: path.join(folder, 'identity.json'),
  hardware,
  clock,
  logger: {
    log: (level, event, fields) => {
      lines.push({ level, event, fields });
    },
    isEnabled: () => true,
  },
  random: () => 0.5,
  fingerprint: () => Promise.resolve('this machine'),
  ...fields,
});

async function open(fields: Partial<AgentOptions> = {}): Promise<Agent> {
  const opened = await openAgent(optionsOf(fields));
  if (!opened.ok) throw new Error(opened.error.code);
  agents.push(opened.value);
  return opened.value;
}

async function started(fields: Partial<AgentOptions> = {}, joinToken: string | null = null): Promise<Agent> {
  const agent = await open(fields);
  agent.connectTo({ url: scheduler.url, joinToken });
  await agent.start();
  return agent;
}

const linkIs = (agent: Agent, state: string) =>
  until(`the link to be ${state}`, () => {
    const { link } = agent.view();
    return link.state === state ? link : null;
  });
const identityFile = () =>
  JSON.parse(readFileSync(path.join(folder, 'identity.json'), 'utf8')) as { schedulers: { node_id: string; node_token: string }[] };

async function connected(): Promise<Agent> {
  const agent = await started();
  await (await scheduler.connection(0)).accept();
  await linkIs(agent, 'connected');
  return agent;
}

describe('registering', () => {
  test('sends the machine as it is and beats at once when it is taken', async () => {
    const agent = await started({}, 'join-secret');
    const connection = await scheduler.connection(0);
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
    expect(scheduler.upgrades[0]?.headers.authorization).toBe('Bearer join-secret');
    connection.send(ackOf());
    expect(await connection.next('node_heartbeat')).toMatchObject({
      node_id: 'node-1',
      resource_usage: { cpu_percent: 12, mem_percent: 34, gpu_percent: 0, running_jobs: 0 },
      gpus: [{ index: 0, utilization_percent: 0, available: true }],
    });
    expect(await linkIs(agent, 'connected')).toMatchObject({ scheduler_url: scheduler.url });
    expect(agentViewSchema.parse(agent.view())).toMatchObject({ node_id: 'node-1', node_status: null, heartbeat_interval_seconds: 15 });
    expect(identityFile().schedulers).toEqual([{ scheduler_url: scheduler.url, node_id: 'node-1', node_token: 'secret-1' }]);
    if (process.platform !== 'win32') expect(statSync(path.join(folder, 'identity.json')).mode & 0o777).toBe(0o600);
  });

  test('shows no status before the scheduler says one, and afterwards its last word with its age', async () => {
    const agent = await connected();
    const connection = await scheduler.connection(0);
    connection.send(statusOf({ status: 'degraded', reason_code: 'health_check_failed' }));
    const receivedAt = clock.wallMs();
    await until('the status', () => agent.view().node_status);
    clock.advance(1000);
    connection.ws.terminate();
    await linkIs(agent, 'reconnecting');
    expect(agent.view().node_status).toMatchObject({ received_at: receivedAt, message: { status: 'degraded' } });
  });

  test('comes back as the same node after a restart, by its token', async () => {
    const first = await connected();
    await first.stop({ deadlineMs: 0 });
    await started();
    expect(await (await scheduler.connection(1)).next('node_register')).toMatchObject({ node_id: 'node-1', node_token: 'secret-1' });
  });

  test('a machine without a GPU says so, shows the refusal, and tries again when a GPU appears', async () => {
    hardware.adapters = [];
    const agent = await started();
    const connection = await scheduler.connection(0);
    expect((await connection.next('node_register')).hardware.gpus).toEqual([]);
    connection.refuse('NO_GPU_AVAILABLE');
    expect(await linkIs(agent, 'refused')).toMatchObject({ code: 'NO_GPU_AVAILABLE', message: 'NO_GPU_AVAILABLE / refused' });
    await until('our close', () => connection.closeCode === 1000);
    clock.advance(600_000);
    await agent.recheck();
    (await scheduler.connection(1)).refuse('NO_GPU_AVAILABLE');
    await linkIs(agent, 'refused');
    hardware.adapters = [gpu()];
    await agent.recheck();
    await (await scheduler.connection(2)).accept();
    await linkIs(agent, 'connected');
    expect(scheduler.connections).toHaveLength(3);
  });

  test.each([
    ['INVALID_CAPABILITY_SCHEMA', { field: 'capability_schema_version', reason: 'too new' }],
    ['INVALID_MESSAGE', { field: 'hardware', reason: 'bad' }],
  ])('%s is shown with its details and not hammered', async (code, details) => {
    const agent = await started();
    const connection = await scheduler.connection(0);
    await connection.next('node_register');
    connection.refuse(code, details);
    expect(await linkIs(agent, 'refused')).toMatchObject({ code, details });
    clock.advance(3_600_000);
    expect(scheduler.upgrades).toHaveLength(1);
  });

  test('an error of the scheduler is tried again later', async () => {
    const agent = await started();
    const connection = await scheduler.connection(0);
    await connection.next('node_register');
    connection.refuse('INTERNAL_ERROR');
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'INTERNAL_ERROR', attempt: 1, next_try_at: clock.wallMs() + 500 });
    clock.advance(500);
    await (await scheduler.connection(1)).accept();
  });

  test('a registration that is not answered within 10 s is given up', async () => {
    const agent = await started();
    await (await scheduler.connection(0)).next('node_register');
    clock.advance(10_000);
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'no_answer' });
  });
});

describe('the node id', () => {
  test('that belongs to another is deleted, a new one asked for at once, and the owner told', async () => {
    await (await connected()).stop({ deadlineMs: 0 });
    const agent = await started();
    const connection = await scheduler.connection(1);
    await connection.next('node_register');
    connection.refuse('NODE_ID_CONFLICT');
    expect(await connection.next('node_register')).toMatchObject({ node_id: null });
    expect(identityFile().schedulers).toEqual([]);
    connection.send(ackOf({ node_id: 'node-2', node_token: 'secret-2' }));
    await connection.next('node_heartbeat');
    expect(agent.view().notices).toMatchObject([{ code: 'node_id_replaced', details: { old_node_id: 'node-1', new_node_id: 'node-2' } }]);
    agent.dismissNotice(agent.view().notices[0]?.id ?? '');
    expect(agent.view().notices).toEqual([]);
  });

  test('refused twice on one connection closes it and waits', async () => {
    await (await connected()).stop({ deadlineMs: 0 });
    const agent = await started();
    const connection = await scheduler.connection(1);
    await connection.next('node_register');
    connection.refuse('NODE_ID_CONFLICT');
    await connection.next('node_register');
    connection.refuse('NODE_ID_CONFLICT');
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'NODE_ID_CONFLICT' });
    await until('our close', () => connection.closeCode === 1000);
  });

  test('copied from another machine is set aside and a new one made, and the owner told', async () => {
    await (await connected()).stop({ deadlineMs: 0 });
    const agent = await started({ fingerprint: () => Promise.resolve('another machine') });
    expect(await (await scheduler.connection(1)).next('node_register')).toMatchObject({ node_id: null });
    expect(agent.view().notices).toMatchObject([{ code: 'identity_of_another_machine', details: { node_ids: ['node-1'] } }]);
  });
});

describe('losing the connection', () => {
  test.each([
    [CLOSE_CODES.schedulerStopping, 'scheduler_stopping'],
    [CLOSE_CODES.registrationTimeout, 'closed_4001'],
    [CLOSE_CODES.heartbeatTimeout, 'closed_4004'],
    [CLOSE_CODES.tooManyInvalidMessages, 'closed_4008'],
    [CLOSE_CODES.tooSlow, 'closed_4009'],
  ])('close code %i is followed by another try, with the cause %s', async (code, cause) => {
    const agent = await connected();
    (await scheduler.connection(0)).ws.close(code);
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause });
    clock.advance(30_000);
    expect(await (await scheduler.connection(1)).accept()).toMatchObject({ node_id: 'node-1', node_token: 'secret-1' });
  });

  test.each([
    [CLOSE_CODES.replaced, 'REPLACED', 'replaced_by_newer_connection'],
    [CLOSE_CODES.removed, 'REMOVED', 'removed_by_operator'],
  ])('close code %i is %s: it stays away until the owner asks', async (closeCode, code, notice) => {
    const agent = await connected();
    (await scheduler.connection(0)).ws.close(closeCode);
    expect(await linkIs(agent, 'refused')).toMatchObject({ code });
    expect(agent.view().notices).toMatchObject([{ code: notice, details: { node_id: 'node-1' } }]);
    clock.advance(3_600_000);
    expect(scheduler.upgrades).toHaveLength(1);
    await agent.recheck();
    await (await scheduler.connection(1)).accept();
  });

  test('nobody at the address is told as refused, and the tries spread out up to 30 s', async () => {
    const { url } = scheduler;
    const agent = await open({ random: () => 0.999_999 });
    await scheduler.close();
    agent.connectTo({ url, joinToken: null });
    await agent.start();
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 7; attempt++) {
      const link = await until(`try ${String(attempt)}`, () => {
        const { link } = agent.view();
        return link.state === 'reconnecting' && link.attempt === attempt ? link : null;
      });
      expect(link.cause).toBe('refused');
      delays.push(Math.round((link.next_try_at - link.since) / 1000));
      clock.advance(link.next_try_at - clock.wallMs());
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 30, 30]);
    scheduler = await ScriptedScheduler.open();
  });

  test('an address that is none is told as such', async () => {
    const agent = await open();
    agent.connectTo({ url: 'not a url', joinToken: null });
    await agent.start();
    clock.advance(0);
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'invalid_url' });
  });

  test('a wrong token is shown and not hammered', async () => {
    scheduler.refusal = { status: 401 };
    const agent = await started({}, 'join-secret');
    expect(await linkIs(agent, 'refused')).toMatchObject({ code: 'UNAUTHORIZED' });
    clock.advance(3_600_000);
    expect(scheduler.upgrades).toHaveLength(1);
  });

  test('a full scheduler is given the time it asked for', async () => {
    scheduler.refusal = { status: 503, headers: { 'Retry-After': '17' } };
    const agent = await started();
    expect(await linkIs(agent, 'reconnecting')).toMatchObject({ cause: 'http_503', next_try_at: clock.wallMs() + 17_000 });
  });

  test('a program that is no scheduler is named by its answer', async () => {
    scheduler.refusal = { status: 404 };
    expect(await linkIs(await started(), 'reconnecting')).toMatchObject({ cause: 'http_404' });
  });

  test('a scheduler that falls silent for 45 s is half-open: cut and tried anew', async () => {
    const agent = await connected();
    const connection = await scheduler.connection(0);
    await until('the first pong', () => {
      const { link } = agent.view();
      return link.state === 'connected' && link.latency_ms !== null;
    });
    connection.ws.pause();
    clock.advance(44_999);
    expect(agent.view().link.state).toBe('connected');
    clock.advance(1);
    expect(agent.view().link).toMatchObject({ state: 'reconnecting', cause: 'silent' });
    connection.ws.resume();
  });

  test('a ping in time keeps the connection', async () => {
    const agent = await connected();
    const connection = await scheduler.connection(0);
    for (let i = 0; i < 4; i++) {
      clock.advance(30_000);
      await new Promise((resolve) => {
        connection.ws.once('pong', resolve);
        connection.ws.ping();
      });
    }
    expect(agent.view().link.state).toBe('connected');
  });

  test('frames that are no messages change nothing and end nothing', async () => {
    const agent = await connected();
    const connection = await scheduler.connection(0);
    for (const bad of ['', '{', '[]', 'null', '"x"', '{"type":"job_assign"}', '{"type":"node_status"}', `${'['.repeat(100_000)}`])
      connection.ws.send(bad);
    connection.ws.send(Buffer.from([0, 255]), { binary: true });
    connection.send(statusOf({ node_id: 'node-9', status: 'offline' }));
    connection.send(statusOf());
    await until('the good message after them', () => agent.view().node_status?.message.status === 'ready');
    expect(lines.filter(({ event }) => event === 'invalid_message')).toHaveLength(9);
  });
});

describe('heartbeats', () => {
  test('come every 3 s while warming up, then at the interval of the ack', async () => {
    const agent = await connected();
    const connection = await scheduler.connection(0);
    clock.advance(2999);
    clock.advance(1);
    await connection.next('node_heartbeat');
    connection.send(statusOf());
    await until('ready', () => agent.view().node_status);
    clock.advance(3000);
    await connection.next('node_heartbeat');
    clock.advance(14_999);
    const sent = agent.view().last_heartbeat_sent_at;
    clock.advance(1);
    await connection.next('node_heartbeat');
    expect(agent.view().last_heartbeat_sent_at).toBe((sent ?? 0) + 15_000);
  });

  test('a GPU that fails is told within a second of being seen', async () => {
    await connected();
    const connection = await scheduler.connection(0);
    hardware.fault = 'gpu_lost';
    clock.advance(2500);
    await until('the fault to be seen', () => lines.some(({ event }) => event === 'gpu_availability_changed'));
    clock.advance(1000);
    const heartbeat = await until('a heartbeat that says so', () =>
      connection.received.find((message) => message.type === 'node_heartbeat' && message.resource_usage.gpu_percent === null),
    );
    expect(heartbeat).toMatchObject({ gpus: [{ index: 0, available: false }] });
  });

  test('do not wait for a probe that hangs, and after 30 s stop claiming that the GPU is usable', async () => {
    await connected();
    const connection = await scheduler.connection(0);
    let release = (): void => undefined;
    hardware.hold = new Promise((resolve) => {
      release = resolve;
    });
    for (let seconds = 0; seconds < 39; seconds += 3) {
      clock.advance(3000);
      const heartbeat = await connection.next('node_heartbeat');
      expect(heartbeat.gpus).toMatchObject([{ available: seconds + 3 <= 30 }]);
    }
    release();
  });

  test('another set of GPUs is registered anew on the same connection', async () => {
    const agent = await connected();
    const connection = await scheduler.connection(0);
    hardware.adapters = [gpu(), gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1 })];
    await agent.recheck();
    clock.advance(1000);
    const again = await connection.next('node_register');
    expect(again).toMatchObject({ node_id: 'node-1', node_token: 'secret-1' });
    expect(again.hardware.gpus).toHaveLength(2);
  });
});

describe('the owner', () => {
  test('who finishes is not put to work again by a reconnect, until resuming', async () => {
    const agent = await connected();
    const first = await scheduler.connection(0);
    expect(agent.finish(60)).toEqual({ ok: true, value: {} });
    expect(await first.next('node_drain')).toMatchObject({ node_id: 'node-1', timeout_seconds: 60 });
    first.ws.terminate();
    await linkIs(agent, 'reconnecting');
    expect(agent.finish(null)).toMatchObject({ ok: false, error: { code: 'NOT_CONNECTED' } });
    clock.advance(1000);
    const second = await scheduler.connection(1);
    await second.accept();
    await second.next('node_drain');
    expect(agent.resume()).toEqual({ ok: true, value: {} });
    await second.next('node_resume');
  });

  test('who leaves a pool for another says goodbye to the first and is a new node to the second', async () => {
    const agent = await connected();
    const first = await scheduler.connection(0);
    const other = await ScriptedScheduler.open();
    agent.connectTo({ url: other.url, joinToken: null });
    expect(await first.next('node_unregister')).toMatchObject({ node_id: 'node-1' });
    expect(await (await other.connection(0)).accept({ node_id: 'node-7' })).toMatchObject({ node_id: null });
    agent.connectTo({ url: scheduler.url, joinToken: null });
    expect(await (await scheduler.connection(1)).next('node_register')).toMatchObject({ node_id: 'node-1', node_token: 'secret-1' });
    agent.connectTo(null);
    expect(agent.view()).toMatchObject({ link: { state: 'idle' }, node_id: null, node_status: null });
    await other.close();
  });

  test('who stops the agent has it drained first', async () => {
    const agent = await connected();
    const connection = await scheduler.connection(0);
    const stopped = agent.stop({ deadlineMs: 5000 });
    await connection.next('node_drain');
    connection.send(statusOf({ status: 'draining', reason_code: 'drain_requested' }));
    connection.send(statusOf({ status: 'offline', reason_code: 'drain_complete' }));
    await stopped;
    await until('our close', () => connection.closeCode === 1000);
    expect(clock.pending).toBeLessThanOrEqual(1);
  });

  test('who stops the agent does not wait longer than the deadline', async () => {
    const agent = await connected();
    const stopped = agent.stop({ deadlineMs: 5000 });
    clock.advance(5000);
    await stopped;
  });
});

describe('sleep', () => {
  test('closes the connection, and waking looks at the hardware again before it connects', async () => {
    const agent = await connected();
    const first = await scheduler.connection(0);
    agent.suspend();
    await until('our close', () => first.closeCode === 1000);
    expect(agent.view().link.state).toBe('connecting');
    clock.advance(3_600_000);
    hardware.adapters = [gpu({ memoryGb: 48 })];
    await agent.wake();
    expect((await (await scheduler.connection(1)).accept()).hardware.gpus).toMatchObject([{ memory_gb: 48 }]);
    await linkIs(agent, 'connected');
  });
});

describe('the state folder', () => {
  test('serves one agent at a time', async () => {
    const agent = await open();
    expect(await openAgent(optionsOf())).toEqual({
      ok: false,
      error: { code: 'STATE_IN_USE', lockFile: path.join(folder, 'agent.lock'), pid: process.pid },
    });
    await agent.stop({ deadlineMs: 0 });
    await open();
  });

  test('with a broken identity keeps it aside and makes a new one', async () => {
    writeFileSync(path.join(folder, 'identity.json'), '{"node_token": "secret-9"');
    await started();
    expect(await (await scheduler.connection(0)).next('node_register')).toMatchObject({ node_id: null });
    expect(readFileSync(path.join(folder, 'identity.json.corrupt'), 'utf8')).toContain('secret-9');
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([{ event: 'identity_corrupt' }]);
  });
});

test('subscribers are told every change once per turn', async () => {
  const agent = await open();
  const links: string[] = [];
  const stop = agent.subscribe((view) => {
    links.push(view.link.state);
  });
  agent.connectTo({ url: scheduler.url, joinToken: null });
  await agent.start();
  await (await scheduler.connection(0)).accept();
  await linkIs(agent, 'connected');
  await until('the news', () => links.includes('connected'));
  stop();
  const told = links.length;
  agent.connectTo(null);
  await Promise.resolve();
  expect(links).toHaveLength(told);
});
