// The rows of the history. A row that this version cannot read is dropped: the history informs, and no start may fail for it.
import { z } from 'zod';
import { MAX_MARKS, POOL_RANGE_NAMES, POOL_RANGES, type PoolMark, poolMarkSchema, type PoolRange } from '../../../shared/api/pool-history';
import { MAX_MISSING_MODELS } from '../../../shared/api/missing-models';
import { modelIdSchema } from '../../../shared/protocol/node-messages';
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../shared/protocol/status';
import { MAX_DETAILS, recordOf } from '../../../shared/protocol/bounded';
import { EVENTS_KEPT_MS } from './core/node-events';
import type { Period } from './core/periods';
import type { HistoryStore, LoadedRows } from './history-store';
import type { NodeEventStore, StoredEvent } from './node-event-store';

/** The kinds of rows, beside those of the periods. */
export const MARKS = 'marks';
export const MISSING = 'missing_models';
export const STOPPED = 'stopped';

/** The kind of the periods of a range. */
export const kindOf = (range: PoolRange): string => String(POOL_RANGES[range].stepSeconds);

const amount = z.number().min(0);

/** A state that a later version added is absent in an older row. */
const nodesSchema = z.object(
  Object.fromEntries(AVAILABILITY_STATES.map((state) => [state, amount.default(0)])) as Record<
    AvailabilityState,
    z.ZodDefault<z.ZodNumber>
  >,
);

const periodSchema = z.object({
  atWallMs: z.number(),
  countedMs: amount,
  nodes: nodesSchema,
  gpus: amount,
  offeredGpus: amount,
  vramGb: amount,
  poolVramGb: amount.nullable(),
  ownersVramGb: amount.nullable(),
  poolGpuPercent: amount.nullable(),
  ownersGpuPercent: amount.nullable(),
  slots: amount,
  usedSlots: amount,
  runningJobs: amount,
  waitingJobs: amount,
  oldestWaitMs: amount.nullable(),
  endedJobs: amount,
  outputTokens: amount,
  firstTokens: recordOf(z.string().regex(/^\d{1,3}$/), amount, MAX_DETAILS),
});

const marksSchema = z.array(poolMarkSchema).max(MAX_MARKS);

const missingSchema = z.object({
  sinceWallMs: z.number(),
  models: z
    .array(
      z.object({
        modelId: modelIdSchema,
        firstWallMs: z.number(),
        lastWallMs: z.number(),
        byHour: z.array(z.tuple([z.number().int(), z.number().int().min(1)])).max(MAX_DETAILS),
      }),
    )
    .max(MAX_MISSING_MODELS),
});

/** When the last scheduler was stopped in order. */
const stopSchema = z.object({ atWallMs: z.number() });

export interface StoredPeriods {
  readonly periods: Readonly<Record<PoolRange, readonly Period[]>>;
  readonly marks: readonly PoolMark[];
  readonly missing: z.output<typeof missingSchema> | null;
  /** When the last scheduler was stopped in order. Null: it crashed, or there was none. */
  readonly stopWallMs: number | null;
  readonly unreadable: number;
}

export interface StoredHistory {
  readonly periods: StoredPeriods;
  readonly nodeEvents: LoadedRows<StoredEvent>;
}

/** Rejects with an error of the database. */
export async function loadHistory(store: HistoryStore, nodeEvents: NodeEventStore, nowWallMs: number): Promise<StoredHistory> {
  return { periods: await loadPeriods(store), nodeEvents: await nodeEvents.load(nowWallMs - EVENTS_KEPT_MS) };
}

async function loadPeriods(store: HistoryStore): Promise<StoredPeriods> {
  let unreadable = 0;
  const rowsOf = async <Schema extends z.ZodType>(kind: string, schema: Schema): Promise<readonly z.output<Schema>[]> => {
    const loaded = await store.load(kind, schema);
    unreadable += loaded.unreadable;
    return loaded.rows;
  };
  const periods = Object.fromEntries(
    await Promise.all(POOL_RANGE_NAMES.map(async (range) => [range, await rowsOf(kindOf(range), periodSchema)] as const)),
  ) as Record<PoolRange, readonly Period[]>;
  const marks = (await rowsOf(MARKS, marksSchema)).flat();
  const [missing] = await rowsOf(MISSING, missingSchema);
  const [stop] = await rowsOf(STOPPED, stopSchema);
  return { periods, marks, missing: missing ?? null, stopWallMs: stop?.atWallMs ?? null, unreadable };
}
