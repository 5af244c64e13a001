// The state that a restart of the scheduler keeps, and the faults that prevent its start, with real database files.
import { DatabaseSync } from 'node:sqlite';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/main/platform/logger';
import { openScheduler, type SchedulerFailure } from '../../src/main/scheduler/open-scheduler';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { ManualClock } from '../support/manual-clock';
import { heartbeat, registration, TestNode } from '../support/test-node';
import { type ConfigChange, startTestScheduler, temporaryDir, testConfig, type TestScheduler } from '../support/test-scheduler';

let folder: ReturnType<typeof temporaryDir>;
let databaseFile: string;
const running: TestScheduler[] = [];

beforeEach(() => {
  folder = temporaryDir();
  databaseFile = path.join(folder.dir, 'scheduler.db');
});
afterEach(async () => {
  for (const scheduler of running.splice(0)) await scheduler.stop();
  folder.remove();
});

async function start(change: ConfigChange = {}): Promise<TestScheduler> {
  const scheduler = await startTestScheduler({ databaseFile, ...change });
  running.push(scheduler);
  return scheduler;
}

async function restart(): Promise<TestScheduler> {
  await running.pop()?.stop();
  return start();
}

async function nodesOf({ port }: TestScheduler): Promise<readonly Record<string, unknown>[]> {
  const { nodes } = (await sendRequest(port, { path: '/api/v1/nodes' })).json() as { nodes: Record<string, unknown>[] };
  return nodes;
}

async function failureOf(): Promise<SchedulerFailure> {
  const options = {
    config: await testConfig(),
    databaseFile,
    clock: new ManualClock(),
    logger: silentLogger,
    version: '1',
    ownerKey: () => OWNER_KEY,
  };
  const opened = await openScheduler(options);
  if (opened.ok) throw new Error('the database opened');
  return opened.error;
}

/** The failure. Checks that the folder is byte for byte as before. */
async function failureThatTouchesNothing(): Promise<SchedulerFailure> {
  const contents = (): unknown =>
    readdirSync(folder.dir).map((name) => [name, readFileSync(path.join(folder.dir, name)).toString('base64')]);
  const before = contents();
  const failure = await failureOf();
  expect(contents()).toEqual(before);
  return failure;
}

