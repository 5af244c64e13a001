// Requests to a replica are answered by the leader.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { sendRequest } from '../support/http-api';
import { startLeader, startReplica, type TestReplica, whenLed } from '../support/replicated-scheduler';
import type { TestScheduler } from '../support/test-scheduler';

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
