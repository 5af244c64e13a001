// The jobs that are on the disk now, read straight from the database.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredJob } from '../../src/main/scheduler/jobs/machine/stored-job';
import { storedJobOf } from '../../src/main/scheduler/jobs/stored-job-schema';
import { type JobResultView, jobResultViewSchema } from '../../src/shared/api/job';
import { parseJsonAs } from '../../src/shared/json';

export interface StoredRow {
  readonly job: StoredJob;
  readonly result: JobResultView | null;
}

const COLUMNS = 'jobs.seq, job_id, created_at, facts, state, body';
const FROM = 'FROM jobs LEFT JOIN job_results ON job_results.seq = jobs.seq';

export class StoredRows {
  readonly #one: StatementSync;
  readonly #all: StatementSync;
  readonly #lastSeq: StatementSync;
  readonly #strays: StatementSync;

  constructor(database: DatabaseSync) {
    this.#one = database.prepare(`SELECT ${COLUMNS} ${FROM} WHERE job_id = ?`);
    this.#all = database.prepare(`SELECT ${COLUMNS} ${FROM} ORDER BY jobs.seq`);
    this.#lastSeq = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM jobs');
    const tables = ['job_tasks', 'job_results', 'job_nodes', 'idempotency_keys'];
    this.#strays = database.prepare(
      tables.map((table) => `SELECT seq FROM ${table} WHERE seq NOT IN (SELECT seq FROM jobs)`).join(' UNION '),
    );
  }

  /** Null: the job is not on the disk. */
  of(jobId: string): StoredRow | null {
    const row = this.#one.get(jobId);
    return row === undefined ? null : rowOf(row);
  }

  /** Oldest first. */
  all(): readonly StoredRow[] {
    return this.#all.all().map(rowOf);
  }

  lastSeq(): number {
    return Number(this.#lastSeq.get()?.['seq']);
  }

  /** Sequence numbers with rows in other tables and no job. */
  strays(): readonly number[] {
    return this.#strays.all().map(({ seq }) => Number(seq));
  }
}

function rowOf(row: Readonly<Record<string, unknown>>): StoredRow {
  const { body } = row;
  return {
    job: storedJobOf(row),
    result: body instanceof Uint8Array ? parseJsonAs(jobResultViewSchema, Buffer.from(body).toString()) : null,
  };
}
