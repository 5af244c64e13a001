// Sampling with a manual clock: points, gaps, marks, what is written and when, and what a restart keeps.
import { expect, test } from 'vitest';
import { type HistorySource, PoolHistory } from '../../../../src/main/scheduler/history/pool-history';
import { loadHistory, type StoredPeriods } from '../../../../src/main/scheduler/history/stored-history';
import { RecentWork } from '../../../../src/main/scheduler/jobs/recent-work';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { MissingModels } from '../../../../src/main/scheduler/nodes/core/missing-models';
import { ManualClock } from '../../../support/manual-clock';
import { MemoryHistoryStore, MemoryNodeEventStore } from '../../../support/memory-history';
import { KeptLog } from '../../../support/test-scheduler';
import { aRecord, aUsage } from '../lifecycle/records';

const SAMPLE_MS = 15_000;
const MINUTE_MS = 60_000;

interface Stores extends Pick<Bench, 'clock' | 'store'> {
  readonly nodeEvents: MemoryNodeEventStore;
  readonly stored: StoredPeriods;
}

class Bench {
  readonly clock: ManualClock;
  readonly store: MemoryHistoryStore;
  readonly log = new KeptLog();
  readonly work = new RecentWork();
  readonly missing: MissingModels;
  nodes = new Map<string, NodeRecord>([['node-1', aRecord({ online: true, provenSlots: 2, usage: aUsage({ gpuPercent: 40 }) })]]);
  jobs = { counts: { queued: 0, assigned: 0, running: 0 }, oldestWaitMs: null as number | null };
  massLoss: ReturnType<HistorySource['massLoss']> = null;
  /** How often a node was read. */
  reads = 0;
  readonly history: PoolHistory;

  /** Starts a scheduler with what an earlier one has stored. */
  static async open({ clock = new ManualClock(), store = new MemoryHistoryStore() }: Partial<Pick<Bench, 'clock' | 'store'>> = {}) {
    const nodeEvents = new MemoryNodeEventStore();
    const stored = await loadHistory(store, nodeEvents, clock.wallMs());
    const bench = new Bench({ clock, store, nodeEvents, stored: stored.periods });
    await bench.history.restore(stored.nodeEvents);
    bench.history.start();
    return bench;
  }

  private constructor({ clock, store, nodeEvents, stored }: Stores) {
    this.clock = clock;
    this.store = store;
    this.missing = new MissingModels(clock.wallMs());
    const source: HistorySource = {
      nodeIds: () => [...this.nodes.keys()],
      record: (nodeId) => (this.reads++, this.nodes.get(nodeId)),
      stateOf: () => 'available',
      massLoss: () => this.massLoss,
      jobs: () => this.jobs,
      takeWork: () => this.work.take(),
      missing: this.missing,
      watch: () => undefined,
    };
    this.history = new PoolHistory({ source, store, nodeEvents, stored, clock, logger: this.log });
  }

  /** Lets so many samples happen. */
  async samples(count: number): Promise<void> {
    for (let sample = 0; sample < count; sample++) {
      this.clock.advance(SAMPLE_MS);
      await settled();
    }
  }

