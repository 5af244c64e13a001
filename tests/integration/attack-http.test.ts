// Attacks on the HTTP server: forged targets, requests of other sites, and connections without end (docs/api.md, Access).
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { schedulerOfTest } from '../support/scheduler-of-test';
import { TestNode } from '../support/test-node';
import type { TestScheduler } from '../support/test-scheduler';

/** The status line of the answer to raw bytes. */
async function rawStatus({ port }: TestScheduler, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString().split('\r\n', 1)[0] ?? '';
}

describe('HTTP details', () => {
  it('two Host headers -> 400; absolute target of another host -> 403; request of another site -> 403', async () => {
    const scheduler = await schedulerOfTest();
    const host = `127.0.0.1:${String(scheduler.port)}`;
    expect(await rawStatus(scheduler, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`)).toContain('400');
    expect(await rawStatus(scheduler, `GET http://evil.example/healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toContain('403');
    expect(await rawStatus(scheduler, `GET http://${host}/healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toContain('200');
    const from = (site: string, path: string) => sendRequest(scheduler.port, { path, headers: { 'sec-fetch-site': site } });
    expect((await from('cross-site', '/api/v1/events')).status).toBe(403);
    expect((await from('same-site', '/v1/models')).status).toBe(403);
    expect((await from('same-origin', '/api/v1/nodes')).status).toBe(200);
  });

  it('more connections of one address than the maximum -> 503, then again allowed', async () => {
    const scheduler = await schedulerOfTest({ server: { maxConnectionsPerAddress: 16 } });
    const sockets = Array.from({ length: 16 }, () => connect(scheduler.port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await expect.poll(() => rawStatus(scheduler, 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')).toContain('503');
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => rawStatus(scheduler, 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')).toContain('200');
    expect(scheduler.log.of('limit_reached')[0]).toEqual({ limit: 'connections_per_address', from: '127.0.0.1', count: 1 });
  });

  it('refused upgrades whose clients keep their side open -> counted until they are closed, closed after 2 s', async () => {
    const scheduler = await schedulerOfTest({ server: { maxConnectionsPerAddress: 16 } });
    const sockets: Socket[] = [];
    const upgrade = async (): Promise<string> => {
      const socket = connect({ port: scheduler.port, host: '127.0.0.1', allowHalfOpen: true });
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write('GET /ws/node HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      const [data] = (await once(socket, 'data')) as [Buffer];
      return data.toString().split('\r\n', 1)[0] ?? '';
    };
    for (let i = 0; i < 16; i++) expect(await upgrade()).toContain('403');
    expect(await upgrade()).toContain('503');
    await expect.poll(upgrade, { interval: 500, timeout: 20_000 }).toContain('403');
    for (const socket of sockets) socket.destroy();
  });

  it('node sockets -> not counted as connections of HTTP', async () => {
    const scheduler = await schedulerOfTest({ server: { maxConnectionsPerAddress: 16 } });
    for (let i = 0; i < 20; i++) await TestNode.registered(scheduler.url, { node_id: `node-${String(i)}` });
    expect((await sendRequest(scheduler.port, { path: '/healthz' })).status).toBe(200);
  });
});
