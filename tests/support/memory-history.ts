// The history of a pool in memory.
import type { z } from 'zod';
import { Registry } from 'prom-client';
import type { Written } from '../../src/main/scheduler/database/store';
import { historySource } from '../../src/main/scheduler/history/history-source';
import type { HistoryChange, HistoryStore, LoadedRows } from '../../src/main/scheduler/history/history-store';
import type { NodeEventChange, NodeEventStore, StoredEvent } from '../../src/main/scheduler/history/node-event-store';
import { PoolHistory } from '../../src/main/scheduler/history/pool-history';
import type { StoredPeriods } from '../../src/main/scheduler/history/stored-history';
import { JobStats } from '../../src/main/scheduler/jobs/job-stats';
import type { Pool } from '../../src/main/scheduler/pool/pool';
import { fail, ok } from '../../src/shared/result';
import type { ManualClock } from './manual-clock';
import { KeptLog } from './test-scheduler';

export class MemoryHistoryStore implements HistoryStore {
  readonly rows = new Map<string, Map<number, unknown>>();
  readonly writes: HistoryChange[] = [];
  /** Not null: writes fail with this reason. */
  failure: string | null = null;

  load<Schema extends z.ZodType>(kind: string, schema: Schema): Promise<LoadedRows<z.output<Schema>>> {
    const stored = [...(this.rows.get(kind) ?? [])].sort(([a], [b]) => a - b).map(([, record]) => schema.safeParse(record));
    const rows = stored.flatMap((parsed) => (parsed.success ? [parsed.data] : []));
    return Promise.resolve({ rows, unreadable: stored.length - rows.length });
  }

  write(change: HistoryChange): Written {
    if (this.failure !== null) return Promise.resolve(fail({ isFull: true, reason: this.failure }));
    this.writes.push(change);
    for (const { kind, atWallMs, record } of change.save) {
      const rows = this.rows.get(kind) ?? new Map<number, unknown>();
      this.rows.set(kind, rows.set(atWallMs, JSON.parse(JSON.stringify(record)) as unknown));
    }
    for (const { kind, beforeWallMs } of change.expire)
      for (const at of this.rows.get(kind)?.keys() ?? []) if (at < beforeWallMs) this.rows.get(kind)?.delete(at);
    return Promise.resolve(ok(null));
  }
}

export class MemoryNodeEventStore implements NodeEventStore {
  stored: StoredEvent[] = [];
  readonly writes: NodeEventChange[] = [];
  /** Not null: writes fail with this reason. */
  failure: string | null = null;

  load(sinceWallMs: number): Promise<LoadedRows<StoredEvent>> {
    return Promise.resolve({ rows: this.stored.filter(({ event }) => event.at >= sinceWallMs), unreadable: 0 });
  }

  write(change: NodeEventChange): Written {
    if (this.failure !== null) return Promise.resolve(fail({ isFull: true, reason: this.failure }));
    this.writes.push(change);
    const oldest = new Map(change.oldestKept.map(({ nodeId, atWallMs }) => [nodeId, atWallMs]));
    const others = this.stored.filter(({ nodeId }) => !change.removedNodes.includes(nodeId));
    this.stored = [...others, ...change.save].filter(
      ({ nodeId, event }) => event.at >= Math.max(change.beforeWallMs ?? 0, oldest.get(nodeId) ?? 0),
    );
    return Promise.resolve(ok(null));
  }
}

/** What the store of a new pool has. */
const NO_HISTORY: StoredPeriods = {
  periods: { '1h': [], '24h': [], '7d': [] },
  marks: [],
  missing: null,
  stopWallMs: null,
  unreadable: 0,
};

/** The history of a pool that has no jobs. */
export const memoryHistory = (pool: Pool, clock: ManualClock): PoolHistory =>
  new PoolHistory({
    source: historySource(pool, {
      jobs: { counts: { queued: 0, assigned: 0, running: 0 }, oldestWaitMs: null },
      stats: new JobStats(new Registry(), () => Promise.resolve(new Map())),
    }),
    store: new MemoryHistoryStore(),
    nodeEvents: new MemoryNodeEventStore(),
    stored: NO_HISTORY,
    clock,
    logger: new KeptLog(),
  });