  /** The scheduler crashes: nothing more is written. */
  crash(): void {
    this.clock.cancelAll();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

const pointsOf = ({ history }: Bench) => history.history('1h').at.length;

test('history: each 15 s -> one point, also when timers fire late', async () => {
  const bench = await Bench.open();
  for (let sample = 0; sample < 20; sample++) {
    bench.clock.stall(sample % 3);
    await bench.samples(1);
  }
  const { at } = bench.history.history('1h');
  expect(at.length).toBe(20);
  expect(new Set(at.slice(1).map((wallMs, index) => wallMs - (at[index] ?? 0)))).toEqual(new Set([SAMPLE_MS]));
});

test('history: work of jobs -> in the point of its time, then in the longer ranges', async () => {
  const bench = await Bench.open();
  await bench.samples(1);
  for (let job = 0; job < 5; job++) bench.work.jobEnded();
  bench.work.output(300);
  bench.work.firstToken(500);
  bench.jobs = { counts: { queued: 3, assigned: 1, running: 1 }, oldestWaitMs: 90_000 };
  await bench.samples(1);
  const hour = bench.history.history('1h');
  expect([hour.ended_per_minute.at(-1), hour.output_tokens_per_second.at(-1), hour.waiting_jobs.at(-1), hour.running_jobs.at(-1)]).toEqual([
    20, 20, 3, 2,
  ]);
  expect(hour.oldest_wait_seconds.at(-1)).toBe(90);
  expect(bench.history.history('24h').waiting_jobs.at(-1)).toBe(3);
  expect(await bench.history.totals()).toMatchObject({
    nodes: { available: 1 },
    gpu_percent: { pool: 0, owners: 40 },
    jobs: { running: 2, waiting: 3, oldest_wait_seconds: 90 },
    last_24h: { jobs_ended: 5, output_tokens: 300 },
  });
});

test('totals: many requests at once -> one count of the pool; later -> a new one', async () => {
  const bench = await Bench.open();
  bench.reads = 0;
  await Promise.all(Array.from({ length: 20 }, () => bench.history.totals()));
  expect(bench.reads).toBe(1);
  bench.clock.advance(1000);
  await bench.history.totals();
  expect(bench.reads).toBe(1);
  bench.nodes.clear();
  bench.clock.advance(1500);
  expect((await bench.history.totals()).nodes.available).toBe(0);
});

test('writes: jobs run -> at most one a minute; idle -> each five minutes', async () => {
  const bench = await Bench.open();
  bench.jobs = { ...bench.jobs, counts: { queued: 0, assigned: 0, running: 1 } };
  bench.store.writes.length = 0;
  await bench.samples(40);
  expect(bench.store.writes.length).toBe(10);
  bench.jobs = { ...bench.jobs, counts: { queued: 0, assigned: 0, running: 0 } };
  bench.store.writes.length = 0;
  await bench.samples(80);
  expect(bench.store.writes.length).toBe(4);
});

test('writes: bounded rows after a long time', async () => {
  const bench = await Bench.open();
  await bench.samples((3 * 3_600_000) / SAMPLE_MS);
  await bench.history.stop();
  expect([...bench.store.rows].map(([kind, rows]) => [kind, rows.size])).toEqual([
    // The hour, and the period in which the scheduler stops.
    ['15', 241],
    ['300', 37],
    ['1800', 7],
    ['stopped', 1],
  ]);
});

test('write fails -> logged, and the next write has everything', async () => {
  const bench = await Bench.open();
  bench.jobs = { ...bench.jobs, counts: { queued: 1, assigned: 0, running: 0 } };
  bench.missing.asked('wanted', bench.clock.wallMs());
  bench.store.failure = 'disk full';
  await bench.samples(4);
  expect(bench.log.of('pool_history_not_written')).toEqual([{ reason: 'disk full' }]);
  bench.store.failure = null;
  await bench.samples(4);
  expect([bench.store.rows.get('15')?.size, bench.store.rows.get('missing_models')?.size]).toEqual([8, 1]);
});

test('restart: stopped for two minutes -> points and missing models kept, the gap stays, mark with the cause', async () => {
  const before = await Bench.open();
  await before.samples(8);
  before.missing.asked('wanted', before.clock.wallMs());
  await before.history.stop();
  before.clock.advance(2 * MINUTE_MS);
  const after = await Bench.open({ clock: before.clock, store: before.store });
  await after.samples(4);
  const { at, marks } = after.history.history('1h');
  expect(at.length).toBe(13);
  expect((at[9] ?? 0) - (at[8] ?? 0)).toBe(2 * MINUTE_MS);
  expect(marks).toMatchObject([{ kind: 'scheduler_started', cause: 'stopped', away_seconds: 120 }]);
  expect((await after.history.missingModels(() => false)).models).toMatchObject([{ model_id: 'wanted', requests: 1 }]);
});

test('restart: crashed -> mark with this cause, at most five idle minutes of points lost', async () => {
  const before = await Bench.open();
  await before.samples(24);
  before.crash();
  before.clock.advance(MINUTE_MS);
  const after = await Bench.open({ clock: before.clock, store: before.store });
  expect(after.history.history('1h').marks).toMatchObject([{ kind: 'scheduler_started', cause: 'crashed' }]);
  expect(pointsOf(after)).toBeGreaterThanOrEqual(20);
});

test('restart: crash after a stopped scheduler -> the second mark is a crash', async () => {
  const first = await Bench.open();
  await first.samples(4);
  await first.history.stop();
  const second = await Bench.open({ clock: first.clock, store: first.store });
  second.crash();
  const third = await Bench.open({ clock: first.clock, store: first.store });
  expect(third.history.history('1h').marks.map((mark) => (mark.kind === 'scheduler_started' ? mark.cause : mark.kind))).toEqual([
    'stopped',
    'crashed',
  ]);
});

test('restart: the first write after a stop fails -> a later crash is still a crash', async () => {
  const first = await Bench.open();
  await first.samples(4);
  await first.history.stop();
  first.store.failure = 'disk full';
  const second = await Bench.open({ clock: first.clock, store: first.store });
  await settled();
  first.store.failure = null;
  await second.samples(20);
  second.crash();
  const third = await Bench.open({ clock: first.clock, store: first.store });
  expect(third.history.history('1h').marks.at(-1)).toMatchObject({ kind: 'scheduler_started', cause: 'crashed' });
});

test('restart: stopped between two samples -> the work since the last one counts', async () => {
  const before = await Bench.open();
  await before.samples(4);
  // The last sample was 6 s ago.
  before.clock.advance(9000);
  before.work.jobEnded();
  before.work.output(300);
  await before.history.stop();
  await settled();
  const after = await Bench.open({ clock: before.clock, store: before.store });
  const { at, output_tokens_per_second: rates } = after.history.history('1h');
  expect([at.length, rates.at(-1)]).toEqual([5, 20]);
  expect(await after.history.totals()).toMatchObject({ last_24h: { jobs_ended: 1, output_tokens: 300 } });
});

test('restart: stopped while a sample is counted -> its work counts once, over its whole time', async () => {
  const before = await Bench.open();
  await before.samples(4);
  // The last sample was 6 s ago.
  before.work.output(150);
  before.clock.advance(SAMPLE_MS);
  await before.history.stop();
  await settled();
  const after = await Bench.open({ clock: before.clock, store: before.store });
  expect(after.history.history('1h').output_tokens_per_second.at(-1)).toBe(7.1);
  expect(await after.history.totals()).toMatchObject({ last_24h: { output_tokens: 150 } });
});

test('first start -> no mark', async () => {
  expect((await Bench.open()).history.history('7d').marks).toEqual([]);
});

test('rows that cannot be read -> dropped with a log line, the others kept', async () => {
  const before = await Bench.open();
  await before.samples(4);
  await before.history.stop();
  before.store.rows.get('15')?.set(5, { atWallMs: 'x' });
  before.store.rows.set('marks', new Map([[0, [{ kind: 'from_the_future', at: 1 }]]]));
  const after = await Bench.open({ clock: before.clock, store: before.store });
  expect(after.log.of('pool_history_unreadable')).toEqual([{ rows: 2 }]);
  expect(pointsOf(after)).toBe(5);
});

test('marks: attempts lost by a node, and a mass loss -> each once, with their numbers', async () => {
  const bench = await Bench.open();
  bench.nodes.set('gone', aRecord({ nodeId: 'gone', online: false }));
  for (const nodeId of ['gone', 'gone', 'node-1', 'removed']) bench.work.attemptEnded('node_lost', nodeId);
  bench.massLoss = { lost: 3, of: 4, since: bench.clock.wallMs() };
  await bench.samples(3);
  expect(bench.history.history('1h').marks).toMatchObject([
    { kind: 'jobs_lost', node_id: 'gone', name: 'Desk', cause: 'lost', jobs: 2 },
    { kind: 'jobs_lost', node_id: 'node-1', cause: 'restarted', jobs: 1 },
    { kind: 'jobs_lost', node_id: 'removed', name: 'removed', cause: 'lost', jobs: 1 },
    { kind: 'mass_loss', lost: 3, of: 4 },
  ]);
});

test('missing models: a node has the model by now -> left out; size in the name -> nodes on which it fits', async () => {
  const bench = await Bench.open();
  for (const id of ['llm:30b', 'llm:400b', 'whisper', 'here', 'pаypal']) bench.missing.asked(id, bench.clock.wallMs());
  const { models } = await bench.history.missingModels((id) => id === 'here');
  expect(models.map(({ model_id, vram_gb, fits_nodes, mixed_scripts }) => [model_id, vram_gb, fits_nodes, mixed_scripts])).toEqual([
    ['llm:30b', 18.6, 1, false],
    ['llm:400b', 240.6, 0, false],
    ['pаypal', null, null, true],
    ['whisper', null, null, false],
  ]);
});
