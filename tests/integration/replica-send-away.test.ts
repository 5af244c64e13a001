// A replica without the bus sends its nodes to other members, many of them in several turns of the event loop: streams of its clients go on.
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE_CODES } from '../../src/shared/protocol/codes';
import { ReplicaBench } from '../support/replica-bench';
import { TestNode } from '../support/test-node';

const NODES = 180;
const AT_ONCE = 45;

test('many nodes are sent away -> in several turns, each with the code of a stopping scheduler', async () => {
  const bench = new ReplicaBench();
  await bench.leader();
  const replica = await bench.led({ server: { maxHandshakesPerAddress: NODES, maxConnectionsPerAddress: NODES } });
  const nodes: TestNode[] = [];
  while (nodes.length < NODES) {
    nodes.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => TestNode.connect(replica.url)))));
  }
  const codes = Promise.all(nodes.map(async ({ socket }) => ((await once(socket, 'close')) as [number])[0]));
  const clients = new Set(nodes.map(({ socket }) => socket));
  const close = vi.spyOn(WebSocket.prototype, 'close');
  // The sockets of the nodes answer a close in the same way.
  const closed = (): number => new Set((close.mock.contexts as WebSocket[]).filter((socket) => !clients.has(socket))).size;
  try {
    const sentAway = replica.nodes.sendAway();
    let most = closed();
    for (let before = most; before < NODES; before = closed()) {
      await nextTurn();
      most = Math.max(most, closed() - before);
    }
    expect(most).toBeLessThan((2 * NODES) / 3);
    await sentAway;
    expect(new Set(await codes)).toEqual(new Set([CLOSE_CODES.schedulerStopping]));
  } finally {
    close.mockRestore();
  }
});
