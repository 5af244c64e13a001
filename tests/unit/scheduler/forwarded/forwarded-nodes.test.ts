// The nodes of a replica on the leader: many connections that end together, and two connections of one node.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Channel } from '../../../../src/main/scheduler/cluster/channel/channel';
import { InProcessNetwork } from '../../../../src/main/scheduler/cluster/bus/in-process-network';
import { ForwardedNodes } from '../../../../src/main/scheduler/forwarded/forwarded-nodes';
import type { NodeSession } from '../../../../src/main/scheduler/node-socket/node-session';
import { SchedulerStats } from '../../../../src/main/scheduler/nodes/scheduler-stats';
import type { NodeLink } from '../../../../src/main/scheduler/nodes/node-link';
import { NODE_CLOSE, NODE_CLOSED, NODE_MESSAGE, NODE_OPEN } from '../../../../src/main/scheduler/replica/core/node-records';
import { silentLogger } from '../../../../src/main/platform/logger';
import { systemClock } from '../../../../src/main/platform/clock';
import { CLOSE_CODES } from '../../../../src/shared/protocol/codes';
import { registration } from '../../../support/test-node';
import { ManualClock } from '../../../support/manual-clock';
import { until } from '../../../support/until';

const NODES = 100;
const END_MS = 1;
/** Below the 50 ms for which nothing may hold the event loop. */
const MOST_IN_ONE_TURN = 10;

/** A replica with so many nodes. The end of each takes the leader 1 ms. */
async function replicaWithNodes() {
  const network = new InProcessNetwork();
  const [leader, replica] = [network.join('pool', systemClock).bus, network.join('pool', systemClock).bus];
  const about = { epoch: 1, replica: 'r' };
  const toReplica = new Channel(leader, systemClock, { out: 'down', in: 'up' }, about);
  const toLeader = new Channel(replica, systemClock, { out: 'up', in: 'down' }, about);
  const clock = new ManualClock();
  let ended = 0;
  const session = {
    holder: null,
    nodeId: null,
    closed: () => {
      ended++;
      clock.stall(END_MS);
    },
  } as unknown as NodeSession;
  const nodes = new ForwardedNodes({
    openSession: () => session,
    logger: silentLogger,
    stats: new SchedulerStats(new Registry()),
    admit: () => {
      throw new Error('no node asks');
    },
    linkOf: () => undefined,
    principalWith: () => null,
    holdJudgement: () => undefined,
    clock,
  });
  nodes.attach(toReplica);
  toReplica.start();
  toLeader.start();
  for (let c = 0; c < NODES; c++) toLeader.send(NODE_OPEN, { c, remote: '10.0.0.1', loopback_end: null, as: null, holder: null });
  await until('the nodes', () => nodes.counts.open === NODES);
  /** The most that ended in one turn of the event loop. */
  const mostInOneTurn = async (): Promise<number> => {
    let most = 0;
    for (let before = ended; ended < NODES; before = ended) {
      await nextTurn();
      most = Math.max(most, ended - before);
    }
    return most;
  };
  return { toLeader, toReplica, mostInOneTurn };
}

test('the channel of a replica ends -> its nodes end in turns', async () => {
  const { toReplica, mostInOneTurn } = await replicaWithNodes();
  toReplica.close('epoch_ended');
  expect(await mostInOneTurn()).toBeLessThan(MOST_IN_ONE_TURN);
});

test('many nodes of a replica disconnect at once -> they end in turns', async () => {
  const { toLeader, mostInOneTurn } = await replicaWithNodes();
  for (let c = 0; c < NODES; c++) toLeader.send(NODE_CLOSED, { c, code: null });
  expect(await mostInOneTurn()).toBeLessThan(MOST_IN_ONE_TURN);
});

/** The leader, and a replica with the connections 1 and 2 of a node. */
function replicaWithConnections() {
  const network = new InProcessNetwork();
  const [leader, replica] = [network.join('pool', systemClock).bus, network.join('pool', systemClock).bus];
  const about = { epoch: 1, replica: 'r' };
  const toReplica = new Channel(leader, systemClock, { out: 'down', in: 'up' }, about);
  const toLeader = new Channel(replica, systemClock, { out: 'up', in: 'down' }, about);
  const registered: NodeLink[] = [];
  const closed: unknown[] = [];
  const nodes = new ForwardedNodes({
    openSession: (link) =>
      ({
        holder: null,
        nodeId: null,
        closed: () => undefined,
        receive: () => registered.push(link) > 0,
        takeReplacedEntries: () => 0,
      }) as unknown as NodeSession,
    logger: silentLogger,
    stats: new SchedulerStats(new Registry()),
    admit: () => {
      throw new Error('no node asks');
    },
    linkOf: () => registered.at(-1),
    principalWith: () => null,
    holdJudgement: () => undefined,
    clock: new ManualClock(),
  });
  nodes.attach(toReplica);
  toLeader.on(NODE_CLOSE, (head) => {
    closed.push(head);
  });
  toReplica.start();
  toLeader.start();
  for (const c of [1, 2]) toLeader.send(NODE_OPEN, { c, remote: '10.0.0.1', loopback_end: null, as: null, holder: null });
  const body = Buffer.from(JSON.stringify(registration({ node_id: 'node-1', node_token: 't'.repeat(32) })));
  const register = (c: number, waitedMs: number): void => {
    toLeader.send(NODE_MESSAGE, { c, asked: true, waited_ms: waitedMs }, body);
  };
  return { register, registered, closed };
}

test('registration that waited for a leader, of a node with a newer connection -> the older connection ends', async () => {
  const { register, registered, closed } = replicaWithConnections();
  register(2, 10);
  register(1, 7000);
  await until('a connection to end', () => closed.length > 0);
  expect(closed).toEqual([{ c: 1, code: CLOSE_CODES.replaced }]);
  expect(registered).toHaveLength(1);
});

test('registration that waited for a leader, then one of a newer connection -> the newer one registers', async () => {
  const { register, registered, closed } = replicaWithConnections();
  register(1, 7000);
  register(2, 10);
  await until('both registrations', () => registered.length === 2);
  expect(closed).toEqual([]);
});