describe('restart', () => {
  it('ready node registers again with its token -> same node, no conflict', async () => {
    const before = await start();
    const node = await TestNode.registered(before.url);
    for (let i = 0; i < 3; i++) node.send(heartbeat(node.nodeId));
    await node.settled();
    const after = await restart();
    expect(await nodesOf(after)).toMatchObject([
      { node_id: node.nodeId, status: 'ready', online: false, last_heartbeat_at: null, hardware: { cpu_cores: 8 } },
    ]);
    const back = await TestNode.registered(after.url, { node_id: node.nodeId, node_token: node.ack.node_token });
    expect(back.ack.node_id).toBe(node.nodeId);
    expect(await nodesOf(after)).toMatchObject([{ status: 'registering', previous_status: 'ready', online: true }]);
  });

  it('200 known nodes connect at once, beside strangers -> all registered within seconds, known nodes first', async () => {
    const server = { maxNewNodesPerMinute: 1000 };
    const before = await start({ server });
    const known: { readonly id: string; readonly token: string }[] = [];
    for (let i = 0; i < 200; i++) {
      const { ack } = await TestNode.registered(before.url, { node_id: `node-${String(i)}` });
      known.push({ id: ack.node_id, token: ack.node_token ?? '' });
    }
    await running.pop()?.stop();
    const after = await start({ server });
    const strangers = await Promise.all(Array.from({ length: 8 }, () => TestNode.connect(after.url)));
    const nodes = await Promise.all(
      known.map(({ id, token }) => TestNode.connect(after.url, { 'muster-node-id': id, 'muster-node-token': token })),
    );
    const startedAtMonotonicMs = performance.now();
    const order: string[] = [];
    const registered = async (node: TestNode, nodeId: string, token?: string): Promise<void> => {
      node.send(registration({ node_id: nodeId, ...(token === undefined ? {} : { node_token: token }) }));
      order.push((await node.next('node_register_ack')).node_id);
    };
    await Promise.all([
      ...strangers.map((node, i) => registered(node, `stranger-${String(i)}`)),
      ...nodes.map((node, i) => registered(node, known[i]?.id ?? '', known[i]?.token)),
    ]);
    const tookMs = performance.now() - startedAtMonotonicMs;
    process.stdout.write(`208 registrations: ${tookMs.toFixed(0)} ms\n`);
    expect(tookMs).toBeLessThan(5000);
    expect(order.at(-1)).toMatch(/^stranger/);
  }, 30_000);

  it('another client uses the id of a node -> refused', async () => {
    const before = await start();
    await TestNode.registered(before.url, { node_id: 'mine' });
    const after = await restart();
    const thief = await TestNode.connect(after.url);
    thief.sendRaw(JSON.stringify({ ...heartbeat('mine') }));
    expect(await thief.next('node_error')).toMatchObject({ code: 'NOT_REGISTERED' });
    await expect(TestNode.registered(after.url, { node_id: 'mine', node_token: 'guess' })).rejects.toThrow('NODE_ID_CONFLICT');
  });

  it('no node offline before a whole grace period', async () => {
    const before = await start();
    const node = await TestNode.registered(before.url, { node_id: 'mine' });
    await node.settled();
    const after = await restart();
    after.clock.advance(44_000);
    expect(await nodesOf(after)).toMatchObject([{ status: 'registering', online: false }]);
    after.clock.advance(2000);
    expect(await nodesOf(after)).toMatchObject([{ status: 'offline', reason_code: 'heartbeat_timeout' }]);
  });

  it('quarantined node -> still quarantined until released', async () => {
    const before = await start();
    const node = await TestNode.registered(before.url, { node_id: 'mine' });
    await before.pool.quarantine('mine', { reason: 'wrong answers' });
    const after = await restart();
    const quarantine = { by: 'operator', reason: 'wrong answers' };
    expect(await nodesOf(after)).toMatchObject([{ quarantine }]);
    await TestNode.registered(after.url, { node_id: 'mine', node_token: node.ack.node_token });
    expect(await nodesOf(after)).toMatchObject([{ status: 'registering', quarantine }]);
    await after.pool.release('mine');
    expect(await nodesOf(after)).toMatchObject([{ quarantine: null }]);
  });

  it('drained node -> still draining until resumed', async () => {
    const before = await start();
    const node = await TestNode.registered(before.url, { node_id: 'mine' });
    await before.pool.drain('mine', { reason: 'repair' });
    const after = await restart();
    expect(await nodesOf(after)).toMatchObject([
      { status: 'offline', reason_code: 'drain_complete', drain: { by: 'operator', reason: 'repair' } },
    ]);
    const back = await TestNode.registered(after.url, { node_id: 'mine', node_token: node.ack.node_token });
    back.send(heartbeat('mine'));
    await back.settled();
    expect(back.received.flatMap((message) => (message.type === 'node_status' ? [message.status] : []))).toEqual([
      'registering',
      'draining',
      'offline',
    ]);
    expect(await after.pool.resume('mine')).toMatchObject({ ok: true, value: { node_id: 'mine', status: 'registering', drain: null } });
  });

  it('removed node -> still removed', async () => {
    const before = await start();
    await TestNode.registered(before.url, { node_id: 'gone' });
    await before.pool.remove('gone');
    expect(await nodesOf(await restart())).toEqual([]);
  });

  it('crash after an ack -> identity on the disk', async () => {
    const before = await start();
    const node = await TestNode.registered(before.url, { node_id: 'mine' });
    const copy = path.join(folder.dir, 'crashed.db');
    for (const suffix of ['', '-wal']) writeFileSync(copy + suffix, readFileSync(databaseFile + suffix));
    databaseFile = copy;
    const after = await start();
    const back = await TestNode.registered(after.url, { node_id: 'mine', node_token: node.ack.node_token });
    expect(back.ack.node_id).toBe('mine');
  });

  it('database file -> no token inside, readable by its owner only', async () => {
    const before = await start();
    const node = await TestNode.registered(before.url);
    await running.pop()?.stop();
    expect(readFileSync(databaseFile).includes(node.ack.node_token)).toBe(false);
    expect(statSync(databaseFile).mode & 0o777).toBe(0o600);
  });
});

