// Requests to a replica are answered by the leader.
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { JoinRequestView } from '../../src/shared/api/join-requests';
import type { JoinClaims } from '../../src/main/joining/core/join-messages';
import { joinByDigits } from '../../src/main/joining/join-client';
import { systemClock } from '../../src/main/platform/clock';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { EventStreamClient } from '../support/event-stream-client';
import { fromElsewhere } from '../support/from-elsewhere';
import { bearer, sendRequest } from '../support/http-api';
import { startLeader, startReplica, startThroughReplica, type TestReplica, whenLed } from '../support/replicated-scheduler';
import { TestNode } from '../support/test-node';
import { CertificateClock, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

let network: InProcessNetwork;
let leader: TestScheduler;
let replica: TestReplica;

beforeEach(async () => {
  network = new InProcessNetwork();
  leader = await startLeader(network, 1);
  replica = await startReplica(network);
  await whenLed(replica);
});
afterEach(async () => {
  await replica.close();
  await leader.stop();
});

test('a request to a replica -> the answer of the leader', async () => {
  const { status, json } = await sendRequest(replica.port, { path: '/api/v1/nodes' });
  expect([status, json()]).toEqual([200, { nodes: [], next_cursor: null }]);
});

test('a client of the replica reaches a limit -> counted in the metrics of the pool', async () => {
  const limited = await startReplica(network, { server: { maxHandshakesPerAddress: 1 } });
  onTestFinished(limited.close);
  await whenLed(limited);
  const first = await TestNode.connect(limited.url);
  await expect(TestNode.connect(limited.url)).rejects.toMatchObject({ status: 503 });
  const counted = 'muster_limits_reached_total{limit="handshakes_per_address"} 1';
  await until('the leader to count it', async () => (await sendRequest(leader.port, { path: '/metrics' })).text.includes(counted));
  first.close();
});

test('a refusal of the replica itself -> as the leader refuses', async () => {
  const request = { path: '/v1/models', headers: { host: 'other.example', 'x-request-id': 'one', 'x-client-request-id': 'two' } };
  const [own, direct] = await Promise.all([sendRequest(replica.port, request), sendRequest(leader.port, request)]);
  const { date: _own, ...ownHeaders } = own.headers;
  const { date: _direct, ...directHeaders } = direct.headers;
  expect([own.status, ownHeaders, own.json()]).toEqual([direct.status, directHeaders, direct.json()]);
});

test('plain HTTP of another computer with plain_http_api -> refused as by the leader, also the paths of the replica', async () => {
  const open = await startThroughReplica({ server: { host: '0.0.0.0', plainHttpApi: true }, clock: new CertificateClock() });
  onTestFinished(() => open.stop());
  const { key } = (
    await sendRequest(open.port, { method: 'POST', path: '/api/v1/keys', body: { name: 'a', roles: ['client'] } })
  ).json() as {
    key: string;
  };
  fromElsewhere(open.port);
  const statusOf = async (path: string) => (await sendRequest(open.port, { path, headers: bearer(key) })).status;
  expect([await statusOf('/v1/models'), await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 426, 426]);
  const { status, text } = await sendRequest(open.port, { path: '/', headers: { accept: 'text/html', authorization: null } });
  expect([status, text]).toEqual([426, expect.stringContaining(`href="https://127.0.0.1:${String(open.port)}/"`)]);
});

test('a browser of another computer without TLS -> the replica itself answers with a page, a program gets JSON', async () => {
  const shared = await startThroughReplica({ server: { host: '0.0.0.0' }, clock: new CertificateClock() });
  onTestFinished(() => shared.stop());
  fromElsewhere(shared.port);
  const ask = (accept: string) => sendRequest(shared.port, { path: '/', headers: { accept, 'accept-language': 'zh-CN' } });
  const page = await ask('text/html');
  expect(page).toMatchObject({
    status: 426,
    headers: { 'content-type': 'text/html; charset=utf-8', vary: 'Accept-Language, Accept', upgrade: 'TLS/1.3' },
    text: expect.stringContaining('此算力池只接受加密连接') as string,
  });
  expect((await ask('*/*')).json()).toMatchObject({ error: { code: 'TLS_REQUIRED' } });
});

test('a stream of events through a replica -> arrives while it is open', async () => {
  const stream = await EventStreamClient.open(replica.port, '/api/v1/events');
  expect(await stream.first(1)).toMatchObject([{ data: { type: 'snapshot' } }]);
  expect(stream.isWhole).toBe(false);
  stream.close();
});

test('a newcomer at a replica -> its request is at the leader, and it joins with the digits of both', async () => {
  const open = await startThroughReplica({ server: { host: '0.0.0.0' }, clock: new CertificateClock() });
  onTestFinished(() => open.stop());
  const claims: JoinClaims = { name: 'ben-pc', gpus: [], roles: ['node'] };
  let digits = '';
  const isSame = (shown: string): Promise<boolean> => {
    digits = shown;
    return Promise.resolve(true);
  };
  const end = joinByDigits({ host: '127.0.0.1', port: open.port }, { claims, clock: systemClock, isExpected: () => true, isSame });
  const waiting = await until('the request', async () => {
    const { join_requests } = (await sendRequest(open.port, { path: '/api/v1/join-requests' })).json() as {
      join_requests: JoinRequestView[];
    };
    return join_requests[0];
  });
  expect(waiting).toMatchObject({ name: 'ben-pc', digits, address: '127.0.0.1' });
  await sendRequest(open.port, { method: 'POST', path: `/api/v1/join-requests/${waiting.id}/approve`, body: {} });
  expect(await end).toMatchObject({ ok: true, value: { outcome: { code: 'joined' } } });
});
