// No token of a node before proof on loopback (ADR 0023): a node without another secret shows its token to a scheduler alone that has proven
// to know the token. It is registered as before where the scheduler lost its data, or cannot prove.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { fingerprintOf, proofOf, secretHashOf } from '../../src/main/trust/proof';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { sendRequest } from '../support/http-api';
import { agreeing, answer, openImpostor } from '../support/impostor';
import { TestNode } from '../support/test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const bench = useAgentBench();
let folder: ReturnType<typeof temporaryDir>;
let scheduler: TestScheduler | null = null;
let port = 0;
const start = async (database = 'scheduler.db'): Promise<TestScheduler> => {
  const started = await startTestScheduler({ server: { port }, databaseFile: path.join(folder.dir, database) });
  scheduler = started;
  port = started.port;
  return started;
};
const stop = async (): Promise<void> => {
  await scheduler?.stop();
  scheduler = null;
};
beforeEach(async () => {
  folder = temporaryDir();
  port = 0;
  await start();
});
afterEach(async () => {
  await stop();
  folder.remove();
});

const url = (): string => `ws://127.0.0.1:${String(port)}`;
async function open(): Promise<Agent> {
  const agent = await bench().open();
  agent.connectTo({ url: url(), joinToken: null });
  await agent.start();
  return agent;
}
const causeIs = (agent: Agent, cause: string) =>
  until(`the cause ${cause}`, () => {
    const { link } = agent.view();
    return link.state === 'reconnecting' && link.cause === cause;
  });

interface Stored {
  readonly node_id: string;
  readonly node_token: string;
  proves_token?: boolean;
}
const stored = (): Stored => (bench().identityFile().schedulers as Stored[])[0] ?? { node_id: '', node_token: '' };

/** A node of the scheduler that has left. Answers its id and token. */
async function joined(): Promise<Stored> {
  const agent = await open();
  await linkIs(agent, 'connected');
  await agent.stop({ timeoutMs: 0 });
  expect(stored()).toMatchObject({ node_token: expect.stringMatching(/^[\w-]{43}$/) as string, proves_token: true });
  return stored();
}

