// Many nodes do not return after a restart or an eviction pause: their jobs are lost in turns of the event loop.
import { expect, it, vi } from 'vitest';
import { Assignments, type AssignmentsOptions } from '../../../../src/main/scheduler/jobs/assignments';
import { TurnCounts } from '../../../support/turn-counts';

const MANY = 1000;
const MOST_IN_ONE_TURN = 100;
const nodeIds = Array.from({ length: MANY }, (_, n) => `node-${String(n)}`);

function deferred() {
  const turns = new TurnCounts();
  const lost: string[] = [];
  const state = { isEvictionPaused: false };
  const table = {
    onNode: (nodeId: string) => [nodeId],
    get: (nodeId: string) => ({ attempts: [{ attempt: 1, nodeId, outcome: null }] }),
    apply: (jobId: string) => (turns.count(), lost.push(jobId), []),
  };
  const pool = { isEvictionPaused: () => state.isEvictionPaused };
  const nodes = new Assignments({ table, pool } as unknown as AssignmentsOptions);
  for (const nodeId of nodeIds) nodes.deferRequeue(nodeId);
  nodes.requeueDeferred();
  const done = (count: number): Promise<void> =>
    vi.waitFor(() => {
      expect(lost).toHaveLength(count);
    });
  return { turns, lost, state, nodes, done };
}

it('many nodes have not returned -> their jobs are lost in order, in turns', async () => {
  const { turns, lost, done } = deferred();
  await done(MANY);
  turns.stop();
  expect(lost).toEqual(nodeIds);
  expect(turns.most).toBeLessThan(MOST_IN_ONE_TURN);
});

it('evictions are paused again meanwhile -> the other nodes keep their jobs until the pause ends', async () => {
  const { lost, state, nodes, done } = deferred();
  const before = lost.length;
  state.isEvictionPaused = true;
  await deferred().done(MANY);
  expect(before).toBeLessThan(MANY);
  expect(lost).toHaveLength(before);
  state.isEvictionPaused = false;
  nodes.requeueDeferred();
  await done(MANY);
});

it('the scheduler stops meanwhile -> no further job is lost: the next scheduler waits for the nodes', async () => {
  const { lost, nodes } = deferred();
  const before = lost.length;
  nodes.end();
  await deferred().done(MANY);
  expect(before).toBeLessThan(MANY);
  expect(lost).toHaveLength(before);
});
