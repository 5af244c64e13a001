// All changed nodes are written before a backup and at a stop: clients and nodes are served meanwhile.
import { expect, it } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { silentLogger } from '../../../../src/main/platform/logger';
import type { NodeStore } from '../../../../src/main/scheduler/nodes/node-store';
import { StateWriter } from '../../../../src/main/scheduler/nodes/state-writer';
import { aRecord } from '../lifecycle/records';

const NODES = 2000;
const MOST_IN_ONE_TURN = 250;

function changedNodes() {
  const turns: string[][] = [];
  const state = { isBroken: false };
  const store: NodeStore = {
    insert: () => Promise.resolve(ok(null)),
    remove: () => Promise.resolve(ok(null)),
    update: (nodes) => {
      turns.push(nodes.map(({ nodeId }) => nodeId));
      return new Promise((resolve) => {
        setImmediate(() => {
          resolve(state.isBroken ? fail({ isFull: true, reason: 'disk full' }) : ok(null));
        });
      });
    },
  };
  const writer = new StateWriter(store, silentLogger, (nodeId) => aRecord({ nodeId }));
  const nodeIds = Array.from({ length: NODES }, (_, i) => `node-${String(i)}`);
  for (const nodeId of nodeIds) writer.changed(nodeId);
  return { writer, nodeIds, turns, state };
}

it('all changes are written -> in turns of the event loop, and it resolves after the last one', async () => {
  const { writer, nodeIds, turns } = changedNodes();
  await writer.writeAll();
  expect(turns.flat()).toEqual(nodeIds);
  expect(Math.max(...turns.map(({ length }) => length))).toBeLessThanOrEqual(MOST_IN_ONE_TURN);
  await writer.writeAll();
  expect(turns.flat()).toHaveLength(NODES);
});

it('all changes are written, and a write fails -> the rest is not tried, and no change is lost', async () => {
  const { writer, nodeIds, turns, state } = changedNodes();
  state.isBroken = true;
  await writer.writeAll();
  expect(turns).toHaveLength(1);
  state.isBroken = false;
  await writer.writeAll();
  expect(turns.slice(1).flat().toSorted()).toEqual(nodeIds.toSorted());
});
