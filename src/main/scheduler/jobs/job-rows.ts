// The parts that a list adds to a live job: why it waits, and how far its answer is. Jobs with equal requirements wait for the same reasons,
// so they share one count of the pool.
import type { ListedJob, RowProgress, RowWaiting } from '../../../shared/api/job';
import type { ExclusionTally } from '../dispatch/exclusion-aggregates';
import type { HeldUntil } from './held-jobs';
import { placeOf } from './job-place';
import type { JobTable } from './job-table';
import type { JobWriter } from './job-writer';
import type { NodePool } from './node-pool';
import { type JobRecord, waitingFacts } from './machine/job-record';
import type { QueuePlaces } from './machine/queue-places';
import { groupKey } from './machine/waiting-jobs';

export interface JobRowsOptions {
  readonly table: JobTable;
  readonly pool: NodePool;
  readonly writer: Pick<JobWriter, 'isFailing'>;
  /** Null: the job is not held for a full node. */
  readonly heldUntil: (jobId: string) => HeldUntil | null;
  /** Null: the answer is not streamed, or has not begun. */
  readonly progressOf: (jobId: string) => RowProgress | null;
}

/** Nodes that one list reads to count the reasons of its groups of equal requirements: each group may read all of them. */
const MAX_NODES_READ = 160_000;
/** Lanes and keys that the places of one turn of the event loop read, before the last one: 10 ms, where each has requirements of its own. */
const MAX_READ_PER_TURN = 12_000;
const MS_PER_SECOND = 1000;

/** What the rows of one list share. */
interface Shared {
  readonly tallies: Map<string, ExclusionTally | null>;
  readonly places: QueuePlaces;
}

export class JobRows {
  readonly #options: JobRowsOptions;

  constructor(options: JobRowsOptions) {
    this.#options = options;
  }

  /** `turn` resolves in a later turn of the event loop. */
  async completed(jobs: readonly ListedJob[], turn: () => Promise<unknown>): Promise<ListedJob[]> {
    const tallies = new Map<string, ExclusionTally | null>();
    const places = this.#options.table.waiting.places();
    const rows: ListedJob[] = [];
    let readBefore = 0;
    for (const job of jobs) {
      const record = this.#options.table.get(job.job_id);
      // The list is read from the store: a job may have changed since.
      if (record?.status !== job.status) rows.push(job);
      else if (record.status === 'queued') {
        if (places.read - readBefore > MAX_READ_PER_TURN) {
          await turn();
          readBefore = places.read;
        }
        rows.push({ ...job, wait: await this.#waitingOf(record, { tallies, places }, turn) });
      } else {
        const progress = record.status === 'running' ? this.#options.progressOf(job.job_id) : null;
        rows.push(progress === null ? job : { ...job, progress });
      }
    }
    return rows;
  }

  async #waitingOf(record: JobRecord, { tallies, places }: Shared, turn: () => Promise<unknown>): Promise<RowWaiting> {
    const { pool, writer, table, heldUntil } = this.#options;
    const facts = waitingFacts(record);
    const key = groupKey(facts.requirements);
    if (!tallies.has(key)) {
      if (tallies.size > 0) await turn();
      const isAllowed = (tallies.size + 1) * pool.dispatcher.nodeCount <= MAX_NODES_READ;
      tallies.set(key, isAllowed ? pool.dispatcher.exclusionTally(facts.requirements) : null);
    }
    const tally = tallies.get(key) ?? null;
    const { ahead, waitMs } = placeOf(record, tally?.capacity_exceeded, { table, pool, places });
    return {
      not_before: record.notBefore?.wallMs ?? null,
      blocked_by: writer.isFailing ? 'storage_full' : null,
      held_for: heldUntil(record.facts.jobId)?.why.node.node_id ?? null,
      ahead,
      nodes_total: pool.dispatcher.nodeCount,
      reasons: tally === null ? null : Object.fromEntries(Object.entries(tally).map(([code, { count }]) => [code, count])),
      slot_seconds: waitMs === null ? null : waitMs / MS_PER_SECOND,
    };
  }
}
