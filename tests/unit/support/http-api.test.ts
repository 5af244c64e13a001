// The HTTP client of the tests rejects when a server does not answer, and names the request.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendRequest } from '../../support/http-api';

let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
    response.writeHead(200, { 'content-length': '10' });
    response.write('half');
    if (request.url === '/whole') response.end(' whole');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

test.each(['/silent', '/half'])('sendRequest: %s, no whole answer in time -> rejects and names the request', async (path) => {
  const answer = sendRequest(port, { method: 'POST', path, limitMs: 50 });
  await expect(answer).rejects.toThrow(`waited 50 ms for: the answer to POST ${path}`);
});

test('sendRequest: whole answer in time -> resolves', async () => {
  expect(await sendRequest(port, { path: '/whole', limitMs: 5000 })).toMatchObject({ status: 200, text: 'half whole' });
});
