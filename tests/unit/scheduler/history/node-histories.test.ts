// The history of nodes with a manual clock and a store in memory: events, samples, what is written, restarts and removed nodes.
import { beforeEach, expect, test } from 'vitest';
import { EVENTS_KEPT_MS } from '../../../../src/main/scheduler/history/core/node-events';
import { NodeHistories, ROWS_PER_WRITE } from '../../../../src/main/scheduler/history/node-histories';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { MAX_NODE_EVENTS } from '../../../../src/shared/api/node-history';
import type { AvailabilityState } from '../../../../src/shared/protocol/status';
import { ManualClock } from '../../../support/manual-clock';
import { MemoryNodeEventStore } from '../../../support/memory-history';
import { KeptLog } from '../../../support/test-scheduler';
import { TurnCounts } from '../../../support/turn-counts';
import { aRecord, aUsage } from '../lifecycle/records';

let clock: ManualClock;
let store: MemoryNodeEventStore;
let log: KeptLog;
let nodes: Map<string, readonly [NodeRecord, AvailabilityState]>;

beforeEach(() => {
  clock = new ManualClock();
  store = new MemoryNodeEventStore();
  log = new KeptLog();
  nodes = new Map([['node-1', [aRecord({ nodeId: 'node-1', usage: aUsage({ gpuPercent: 40 }), gpus: null }), 'available']]]);
});

async function open(): Promise<NodeHistories> {
  const histories = new NodeHistories({
    source: {
      nodeIds: () => [...nodes.keys()],
      record: (nodeId) => nodes.get(nodeId)?.[0],
      stateOf: ({ nodeId }) => nodes.get(nodeId)?.[1] ?? 'offline',
    },
    store,
    clock,
    logger: log,
  });
  await histories.restore(await store.load(clock.wallMs() - EVENTS_KEPT_MS));
  return histories;
}

function change(histories: NodeHistories, state: AvailabilityState, part: Partial<NodeRecord> = {}): void {
  const [record] = nodes.get('node-1') ?? [aRecord({ nodeId: 'node-1' })];
  const next = { ...record, ...part };
  nodes.set('node-1', [next, state]);
  histories.changed('node-1', next);
}

const statesOf = (histories: NodeHistories): readonly string[] =>
  (histories.history('node-1', '1h')?.events ?? []).map((event) => (event.kind === 'state' ? event.state : event.cause));

test('node that is not known -> null', async () => {
  expect((await open()).history('node-9', '1h')).toBeNull();
});

test('connection lost and back -> two events, written together with the next sample', async () => {
  const histories = await open();
  change(histories, 'disconnected', { online: false });
  clock.advance(1000);
  change(histories, 'available', { online: true });
  expect(store.writes).toHaveLength(0);
  await histories.sample();
  expect(store.writes).toHaveLength(1);
  await histories.sample();
  expect(store.writes).toHaveLength(1);
  expect(statesOf(histories)).toEqual(['disconnected', 'available']);
});

test('restart -> events of before, and no event for the state that was restored', async () => {
  const before = await open();
  change(before, 'disconnected', { online: false });
  await before.sample();
  const after = await open();
  expect(statesOf(after)).toEqual(['disconnected']);
  change(after, 'disconnected', { online: false });
  expect(statesOf(after)).toEqual(['disconnected']);
});

test('sample -> a point with state and figures in both ranges', async () => {
  const histories = await open();
  await histories.sample();
  for (const range of ['1h', '24h'] as const)
    expect(histories.history('node-1', range)).toMatchObject({
      range,
      state: ['available'],
      gpu_pool_percent: [0],
      gpu_owner_percent: [40],
    });
});

test('lost jobs of a known node -> an event; of another -> nothing', async () => {
  const histories = await open();
  const lost = { kind: 'jobs_lost', at: clock.wallMs(), name: 'a', cause: 'lost', jobs: 2 } as const;
  histories.lost({ ...lost, node_id: 'node-1' });
  histories.lost({ ...lost, node_id: 'node-9' });
  expect(histories.history('node-1', '1h')?.events).toEqual([{ kind: 'jobs_lost', at: Math.round(lost.at), cause: 'lost', jobs: 2 }]);
});

test('write failed -> logged, and written with the next sample', async () => {
  const histories = await open();
  store.failure = 'disk full';
  change(histories, 'disconnected', { online: false });
  await histories.sample();
  await Promise.resolve();
  expect(log.lines.filter(({ event }) => event === 'pool_history_not_written')).toHaveLength(1);
  store.failure = null;
  await histories.sample();
  expect(store.stored).toHaveLength(1);
});

test('node removed -> no history, and its rows are removed', async () => {
  const histories = await open();
  change(histories, 'disconnected', { online: false });
  await histories.sample();
  nodes.delete('node-1');
  histories.changed('node-1', null);
  await histories.sample();
  expect(histories.history('node-1', '1h')).toBeNull();
  expect(store.stored).toEqual([]);
});

/** One event each second. */
function flap(histories: NodeHistories, count: number): void {
  for (let i = 0; i < count; i++) {
    clock.advance(1000);
    change(histories, i % 2 === 0 ? 'disconnected' : 'available', { online: i % 2 !== 0 });
  }
}

