// The table of the events of nodes.
import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../src/main/scheduler/database/store';
import { type NodeEventChange, NodeEventTable } from '../../../src/main/scheduler/history/node-event-store';
import { MAX_NODE_EVENTS } from '../../../src/shared/api/node-history';
import type { StoreEngine } from './store-engine';
import { WRITTEN } from './things';

const saved = (nodeId: string, ...times: readonly number[]): NodeEventChange['save'] =>
  times.map((at) => ({ nodeId, event: { kind: 'jobs_lost', at, cause: 'lost', jobs: 1 } }));
export function nodeEventTableContract({ open }: StoreEngine): void {
  let store: Store;
  let events: NodeEventTable;

  beforeEach(async () => {
    ({ store } = await open());
    events = new NodeEventTable(store);
  });

  const write = async (change: Partial<NodeEventChange>): Promise<void> => {
    expect(await events.write({ save: [], removedNodes: [], oldestKept: [], beforeWallMs: 0, ...change })).toEqual(WRITTEN);
  };
  const timesOf = async (wanted: string, sinceWallMs = 0): Promise<readonly number[]> =>
    (await events.load(sinceWallMs)).rows.flatMap(({ nodeId, event }) => (nodeId === wanted ? [event.at] : []));

  test('node removed and back in one write -> its old rows are removed, its new ones stay', async () => {
    await write({ save: [...saved('a', 1, 2), ...saved('b', 1)] });
    await write({ removedNodes: ['a'], save: saved('a', 3) });
    expect([await timesOf('a'), await timesOf('b')]).toEqual([[3], [1]]);
  });

  test('rows before the oldest kept event of their node -> removed; those of other nodes stay', async () => {
    await write({ save: [...saved('a', 1, 2), ...saved('b', 1)] });
    await write({ save: saved('a', 3), oldestKept: [{ nodeId: 'a', atWallMs: 2 }] });
    expect([await timesOf('a'), await timesOf('b')]).toEqual([[2, 3], [1]]);
  });

  test('more rows than events are kept -> the newest of each node are read, oldest first', async () => {
    const times = Array.from({ length: MAX_NODE_EVENTS + 5 }, (_, i) => i + 1);
    await write({ save: [...saved('a', ...times), ...saved('b', 1)] });
    expect([await timesOf('a'), await timesOf('b')]).toEqual([times.slice(5), [1]]);
  });

  test('row that cannot be read -> counted', async () => {
    await write({ save: saved('a', 1) });
    await store.write([{ text: 'INSERT INTO node_events (node_id, at, record) VALUES (?, ?, ?)', values: ['a', 2, '{}'] }]);
    expect(await events.load(0)).toEqual({ rows: saved('a', 1), unreadable: 1 });
  });

  test('old events -> not read, and removed by the next write', async () => {
    await write({ save: [...saved('a', 1, 2, 3), ...saved('b', 1)] });
    expect([await timesOf('a', 2), await timesOf('b', 2)]).toEqual([[2, 3], []]);
    await write({ beforeWallMs: 3 });
    expect([await timesOf('a'), await timesOf('b')]).toEqual([[3], []]);
  });

  test('event written again -> replaced', async () => {
    await write({ save: saved('a', 1) });
    const again = { nodeId: 'a', event: { kind: 'jobs_lost', at: 1, cause: 'restarted', jobs: 7 } } as const;
    await write({ save: [again] });
    expect(await events.load(0)).toEqual({ rows: [again], unreadable: 0 });
  });

  test('more nodes than one read -> the events of all, in the order of nodes and times', async () => {
    const ids = Array.from({ length: 1001 }, (_, index) => `node-${String(index).padStart(4, '0')}`);
    await write({ save: ids.flatMap((id) => saved(id, 1, 2)) });
    const { rows } = await events.load(0);
    expect(rows.map(({ nodeId, event }) => [nodeId, event.at])).toEqual(
      ids.flatMap((id) => [
        [id, 1],
        [id, 2],
      ]),
    );
  });
}
