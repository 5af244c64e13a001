// The table of the events of nodes in a real file.
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GroupCommit } from '../../../../src/main/scheduler/database/group-commit';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { type NodeEventChange, SqliteNodeEventStore } from '../../../../src/main/scheduler/history/node-event-store';
import { MAX_NODE_EVENTS } from '../../../../src/shared/api/node-history';
import { temporaryDir } from '../../../support/test-scheduler';

let folder: ReturnType<typeof temporaryDir>;
let database: DatabaseSync;
let store: SqliteNodeEventStore;

beforeEach(() => {
  folder = temporaryDir();
  const opened = openDatabase(path.join(folder.dir, 'muster.db'));
  if (!opened.ok) throw new Error(opened.error.code);
  database = opened.value;
  store = new SqliteNodeEventStore(database, new GroupCommit(database));
});
afterEach(() => {
  database.close();
  folder.remove();
});

const saved = (nodeId: string, ...times: readonly number[]): NodeEventChange['save'] =>
  times.map((at) => ({ nodeId, event: { kind: 'jobs_lost', at, cause: 'lost', jobs: 1 } }));
const write = async (change: Partial<NodeEventChange>) => {
  const written = await store.write({ save: [], removedNodes: [], oldestKept: [], beforeWallMs: 0, ...change });
  expect(written.ok).toBe(true);
};
const timesOf = (wanted: string): readonly number[] =>
  store.load(0).events.flatMap(({ nodeId, event }) => (nodeId === wanted ? [event.at] : []));

test('node removed and back in one write -> its old rows are removed, its new ones stay', async () => {
  await write({ save: [...saved('a', 1, 2), ...saved('b', 1)] });
  await write({ removedNodes: ['a'], save: saved('a', 3) });
  expect([timesOf('a'), timesOf('b')]).toEqual([[3], [1]]);
});

test('rows before the oldest kept event of their node -> removed; those of other nodes stay', async () => {
  await write({ save: [...saved('a', 1, 2), ...saved('b', 1)] });
  await write({ save: saved('a', 3), oldestKept: [{ nodeId: 'a', atWallMs: 2 }] });
  expect([timesOf('a'), timesOf('b')]).toEqual([[2, 3], [1]]);
});

test('more rows than events are kept -> the newest of each node are read, oldest first', async () => {
  const times = Array.from({ length: MAX_NODE_EVENTS + 5 }, (_, i) => i + 1);
  await write({ save: [...saved('a', ...times), ...saved('b', 1)] });
  expect([timesOf('a'), timesOf('b')]).toEqual([times.slice(5), [1]]);
});

test('row that cannot be read -> counted', async () => {
  await write({ save: saved('a', 1) });
  database.exec("INSERT INTO node_events (node_id, at, record) VALUES ('a', 2, '{}')");
  expect(store.load(0)).toMatchObject({ events: saved('a', 1), unreadable: 1 });
});
