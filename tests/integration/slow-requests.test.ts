// A client that begins a request and does not finish it gets an answer, and delays no other client.
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { accessPolicyOf } from '../../src/main/scheduler/access/access-policy';
import { createHttpServer } from '../../src/main/scheduler/api/http-server';
import { json, route } from '../../src/main/scheduler/api/route';
import { StaticFiles } from '../../src/main/scheduler/api/static-files';
import { openAccess } from '../support/open-access';
import { openHttpLimits } from '../support/open-limits';
import { KeptLog } from '../support/test-scheduler';
import { within } from '../support/within';

it('slow request: time limit passed -> 408 within a second', async () => {
  const files = new StaticFiles(new Map());
  const routes = [route({ method: 'POST', path: '/slow', access: 'anyone', summary: '', answers: {}, handle: () => json({}) })];
  const server = createHttpServer({
    accessPolicy: accessPolicyOf('127.0.0.1', 'box', []),
    ...openAccess(),
    routes,
    files,
    logger: new KeptLog(),
    ...openHttpLimits(),
  });
  expect([server.server.headersTimeout, server.server.requestTimeout]).toEqual([10_000, 10_000]);
  server.server.headersTimeout = 50;
  server.server.requestTimeout = 100;
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const ended = new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (data) => (text += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(text);
    });
    socket.write(
      `POST /slow HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
  });
  const answer = await within('the answer to a request that does not go on', ended);
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
  await server.close();
});
