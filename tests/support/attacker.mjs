// An attacker in a thread of its own, at another loopback address: one attack of the table, again and again until the thread ends. It
// counts its acts, and reports which statuses HTTP answers had.
import { randomUUID } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';

/** `largeJob`: a job of this program with a large result. @type {Record<'attack' | 'invitation' | 'programKey' | 'largeJob', string> & { port: number }} */
const { attack, port, invitation, programKey, largeJob } = workerData;
const localAddress = '127.0.0.2';
const host = '127.0.0.1';
const at = `${host}:${String(port)}`;
let acts = 0;
/** @type {Set<string>} */
const statuses = new Set();

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A connection that sends bytes, and ends after a time. @param {string | Buffer} bytes @param {number} ms */
const raw = (bytes, ms) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, localAddress });
    socket.on('error', () => undefined).on('data', () => undefined);
    socket.once('data', (answer) => statuses.add(answer.toString('latin1', 9, 12)));
    socket.on('close', () => resolve(undefined));
    socket.write(bytes);
    setTimeout(() => socket.destroy(), ms);
    acts++;
  });

/** The answer to a whole request ends its connection. @param {string} path @param {string | Buffer} body @param {string} token */
const post = (path, body, token) =>
  raw(
    Buffer.concat([
      Buffer.from(
        `POST ${path} HTTP/1.1\r\nHost: ${at}\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n`,
      ),
      Buffer.from(body),
    ]),
    5000,
  );

/** A request whose answer is not read. @param {string} path @param {string} token */
const unread = (path, token) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, localAddress });
    socket.on('error', () => undefined).on('close', () => resolve(undefined));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${at}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    socket.pause();
    setTimeout(() => socket.destroy(), 5000);
    acts++;
  });

/** @param {(ws: WebSocket) => void} onOpen */
const nodeSocket = (onOpen) =>
  new Promise((resolve) => {
    const ws = new WebSocket(`ws://${at}/ws/node`, { localAddress, headers: { authorization: `Bearer ${invitation}` } });
    ws.on('error', () => undefined).on('close', () => resolve(undefined));
    ws.on('open', () => onOpen(ws));
    ws.on('message', () => ws.terminate());
    acts++;
  });

const models = Array.from({ length: 200 }, (_, i) => ({ model_id: `${randomUUID()}-${String(i)}`, kind: 'llm', version: '1' }));
const register = () => ({
  type: 'node_register',
  node_id: randomUUID(),
  version: '1',
  platform: 'linux',
  hardware: { cpu_cores: 1, memory_gb: 1, gpus: [{ name: 'g', memory_gb: 1 }] },
  installed_models: models,
  features_supported: {},
  accept_public_jobs: true,
});
const LARGE = `{"model":"x","messages":[${'{},'.repeat(3_900_000)}{}]}`;
const COSTLY = `{"model":"x","input":[${Array.from({ length: 90_000 }, (_, i) => `"${String(i)}"`).join()}]}`;

/** The first bytes of a TLS client. @returns {Promise<Buffer>} */
const clientHello = () =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', (bytes) => {
          resolve(bytes);
          socket.destroy();
          server.close();
        });
    });
    server.listen(0, host, () => {
      const { port: ownPort } = /** @type {import('node:net').AddressInfo} */ (server.address());
      connectTls({ port: ownPort, host, rejectUnauthorized: false }).on('error', () => undefined);
    });
  });

/** Opens many connections, and then sends on all of them at once. Costs the attacker far less than the scheduler. @param {number} count */
const handshakesAtOnce = async (count) => {
  const hello = await clientHello();
  const sockets = Array.from({ length: count }, () => connect({ host, port, localAddress }));
  const ends = sockets.map((socket) => new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve)));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))));
  for (const socket of sockets) {
    socket.once('data', () => socket.destroy()).write(hello);
    acts++;
  }
  await Promise.all(ends);
};

/** @type {Record<string, () => Promise<unknown>>} */
const ATTACKS = {
  'bodies of many objects': () => post('/v1/chat/completions', LARGE, programKey),
  'bodies at the limit of the structure': () => post('/v1/embeddings', COSTLY, programKey),
  'jobs of one program': () => post('/api/v1/jobs', '{"task":{"kind":"command","model_id":"x","input":"y"}}', programKey),
  'half requests': () => raw(`POST /api/v1/jobs HTTP/1.1\r\nHost: ${at}\r\nContent-Length: 11000000\r\n\r\n${'x'.repeat(500_000)}`, 3000),
  'unread answers': () => unread(`/api/v1/jobs/${largeJob}`, programKey),
  'ghost nodes': () => nodeSocket((ws) => ws.send(JSON.stringify(register()))),
  'silent node sockets': () => nodeSocket((ws) => setTimeout(() => ws.terminate(), 1000)),
  'wrong tokens': () => post('/api/v1/jobs', '{}', `guess-${randomUUID()}`),
  'requests to join': () =>
    new Promise((resolve) => {
      const socket = connectTls({ socket: connect({ host, port, localAddress }), rejectUnauthorized: false });
      socket.on('error', () => undefined).on('close', () => resolve(undefined));
      const ws = new WebSocket(`ws://${at}/ws/join`, { createConnection: () => socket });
      ws.on('error', () => undefined).on('open', () =>
        ws.send(JSON.stringify({ type: 'hello', key: 'A'.repeat(122), commitment: 'A'.repeat(43) })),
      );
      ws.on('message', () => ws.terminate());
      setTimeout(() => socket.destroy(), 1000);
      acts++;
    }),
  'TLS handshakes at once': () => handshakesAtOnce(100),
  'half-open TLS': () => raw(Buffer.from('160301020001000', 'hex'), 2000),
  'many connections': () => raw('', 500),
};

/** How many at once. Large bodies keep the thread of the attacker busy. */
const AT_ONCE = /** @type {Record<string, number>} */ ({
  'bodies of many objects': 2,
  'bodies at the limit of the structure': 1,
  'jobs of one program': 10,
  'TLS handshakes at once': 1,
})[attack];

/** Each body at the limit takes tens of milliseconds of CPU. The limits of a key bound how many come in a second. */
const pauseMs = attack === 'bodies at the limit of the structure' ? 200 : 20;

async function repeat() {
  for (;;) {
    await ATTACKS[attack]?.();
    await pause(pauseMs);
  }
}

const atOnce = AT_ONCE ?? 100;
const startedAtMonotonicMs = performance.now();
for (let i = 0; i < atOnce; i++) void repeat();
setInterval(() => {
  const actMs = (atOnce * (performance.now() - startedAtMonotonicMs)) / acts;
  parentPort?.postMessage({ acts, actMs, statuses: [...statuses] });
}, 100);
