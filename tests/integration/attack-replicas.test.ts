// Attacks on a replica and its leader: what the settings of the replica forbid, and clients without a leader (docs/cluster.md).
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UnfinishedBytes } from '../../src/main/scheduler/access/unfinished-bytes';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { LeaderLink } from '../../src/main/scheduler/cluster/channel/leader-link';
import { refuseRequest } from '../../src/main/scheduler/replica/refuse-request';
import { RequestForwarder } from '../../src/main/scheduler/replica/request-forwarder';
import { sendRequest } from '../support/http-api';
import { ManualClock } from '../support/manual-clock';
import { POOL, startLeader, startReplica, whenLed } from '../support/replicated-scheduler';
import { TestNode } from '../support/test-node';
import { CertificateClock, type TestSchedulerOptions } from '../support/test-scheduler';
import { until } from '../support/until';

test.each<[string, TestSchedulerOptions]>([
  ['a proxy may forward to the replica', { server: { allowedHosts: ['pool.example'] } }],
  ['the replica asks its machine for keys', { server: { loopback: 'keys' } }],
  ['the replica is open to the network', { server: { host: '0.0.0.0' }, clock: new CertificateClock() }],
])('open loopback of the leader, %s -> its clients and nodes need a key', async (_name, options) => {
  const network = new InProcessNetwork();
  const leader = await startLeader(network, 1, options.clock === undefined ? {} : { clock: options.clock });
  onTestFinished(() => leader.stop());
  const replica = await startReplica(network, options, { dataDir: path.dirname(leader.databaseFile) });
  onTestFinished(() => replica.close());
  await whenLed(replica);
  const anyone = { path: '/v1/models', headers: { authorization: null } };
  expect((await sendRequest(leader.port, anyone)).status).toBe(200);
  expect((await sendRequest(replica.port, anyone)).status).toBe(401);
  await expect(TestNode.connect(replica.url)).rejects.toThrow('401');
});

/** A server that forwards without a leader. */
async function leaderless(maxUnfinishedBytes = Infinity) {
  const clock = new ManualClock();
  const { bus } = new InProcessNetwork().join(POOL, clock);
  const forwarder = new RequestForwarder({
    ...{ bus, clock, link: new LeaderLink(bus, clock), loopback: 'open', refuse: refuseRequest },
    unfinished: new UnfinishedBytes(maxUnfinishedBytes, () => undefined),
    answers: { open: () => false },
    leader: () => null,
  });
  const server = createServer((request, response) => void forwarder.forward(request, response)).listen(0, '127.0.0.1');
  await until('the server', () => server.listening);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { clock, port: (server.address() as AddressInfo).port };
}

const post = (body: string): string =>
  `POST /api/v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;

test('clients that leave while no member leads -> nothing of them waits for a leader', async () => {
  const { clock, port } = await leaderless();
  const clients = Array.from({ length: 20 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  for (const client of clients) client.write(post('x'.repeat(1000)));
  await until('the requests to wait', () => clock.pending === 20);
  for (const client of clients) client.destroy();
  await until('the requests to end', () => clock.pending === 0);
});

test('bodies that wait for a leader above the budget -> the largest is refused', async () => {
  const { clock, port } = await leaderless(5000);
  const answers: string[] = [];
  for (const bytes of [3000, 1000, 900, 800]) {
    const client = connect(port, '127.0.0.1').on('data', (data: Buffer) =>
      answers.push(`${String(bytes)}: ${data.toString().slice(9, 12)}`),
    );
    onTestFinished(() => void client.destroy());
    client.write(post('x'.repeat(bytes)));
  }
  await until('an answer', () => answers.length > 0 && clock.pending === 3);
  expect(answers).toEqual(['3000: 503']);
});