test('more events than are kept within a minute -> only the kept ones are written', async () => {
  const histories = await open();
  flap(histories, 3 * MAX_NODE_EVENTS);
  await histories.sample();
  expect(store.writes[0]?.save).toHaveLength(MAX_NODE_EVENTS);
  expect(store.stored.map(({ event }) => event)).toEqual(histories.history('node-1', '1h')?.events);
});

test('more events than are kept over several minutes -> older rows of the node are removed', async () => {
  const histories = await open();
  for (let i = 0; i < 3; i++) {
    flap(histories, MAX_NODE_EVENTS - 10);
    await histories.sample();
  }
  expect(store.stored.map(({ event }) => event)).toEqual(histories.history('node-1', '1h')?.events);
  expect(store.writes[2]?.save).toHaveLength(MAX_NODE_EVENTS - 10);
});

test('writes fail for long -> the kept events are written once they succeed', async () => {
  const histories = await open();
  store.failure = 'disk full';
  for (let i = 0; i < 5; i++) {
    flap(histories, MAX_NODE_EVENTS - 10);
    await histories.sample();
    await Promise.resolve();
  }
  store.failure = null;
  await histories.sample();
  expect(store.writes).toHaveLength(1);
  expect(store.stored.map(({ event }) => event)).toEqual(histories.history('node-1', '1h')?.events);
  expect(store.stored).toHaveLength(MAX_NODE_EVENTS);
});

test('node removed, and back within the minute -> its old rows are removed, its new event is stored', async () => {
  const histories = await open();
  flap(histories, 4);
  await histories.sample();
  histories.changed('node-1', null);
  change(histories, 'available', { online: true });
  await histories.sample();
  expect(store.stored.map(({ event }) => event)).toEqual(histories.history('node-1', '1h')?.events);
  expect(store.stored).toHaveLength(1);
});

test('rows of a node that the pool does not know -> removed after the restart', async () => {
  const before = await open();
  flap(before, 1);
  await before.sample();
  expect(store.stored).toHaveLength(1);
  nodes.delete('node-1');
  await (await open()).sample();
  expect(store.stored).toEqual([]);
});

const MANY = 3000;

function withManyNodes(): void {
  for (let i = 2; i <= MANY; i++) {
    const nodeId = `node-${String(i)}`;
    nodes.set(nodeId, [aRecord({ nodeId }), 'available']);
  }
}

function changeAll(histories: NodeHistories, state: AvailabilityState): void {
  for (const [nodeId, [record]] of nodes) {
    nodes.set(nodeId, [record, state]);
    histories.changed(nodeId, record);
  }
}

const largestWrite = (): number => Math.max(...store.writes.map(({ save, removedNodes }) => save.length + removedNodes.length));

test('thousands of nodes change at once -> several writes, one after the other, with all events', async () => {
  withManyNodes();
  const histories = await open();
  changeAll(histories, 'disconnected');
  changeAll(histories, 'available');
  await histories.sample();
  expect(store.stored).toHaveLength(2 * MANY);
  expect(largestWrite()).toBeLessThanOrEqual(ROWS_PER_WRITE + MAX_NODE_EVENTS);
  // Old rows are searched once.
  expect(store.writes.filter(({ beforeWallMs }) => beforeWallMs !== null)).toHaveLength(1);
});

test('a write of several fails -> it and the later ones are written with the next sample', async () => {
  withManyNodes();
  const histories = await open();
  changeAll(histories, 'disconnected');
  const write = store.write.bind(store);
  store.write = (change) => {
    if (store.writes.length === 2) store.failure = 'disk full';
    return write(change);
  };
  await histories.sample();
  expect(store.writes).toHaveLength(2);
  store.write = write;
  store.failure = null;
  await histories.sample();
  expect(new Set(store.stored.map(({ nodeId }) => nodeId)).size).toBe(MANY);
});

test('thousands of nodes return under their ids -> all old rows are removed before new ones are written', async () => {
  withManyNodes();
  const histories = await open();
  changeAll(histories, 'disconnected');
  await histories.sample();
  for (const nodeId of nodes.keys()) histories.changed(nodeId, null);
  changeAll(histories, 'available');
  await histories.sample();
  expect(largestWrite()).toBeLessThanOrEqual(ROWS_PER_WRITE + MAX_NODE_EVENTS);
  expect(store.stored.map(({ event }) => event.kind === 'state' && event.state)).toEqual(Array.from({ length: MANY }, () => 'available'));
});

test('restart with thousands of nodes -> several turns of the event loop', async () => {
  withManyNodes();
  const before = await open();
  changeAll(before, 'disconnected');
  await before.sample();
  const turns = new TurnCounts();
  const get = nodes.get.bind(nodes);
  nodes.get = (nodeId) => {
    turns.count();
    return get(nodeId);
  };
  const after = await open();
  turns.stop();
  // Record and state of each.
  expect(turns.total).toBeGreaterThanOrEqual(2 * MANY);
  expect(turns.most).toBeLessThanOrEqual(500);
  expect(statesOf(after)).toEqual(['disconnected']);
});
