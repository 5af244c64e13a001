// How a replica forwards requests: bodies of any size, clients that leave or do not read, and leaders that die.
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type RequestListener, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { LEADER_WAIT_MS } from '../../src/main/scheduler/replica/request-forwarder';
import { type ForwardingLeader, startForwardingLeader } from '../support/forwarding-leader';
import { sendRequest } from '../support/http-api';
import { ManualClock } from '../support/manual-clock';
import { startReplica, type TestReplica, whenLed } from '../support/replicated-scheduler';
import { until } from '../support/until';
import { within } from '../support/within';

const LARGE = 3_000_000;

let network: InProcessNetwork;
let replica: TestReplica;
let leaders: ForwardingLeader[];

beforeEach(async () => {
  network = new InProcessNetwork();
  leaders = [];
  replica = await startReplica(network);
});
afterEach(async () => {
  await replica.close();
  for (const leader of leaders) await leader.stop();
});

function lead(epoch: number, listener: RequestListener): ForwardingLeader {
  const leader = startForwardingLeader(network, epoch, listener);
  leaders.push(leader);
  return leader;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

const echo: RequestListener = (request, response) => {
  void bodyOf(request).then((body) => {
    const { remoteAddress, localPort } = request.socket;
    response.setHeader('x-seen', JSON.stringify([request.method, request.url, remoteAddress, localPort, request.headers['x-own'] ?? null]));
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(body);
  });
};

test('a request -> method, path, headers, body and the endpoints of the client arrive; all headers come back', async () => {
  lead(1, echo);
  await whenLed(replica);
  const headers = { 'x-own': 'own', connection: 'close' };
  const answer = await sendRequest(replica.port, { method: 'POST', path: '/a?b=%20c', headers, body: 'hello' });
  expect(answer.text).toBe('hello');
  expect(JSON.parse(String(answer.headers['x-seen']))).toEqual(['POST', '/a?b=%20c', '127.0.0.1', replica.port, 'own']);
  expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
});

test('bodies of 3 MB in both directions, with a length and in chunks -> unchanged', async () => {
  lead(1, echo);
  await whenLed(replica);
  const text = 'x'.repeat(LARGE - 1) + 'y';
  expect((await sendRequest(replica.port, { method: 'POST', path: '/', body: text })).text).toBe(text);
  const sent = httpRequest({ port: replica.port, host: '127.0.0.1', method: 'POST', agent: false });
  for (let at = 0; at < LARGE; at += 100_000) sent.write(text.slice(at, at + 100_000));
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  expect(await bodyOf(response)).toBe(text);
});

test('HEAD, 304 and an answer without a body -> as the leader has answered', async () => {
  lead(1, ({ method, url }, response) => {
    if (method === 'HEAD') response.writeHead(200, { 'content-length': 5, etag: '"1"' }).end();
    else if (url === '/same') response.writeHead(304).end();
    else response.writeHead(204).end();
  });
  await whenLed(replica);
  const head = await sendRequest(replica.port, { method: 'HEAD', path: '/' });
  expect([head.status, head.headers['content-length'], head.headers['etag'], head.text]).toEqual([200, '5', '"1"', '']);
  expect((await sendRequest(replica.port, { path: '/same' })).status).toBe(304);
  expect((await sendRequest(replica.port, { path: '/none' })).status).toBe(204);
});

test('two requests on one connection -> two answers', async () => {
  lead(1, echo);
  await whenLed(replica);
  const socket = connect(replica.port, '127.0.0.1');
  let text = '';
  socket.on('data', (data: Buffer) => (text += data.toString()));
  const head = `HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
  socket.write(`GET /one ${head}GET /two ${head}`);
  await until('both answers', () => text.includes('/one') && text.includes('/two'));
  expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  socket.destroy();
});

test('the client leaves before the answer, and in the middle of it -> the handler of the leader learns it', async () => {
  const arrived: string[] = [];
  const closed: string[] = [];
  lead(1, ({ url = '' }, response) => {
    arrived.push(url);
    response.on('close', () => closed.push(url));
    if (url === '/begun') response.write('begin');
  });
  await whenLed(replica);
  for (const path of ['/waits', '/begun']) {
    const sent = httpRequest({ port: replica.port, host: '127.0.0.1', path, agent: false });
    sent.on('error', () => undefined);
    sent.end();
    if (path === '/begun') await once(sent, 'response');
    await until(`the begin of ${path}`, () => arrived.includes(path));
    sent.destroy();
    await until(`the end of ${path}`, () => closed.includes(path));
  }
});

test('a client that does not read -> the leader waits for it, and others get their answers', async () => {
  const responses: ServerResponse[] = [];
  lead(1, ({ url }, response) => {
    if (url !== '/endless') {
      response.end('quick');
      return;
    }
    responses.push(response);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      response.once('drain', more);
    };
    more();
  });
  await whenLed(replica);
  const socket = connect(replica.port, '127.0.0.1');
  socket.pause();
  socket.write('GET /endless HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
  await until('the leader waits', () => responses[0]?.writableNeedDrain === true);
  expect((await sendRequest(replica.port, { path: '/quick' })).text).toBe('quick');
  expect(responses[0]?.writableLength).toBeLessThan(1024 * 1024);
  socket.destroy();
  await until('the leader learns the end', () => responses[0]?.destroyed === true);
});

test('the leader ends the connection in the middle of an answer -> the client gets a broken answer, not an end', async () => {
  let cut: () => void = () => undefined;
  lead(1, (_request, response) => {
    response.write('begin');
    cut = () => response.destroy();
  });
  await whenLed(replica);
  const sent = httpRequest({ port: replica.port, host: '127.0.0.1', agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  cut();
  await expect(bodyOf(response)).rejects.toThrow('aborted');
});

test('a request while no member leads -> waits, and the next leader answers', async () => {
  const answer = sendRequest(replica.port, { method: 'POST', path: '/', body: 'waits' });
  lead(1, echo);
  expect((await answer).text).toBe('waits');
});

test('no leader for 12 s, a large body -> it waits as long, and is answered NOT_LEADER', async () => {
  const alone = await startReplica(new InProcessNetwork());
  // The timeout of a request is one of Node's, with the real clock.
  const request = { method: 'POST', path: '/api/v1/jobs', body: 'x'.repeat(LARGE), limitMs: 3 * LEADER_WAIT_MS };
  const answer = await sendRequest(alone.port, request);
  expect([answer.status, answer.json()]).toMatchObject([503, { error: { code: 'NOT_LEADER', details: { leader: null } } }]);
  await alone.close();
});

test('no leader for 12 s -> NOT_LEADER, in the form of the API', async () => {
  const clock = new ManualClock();
  const alone = await startReplica(new InProcessNetwork(), {}, { clock });
  const { pending } = clock;
  const accept = { accept: 'text/html' };
  const asked = ['/api/v1/nodes', '/v1/messages', '/'].map((path) => sendRequest(alone.port, { path, headers: accept }));
  await until('all wait', () => clock.pending >= pending + 3);
  clock.advance(LEADER_WAIT_MS);
  const [own, messages, page] = await Promise.all(asked);
  expect([own?.status, own?.json()]).toMatchObject([503, { error: { code: 'NOT_LEADER', details: { leader: null } } }]);
  expect([messages?.status, messages?.json()]).toMatchObject([503, { type: 'error' }]);
  expect([page?.status, page?.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect((await sendRequest(alone.port, { path: '/readyz' })).status).toBe(503);
  expect((await sendRequest(alone.port, { path: '/healthz' })).status).toBe(200);
  await alone.close();
});

test('the leader dies with requests unanswered -> a GET is sent again, a POST may have been done', async () => {
  let arrived = 0;
  const first = lead(1, () => (arrived += 1));
  await whenLed(replica);
  const get = sendRequest(replica.port, { path: '/read' });
  const post = sendRequest(replica.port, { method: 'POST', path: '/act', body: 'x' });
  await until('both requests', () => arrived === 2);
  first.die();
  lead(2, echo);
  expect(JSON.parse(String((await get).headers['x-seen']))).toEqual(expect.arrayContaining(['GET', '/read']));
  const refused = await within('the refusal', post);
  expect([refused.status, refused.json()]).toMatchObject([503, { error: { code: 'NOT_LEADER', details: { may_be_done: true } } }]);
});

test('the channel ends while its leader lives -> a chat is sent again; a response, which may go on without its client, is not', async () => {
  const arrived: string[] = [];
  lead(1, (request, response) => {
    arrived.push(request.url ?? '');
    if (arrived.length > 2) response.end('again');
  });
  await whenLed(replica);
  const ask = (path: string) => sendRequest(replica.port, { method: 'POST', path, body: '{}' });
  const [chat, stored] = [ask('/v1/chat/completions'), ask('/v1/responses')];
  await until('both requests', () => arrived.length === 2);
  replica.link.channel?.close('test');
  expect((await within('the answer', chat)).text).toBe('again');
  expect((await within('the refusal', stored)).status).toBe(503);
  expect(arrived.toSorted()).toEqual(['/v1/chat/completions', '/v1/chat/completions', '/v1/responses']);
});
