// The numbered sequence of pool events: kept events, limits, and no work without subscribers.
import { beforeEach, describe, expect, it } from 'vitest';
import { type NumberedEvent, PoolEvents } from '../../../../src/main/scheduler/pool/pool-events';
import { nodeView, poolSummary } from '../../../support/app-fakes';
import { ManualClock } from '../../../support/manual-clock';

let clock: ManualClock;
let viewsMade: number;
let events: PoolEvents;
const removed = new Set<string>();

beforeEach(() => {
  clock = new ManualClock();
  viewsMade = 0;
  removed.clear();
  const node = (nodeId: string) => {
    viewsMade++;
    return removed.has(nodeId) ? null : nodeView(nodeId);
  };
  events = new PoolEvents(clock, { summary: () => poolSummary(), nodes: () => [], nodeIds: () => [], listedNode: node });
});

function listen(after: number | null = null) {
  const seen: NumberedEvent[] = [];
  const stop = events.subscribe((event) => seen.push(event), after);
  return { seen, stop, types: () => seen.map(({ event }) => event.type), ids: () => seen.map(({ id }) => id) };
}

const change = (nodeId: string): void => {
  events.nodeChanged(nodeId);
  clock.advance(100);
};

describe('pool events', () => {
  it('no subscriber -> no view, no timer', () => {
    events.nodeChanged('a');
    events.poolChanged();
    events.jobsCounted();
    expect([clock.pending, viewsMade]).toEqual([0, 0]);
  });

  it('node removed -> sent at once, collected changes of the node dropped', () => {
    const client = listen();
    events.nodeChanged('a');
    removed.add('a');
    events.nodeRemoved('a', 'removed');
    clock.advance(100);
    expect(client.types()).toEqual(['snapshot', 'node_removed']);
  });

  it('pool and node changed -> the pool first', () => {
    const client = listen();
    events.nodeChanged('a');
    events.poolChanged();
    clock.advance(100);
    expect(client.types()).toEqual(['snapshot', 'pool_changed', 'node_changed']);
  });

  it('many nodes changed at once -> published in parts, each once; the rest of a stopped sequence is dropped', () => {
    const client = listen();
    const ids = Array.from({ length: 350 }, (_, i) => `node-${String(i)}`);
    const changed = () => client.seen.flatMap(({ event }) => (event.type === 'node_changed' ? [event.node.node_id] : []));
    for (const id of ids) events.nodeChanged(id);
    clock.advance(100);
    expect(changed()).toHaveLength(100);
    clock.advance(30);
    expect(changed()).toEqual(ids);
    for (const id of ids) events.nodeChanged(id);
    clock.advance(100);
    events.stop();
    clock.advance(100);
    expect(changed()).toHaveLength(ids.length + 100);
  });

  it('job counts -> sent at most twice a second, the last counts are sent', () => {
    const client = listen();
    for (let ms = 0; ms < 3000; ms++) {
      for (let job = 0; job < 5; job++) events.jobsCounted();
      clock.advance(1);
    }
    expect(client.types()).toEqual(['snapshot', ...Array<string>(6).fill('pool_changed')]);
    events.jobsCounted();
    clock.advance(499);
    expect(client.types()).toHaveLength(7);
    clock.advance(1);
    expect(client.types()).toHaveLength(8);
    clock.advance(60_000);
    expect(client.types()).toHaveLength(8);
  });

  it('pool changed while jobs are counted -> sent within 100 ms', () => {
    const client = listen();
    events.jobsCounted();
    events.poolChanged();
    clock.advance(100);
    expect(client.types()).toEqual(['snapshot', 'pool_changed']);
  });

  it('resume -> missed events while they are kept, else a snapshot', () => {
    const first = listen();
    const start = first.ids()[0] ?? 0;
    for (let i = 0; i < 9000; i++) change('a');
    const resumed = listen(start + 8000);
    expect([resumed.ids()[0], resumed.ids().length]).toEqual([start + 8001, 1000]);
    expect(listen(start + 1).types()).toEqual(['snapshot']);
    expect(listen(start + 9000).types()).toEqual([]);
    expect(listen(start + 9001).types()).toEqual(['snapshot']);
  });

  it('large events -> kept only up to the memory limit', () => {
    const large = { ...nodeView('large'), advanced_features: ['x'.repeat(1024 * 1024)] };
    events = new PoolEvents(clock, { summary: () => poolSummary(), nodes: () => [], nodeIds: () => [], listedNode: () => large });
    const client = listen();
    for (let i = 0; i < 100; i++) change('large');
    const [first = 0, ...later] = client.ids();
    expect(later).toHaveLength(100);
    expect(listen(first).types()).toEqual(['snapshot']);
    expect(listen(later.at(-11)).types()).toEqual(Array<string>(10).fill('node_changed'));
    expect(listen(later.at(-1)).types()).toEqual([]);
  });

  it('no subscriber for a minute -> events no longer made', () => {
    const client = listen();
    const start = client.ids()[0] ?? 0;
    client.stop();
    change('a');
    const resumed = listen(start);
    expect([resumed.ids(), resumed.types()]).toEqual([[start + 1], ['node_changed']]);
    resumed.stop();
    clock.advance(61_000);
    viewsMade = 0;
    change('a');
    expect([viewsMade, listen(start + 1).types()]).toEqual([0, ['snapshot']]);
  });

  it('resume after a time without events -> a snapshot, also for the last number before that time', () => {
    const client = listen();
    const last = client.ids()[0] ?? 0;
    client.stop();
    clock.advance(61_000);
    change('a');
    listen();
    expect(listen(last).types()).toEqual(['snapshot']);
  });

  it('several streams -> each event is serialized once', () => {
    const a = listen();
    const b = listen();
    change('a');
    expect(a.seen[1]).toBe(b.seen[1]);
    expect(a.seen[1]?.json).toBe(b.seen[1]?.json);
  });
});
