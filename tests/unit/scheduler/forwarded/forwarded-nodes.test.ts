// The nodes of a replica on the leader: many connections that end together.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { Channel } from '../../../../src/main/scheduler/cluster/channel/channel';
import { InProcessNetwork } from '../../../../src/main/scheduler/cluster/bus/in-process-network';
import { ForwardedNodes } from '../../../../src/main/scheduler/forwarded/forwarded-nodes';
import type { NodeSession } from '../../../../src/main/scheduler/node-socket/node-session';
import { SchedulerStats } from '../../../../src/main/scheduler/nodes/scheduler-stats';
import { NODE_CLOSED, NODE_OPEN } from '../../../../src/main/scheduler/replica/core/node-records';
import { silentLogger } from '../../../../src/main/platform/logger';
import { systemClock } from '../../../../src/main/platform/clock';
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