/** The identity as an earlier version of the agent stored it. */
function forgetProof(): void {
  const file = path.join(bench().folder, 'identity.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/,\s*"proves_token": true/, ''));
  expect(stored()).not.toHaveProperty('proves_token');
}

test.each<readonly [string, (socket: Socket) => void]>([
  ['200 with a false proof', agreeing],
  ['404', (socket) => void socket.write(answer('404 Not Found', '{}'))],
  ['upgrade', (socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')],
  ['end of the connection', (socket) => socket.end()],
])('impostor, %s -> not_proven, neither token nor id sent, identity kept', async (_name, handle) => {
  const identity = await joined();
  await stop();
  const impostor = await openImpostor(handle, { port });
  const agent = await open();
  await causeIs(agent, 'not_proven');
  expect(impostor.received()).toContain('/api/v1/proof?');
  for (const secret of [identity.node_token, identity.node_id, 'Muster-Node']) expect(impostor.received()).not.toContain(secret);
  expect(stored()).toEqual(identity);
});

/** Accepts the upgrade of a WebSocket without its key, so the agent refuses the answer. */
const refusing =
  (status: string, code: string) =>
  (socket: Socket, piece: string): void => {
    const isProof = piece.includes('/api/v1/proof?');
    socket.write(isProof ? answer(status, `{"error":{"code":"${code}","message":"no","details":null}}`) : answer('404 Not Found', '{}'));
  };

test.each([
  ['401 Unauthorized', 'UNAUTHORIZED'],
  ['429 Too Many Requests', 'TOO_MANY_ATTEMPTS'],
])('impostor that claims not to know the token, %s -> upgrade without the token', async (status, code) => {
  const identity = await joined();
  await stop();
  const impostor = await openImpostor(refusing(status, code), { port });
  await causeIs(await open(), 'http_404');
  expect(impostor.received()).toContain('GET /ws/node');
  expect(impostor.received()).not.toContain(identity.node_token);
});

test('a member that does not lead refuses the proof -> NOT_LEADER, no upgrade, no token', async () => {
  const identity = await joined();
  await stop();
  const member = await openImpostor(refusing('503 Service Unavailable', 'NOT_LEADER'), { port });
  await causeIs(await open(), 'NOT_LEADER');
  expect(member.received()).not.toContain('GET /ws/node');
  expect(member.received()).not.toContain(identity.node_token);
});

test.each([
  ['identity of an earlier version, program without the proof', (socket: Socket) => void socket.write(answer('404 Not Found', '{}'))],
  ['identity of an earlier version, false proof', agreeing],
])('%s -> upgrade without the token', async (_name, handle) => {
  const identity = await joined();
  forgetProof();
  await stop();
  const impostor = await openImpostor(handle, { port });
  const agent = await open();
  await until('the upgrade', () => impostor.received().includes('GET /ws/node'));
  await linkIs(agent, 'reconnecting');
  expect(impostor.received()).not.toContain(identity.node_token);
});

test.each([['as stored'], ['by an earlier version']])(
  'scheduler that knows the token, identity %s -> the same node, token kept',
  async (by) => {
    const identity = await joined();
    if (by === 'by an earlier version') forgetProof();
    await linkIs(await open(), 'connected');
    expect(stored()).toEqual(identity);
    expect(scheduler?.log.of('auth_failed')).toEqual([]);
  },
);

test('scheduler that lost its data -> accepted with the same id and a new token', async () => {
  const identity = await joined();
  await stop();
  await start('empty.db');
  await linkIs(await open(), 'connected');
  expect(stored().node_id).toBe(identity.node_id);
  expect(stored().node_token).not.toBe(identity.node_token);
});

test('scheduler that lost its data, id taken by another node -> a new id, owner informed', async () => {
  const identity = await joined();
  await stop();
  const { url: http } = await start('empty.db');
  const other = await TestNode.registered(http, { node_id: identity.node_id });
  const agent = await open();
  await linkIs(agent, 'connected');
  expect(stored().node_id).not.toBe(identity.node_id);
  expect(agent.view().notices).toMatchObject([{ code: 'node_id_replaced', details: { old_node_id: identity.node_id } }]);
  other.close();
});

test('scheduler of another maker -> token as before, no proof requested; it never said that it proves', async () => {
  await (await bench().connected()).stop({ timeoutMs: 0 });
  await bench().started();
  expect(await (await bench().scheduler.connection(1)).next('node_register')).toMatchObject({ node_id: 'node-1', node_token: 'secret-1' });
  expect(bench().scheduler.upgrades[1]?.headers).toMatchObject({ 'muster-node-id': 'node-1', 'muster-node-token': 'secret-1' });
});

test('scheduler of another maker, identity of an earlier version -> registered without the token', async () => {
  await (await bench().connected()).stop({ timeoutMs: 0 });
  const file = path.join(bench().folder, 'identity.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/,\s*"proves_token": false/, ''));
  await bench().started();
  const registration = await (await bench().scheduler.connection(1)).accept();
  expect(registration).toMatchObject({ node_id: 'node-1' });
  expect(registration).not.toHaveProperty('node_token');
  expect(bench().scheduler.upgrades[1]?.headers).not.toHaveProperty('muster-node-token');
});

test('port forwarded to another number -> the same node, as before', async () => {
  const target = port;
  const upstream = new Map<Socket, Socket>();
  const forwarder = await openImpostor((socket, piece) => {
    const to = upstream.get(socket) ?? connect(target, '127.0.0.1');
    if (!upstream.has(socket)) {
      upstream.set(socket, to);
      to.on('data', (data) => void socket.write(data)).on('error', () => undefined);
      socket.on('close', () => to.destroy());
    }
    to.write(piece, 'latin1');
  });
  port = forwarder.port;
  const first = await open();
  await linkIs(first, 'connected');
  await first.stop({ timeoutMs: 0 });
  const identity = stored();
  expect(identity.proves_token).toBe(false);
  await linkIs(await open(), 'connected');
  expect(stored()).toEqual(identity);
});

test('route: token of a node -> proven, also after a restart; token of a deleted node -> 401', async () => {
  const { node_id: nodeId, node_token: token } = await joined();
  const hash = secretHashOf(token);
  const nonce = 'C'.repeat(43);
  const path = `/api/v1/proof?key=${fingerprintOf(hash)}&nonce=${nonce}`;
  const ask = () => sendRequest(port, { path, headers: { authorization: null } });
  const proof = { proof: proofOf(hash, nonce, { address: '127.0.0.1', port }) };
  expect((await ask()).json()).toEqual(proof);
  await stop();
  await start();
  expect((await ask()).json()).toEqual(proof);
  expect((await sendRequest(port, { method: 'DELETE', path: `/api/v1/nodes/${nodeId}` })).status).toBe(200);
  expect((await ask()).status).toBe(401);
});