describe('unusable database: start fails, file unchanged', () => {
  it.each([
    ['text', Buffer.from('this is a diary, not a database')],
    ['a broken header', Buffer.alloc(8192)],
    ['a header and nothing after it', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8192, 7)])],
  ])('%s', async (_what, content) => {
    writeFileSync(databaseFile, content);
    expect(await failureThatTouchesNothing()).toMatchObject({ code: 'DATABASE_UNREADABLE', details: { file: databaseFile } });
  });

  it('a folder', async () => {
    mkdirSync(databaseFile);
    expect(await failureOf()).toMatchObject({ code: 'DATABASE_UNREADABLE', details: { reason: 'not a file' } });
  });

  it('damaged pages', async () => {
    const scheduler = await start();
    for (let i = 0; i < 40; i++) await TestNode.registered(scheduler.url);
    await running.pop()?.stop();
    const bytes = readFileSync(databaseFile);
    bytes.fill(0xaa, 5000, 9000);
    writeFileSync(databaseFile, bytes);
    expect(await failureThatTouchesNothing()).toMatchObject({ code: 'DATABASE_UNREADABLE' });
  });

  it('written by a newer Muster -> both versions named', async () => {
    await start();
    await running.pop()?.stop();
    const database = new DatabaseSync(databaseFile);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await failureThatTouchesNothing()).toEqual({
      code: 'DATABASE_TOO_NEW',
      details: { file: databaseFile, found: 99, supported: 12 },
    });
  });

  it('of another program', async () => {
    const database = new DatabaseSync(databaseFile);
    database.exec('CREATE TABLE songs (title TEXT)');
    database.close();
    expect(await failureThatTouchesNothing()).toMatchObject({
      code: 'DATABASE_UNREADABLE',
      details: { reason: 'a database of another program' },
    });
  });

  it('invalid row -> row and column named', async () => {
    const scheduler = await start();
    await TestNode.registered(scheduler.url, { node_id: 'mine' });
    await running.pop()?.stop();
    const database = new DatabaseSync(databaseFile);
    database.exec("UPDATE nodes SET profile = '{}'");
    database.close();
    expect(await failureOf()).toMatchObject({
      code: 'DATABASE_UNREADABLE',
      details: { reason: expect.stringContaining('row mine, profile.name') as string },
    });
  });

  it('used by another Muster', async () => {
    const scheduler = await start();
    await TestNode.registered(scheduler.url, { node_id: 'mine' });
    expect(await failureOf()).toEqual({ code: 'DATABASE_LOCKED', details: { file: databaseFile } });
    expect(await nodesOf(scheduler)).toMatchObject([{ node_id: 'mine' }]);
  });

  it('folder cannot be created', async () => {
    writeFileSync(path.join(folder.dir, 'file'), '');
    databaseFile = path.join(folder.dir, 'file', 'scheduler.db');
    expect(await failureOf()).toMatchObject({ code: 'DATABASE_UNREADABLE' });
  });
});

describe('start', () => {
  it('port in use -> PORT_IN_USE, database released', async () => {
    const other = await start();
    const options = {
      config: await testConfig({ server: { port: other.port } }),
      databaseFile: path.join(folder.dir, 'second.db'),
      clock: new ManualClock(),
      logger: silentLogger,
      version: '1',
      ownerKey: () => OWNER_KEY,
    };
    const opened = await openScheduler(options);
    if (!opened.ok) throw new Error(opened.error.code);
    expect(await opened.value.listen({ app: null, rendererDir: null })).toEqual({
      ok: false,
      error: { code: 'PORT_IN_USE', details: { host: '127.0.0.1', port: other.port } },
    });
    await opened.value.stop();
    expect(existsSync(path.join(folder.dir, 'second.db-wal'))).toBe(false);
  });

  it.each([['192.0.2.1', 'ADDRESS_NOT_AVAILABLE']])('%s -> %s', async (host, code) => {
    const options = {
      config: await testConfig({ server: { host } }),
      databaseFile,
      clock: new ManualClock(),
      logger: silentLogger,
      version: '1',
      ownerKey: () => OWNER_KEY,
    };
    const opened = await openScheduler(options);
    if (!opened.ok) throw new Error(opened.error.code);
    expect(await opened.value.listen({ app: null, rendererDir: null })).toMatchObject({ ok: false, error: { code } });
    await opened.value.stop();
  });
});
