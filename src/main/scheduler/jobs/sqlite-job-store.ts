// The jobs database. A batch of any size is one transaction, so it costs one disk sync. A batch of interactive jobs alone costs none: it
// survives the end of this program, and a loss of power ends these jobs (ADR 0019).
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type JobResultView, type JobStatus, jobResultViewSchema } from '../../../shared/api/job';
import { parseJsonAs } from '../../../shared/json';
import { fail, ok, type Result } from '../../../shared/result';
import type { JobBatch, JobChange, JobInsert, JobQuery, JobSlice, JobStore, Retention, StoreFailure } from './job-store';
import type { StoredJob } from './machine/stored-job';
import { listSql, MAX_SCANNED, type Sql } from './job-list-sql';
import { sliceOf } from './job-slices';
import { factsColumn, failureColumn, stateColumn, statusOf, storedJobOf } from './stored-job-schema';
import { resultText } from './result-json';
import { StoredTasks } from './stored-tasks';
import type { StoredTask } from './task-texts';

const COLUMNS = 'seq, job_id, created_at, facts, state';
/** SQLITE_FULL: the disk, a quota or a page limit. */
const SQLITE_FULL = 13;
/** Failures are counted up to this number. */
const MAX_COUNTED = 10_000;
/** `prune` runs at least this often. */
const MARK_INTERVAL_MS = 60_000;
/** Removing large results takes time, so one transaction removes about this many bytes. */
const MAX_PRUNED_BYTES = 16 * 1024 * 1024;
/** Writing it and the checkpoint take tens of milliseconds. */
const LARGE_LENGTH = 1024 * 1024;
/** The default of SQLite. */
const CHECKPOINT_PAGES = 1000;

export class SqliteJobStore implements JobStore {
  readonly #database: DatabaseSync;
  readonly #tasks: StoredTasks;
  readonly #statements = new Map<string, StatementSync>();
  /** Null: something was written since the last measurement. */
  #usedBytes: number | null = null;
  /** Whether the next commit is synced. Null: unknown. In WAL mode, `NORMAL` syncs at checkpoints only, and a later sync covers all. */
  #isSynced: boolean | null = null;
  /** Whether the next commit makes a checkpoint when the log is large. */
  #makesCheckpoint: boolean | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#tasks = new StoredTasks(database);
  }

  /** Live jobs, oldest first. Throws on an invalid row, so the start fails there. */
  *live(): IterableIterator<StoredJob> {
    const rows = this.#sql(`SELECT ${COLUMNS} FROM jobs INDEXED BY jobs_live WHERE finished_at IS NULL ORDER BY seq`).iterate();
    for (const row of rows) yield storedJobOf(row);
  }

  lastSeq(): number {
    return Number(this.#sql('SELECT coalesce(max(seq), 0) AS seq FROM jobs').get()?.['seq']);
  }

  /**
   * Time without a scheduler does not count as time in the queue, so this method moves `queuedAtMs` forward by that time. Must be called
   * before `live`. A scheduler last ran at the last `prune` (every minute) or when the newest job was created, whichever is later. A clock
   * that was set forward during the absence looks like a longer absence.
   */
  postponeAbsence(nowWallMs: number): Result<null, StoreFailure> {
    return this.#transaction(() => {
      const seen = this.#sql(
        "SELECT max(coalesce((SELECT at FROM marks WHERE name = 'alive'), 0), created_at) AS at FROM jobs ORDER BY seq DESC",
      ).get();
      const awayMs = seen === undefined ? 0 : nowWallMs - Number(seen['at']) - MARK_INTERVAL_MS;
      const postponed = `json_set(state, '$.queuedAtMs', min(?1, json_extract(state, '$.queuedAtMs') + ?2))`;
      if (awayMs > 0) this.#sql(`UPDATE jobs SET state = ${postponed} WHERE status = 'queued'`).run(nowWallMs, awayMs);
      this.#markAlive(nowWallMs);
      return null;
    });
  }

  commit({ inserts, changes }: JobBatch): Result<null, StoreFailure> {
    const isSynced = [...inserts, ...changes].some(({ job }) => !job.facts.interactive);
    // The next commit makes the checkpoint, which copies a large text once more: one commit later at most, so that the log stays small.
    const makesCheckpoint = this.#makesCheckpoint === false || !(inserts.some(hasLargeTask) || changes.some(hasLargeResult));
    return this.#transaction(
      () => {
        for (const insert of inserts) this.#insert(insert);
        for (const change of changes) this.#change(change);
        return null;
      },
      { isSynced, makesCheckpoint },
    );
  }

  task(seq: number): StoredTask | null {
    return this.#tasks.task(seq);
  }

  job(jobId: string): StoredJob | null {
    const row = this.#sql(`SELECT ${COLUMNS} FROM jobs WHERE job_id = ?`).get(jobId);
    return row === undefined ? null : storedJobOf(row);
  }

  resultBytes(jobId: string): number {
    const sized = 'SELECT octet_length(result) AS bytes FROM job_results JOIN jobs USING (seq) WHERE job_id = ?';
    return Number(this.#sql(sized).get(jobId)?.['bytes'] ?? 0);
  }

  read(jobId: string): { readonly job: StoredJob; readonly result: JobResultView | null } | null {
    const job = this.job(jobId);
    if (job === null) return null;
    const result = this.#sql('SELECT result FROM job_results WHERE seq = ?').get(job.facts.seq);
    return { job, result: result === undefined ? null : parseJsonAs(jobResultViewSchema, String(result['result'])) };
  }

  /** The column is text. As a blob it is copied without being decoded. */
  resultJson(seq: number): Uint8Array | null {
    const json = this.#sql('SELECT CAST(result AS BLOB) AS json FROM job_results WHERE seq = ?').get(seq)?.['json'];
    return json instanceof Uint8Array ? json : null;
  }

  /** SQLite removes the output, so that it is neither decoded nor parsed here. */
  resultWithoutOutput(seq: number): JobResultView | null {
    const row = this.#sql("SELECT json_set(result, '$.output', NULL) AS result FROM job_results WHERE seq = ?").get(seq);
    return row === undefined ? null : parseJsonAs(jobResultViewSchema, String(row['result']));
  }

  list(query: JobQuery): JobSlice {
    const sql = listSql(query);
    if (sql === null) return { jobs: [], isCut: false, nextBeforeSeq: null };
    const scanned = this.#seqs(sql.scan);
    const found = sql.found === null ? scanned : this.#seqs(sql.found);
    const { jobs, isCut } = sliceOf(this.#rowsOf(found));
    if (isCut || found.length === query.limit) return { jobs, isCut, nextBeforeSeq: jobs.at(-1)?.facts.seq ?? null };
    return { jobs, isCut, nextBeforeSeq: scanned.length < MAX_SCANNED ? null : (scanned.at(-1) ?? null) };
  }

  #seqs({ text, values }: Sql): number[] {
    return Array.from(this.#sql(text).iterate(...values), ({ seq }) => Number(seq));
  }

  /** One by one, so that the reader stops when it has read enough. */
  *#rowsOf(seqs: readonly number[]): Generator<Readonly<Record<string, unknown>>> {
    const row = this.#sql(`SELECT ${COLUMNS} FROM jobs WHERE seq = ?`);
    for (const seq of seqs) {
      const found = row.get(seq);
      if (found !== undefined) yield found;
    }
  }

  failures(sinceWallMs: number, limit: number): { readonly jobs: readonly StoredJob[]; readonly count: number } {
    const ended = 'FROM jobs INDEXED BY jobs_with_failure WHERE had_failure = 1 AND finished_at IS NOT NULL AND finished_at >= ?';
    const rows = this.#sql(`SELECT ${COLUMNS} ${ended} ORDER BY finished_at DESC, seq DESC LIMIT ?`).iterate(sinceWallMs, limit);
    return {
      jobs: sliceOf(rows).jobs,
      count: Number(this.#sql(`SELECT count(*) AS count FROM (SELECT 1 ${ended} LIMIT ?)`).get(sinceWallMs, MAX_COUNTED)?.['count']),
    };
  }

  keyed(key: string, sinceWallMs: number): { readonly bodyHash: string; readonly jobId: string; readonly status: JobStatus } | null {
    const row = this.#sql(
      'SELECT body_hash, job_id, status FROM idempotency_keys AS keys JOIN jobs ON jobs.seq = keys.seq WHERE key = ? AND keys.created_at >= ?',
    ).get(key, sinceWallMs);
    if (row === undefined) return null;
    return { bodyHash: String(row['body_hash']), jobId: String(row['job_id']), status: statusOf(row['status']) };
  }

  countByStatus(): ReadonlyMap<JobStatus, number> {
    const rows = this.#sql('SELECT status, count(*) AS count FROM jobs GROUP BY status').all();
    return new Map(rows.map((row) => [statusOf(row['status']), Number(row['count'])]));
  }

  usedBytes(): number {
    return (this.#usedBytes ??= this.#measuredBytes());
  }

  prune({ keepMs, leastKeepMs, maxFinished, maxBytes, keyMs }: Retention, nowWallMs: number, limit: number): Result<number, StoreFailure> {
    return this.#transaction(() => {
      this.#markAlive(nowWallMs);
      const excessBytes = this.#measuredBytes() - maxBytes;
      this.#sql('DELETE FROM idempotency_keys WHERE created_at < ?').run(nowWallMs - keyMs);
      const finished = Number(this.#sql('SELECT count(*) AS count FROM jobs WHERE finished_at IS NOT NULL').get()?.['count']);
      const tooMany = finished - maxFinished;
      const keepSinceWallMs = nowWallMs - keepMs;
      // The oldest jobs are removed first, for any reason of removal.
      const oldest = this.#sql(
        'SELECT seq, finished_at FROM jobs WHERE finished_at < ? AND seq NOT IN (SELECT seq FROM idempotency_keys) ORDER BY finished_at LIMIT ?',
      ).all(tooMany > 0 || excessBytes > 0 ? nowWallMs - leastKeepMs : keepSinceWallMs, limit);
      let removed = 0;
      let bytes = 0;
      for (const row of oldest) {
        const isDue = Number(row['finished_at']) < keepSinceWallMs || removed < tooMany || bytes < excessBytes;
        if (!isDue || bytes > MAX_PRUNED_BYTES) break;
        const seq = Number(row['seq']);
        bytes += this.#bytesOf(seq);
        for (const table of ['jobs', 'job_results', 'job_nodes']) this.#sql(`DELETE FROM ${table} WHERE seq = ?`).run(seq);
        this.#tasks.delete(seq);
        removed++;
      }
      return removed;
    });
  }

  close(): void {
    this.#database.close();
  }

  /** Without live jobs the time is not needed, so nothing is written and the disk can sleep. */
  #markAlive(nowWallMs: number): void {
    this.#sql("INSERT OR REPLACE INTO marks (name, at) SELECT 'alive', ? WHERE EXISTS (SELECT 1 FROM jobs WHERE finished_at IS NULL)").run(
      Math.round(nowWallMs),
    );
  }

  /** The size of the result and the task of a finished job, without reading them. */
  #bytesOf(seq: number): number {
    const row = this.#sql('SELECT octet_length(result) AS bytes FROM job_results WHERE seq = ?').get(seq);
    return Number(row?.['bytes'] ?? 0) + this.#tasks.bytesOf(seq);
  }

  #measuredBytes(): number {
    const pragma = (name: string): number => Number(this.#sql(`PRAGMA ${name}`).get()?.[name]);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  #insert({ job, task, key }: JobInsert): void {
    const { facts, createdAtWallMs, state } = job;
    const finishedAt = finishedAtOf(job);
    this.#sql(
      'INSERT INTO jobs (seq, job_id, created_at, facts, status, finished_at, state, submitter, had_failure, model) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(
      facts.seq,
      facts.jobId,
      Math.round(createdAtWallMs),
      factsColumn(job),
      state.status,
      finishedAt,
      stateColumn(state),
      facts.submitter,
      failureColumn(state),
      facts.task.model,
    );
    this.#addNodes(job);
    if (finishedAt === null) this.#tasks.insert(facts.seq, task, facts.interactive);
    if (key === null) return;
    this.#sql('INSERT OR REPLACE INTO idempotency_keys (key, body_hash, seq, created_at) VALUES (?, ?, ?, ?)').run(
      key.key,
      key.bodyHash,
      facts.seq,
      Math.round(createdAtWallMs),
    );
  }

  #change({ job, result }: JobChange): void {
    const { facts, state } = job;
    const finishedAt = finishedAtOf(job);
    this.#sql('UPDATE jobs SET status = ?, finished_at = ?, state = ?, had_failure = ? WHERE seq = ?').run(
      state.status,
      finishedAt,
      stateColumn(state),
      failureColumn(state),
      facts.seq,
    );
    this.#addNodes(job);
    if (finishedAt !== null && !isRetryable(job)) this.#tasks.delete(facts.seq);
    if (result !== null) this.#sql('INSERT OR REPLACE INTO job_results (seq, result) VALUES (?, ?)').run(facts.seq, resultText(result));
  }

  /** Attempts are never removed. */
  #addNodes({ facts, state }: StoredJob): void {
    for (const { nodeId } of state.attempts)
      this.#sql('INSERT OR IGNORE INTO job_nodes (seq, node_id) VALUES (?, ?)').run(facts.seq, nodeId);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) this.#statements.set(text, (statement = this.#database.prepare(text)));
    return statement;
  }

  #transaction<Value>(write: () => Value, { isSynced = true, makesCheckpoint = true } = {}): Result<Value, StoreFailure> {
    this.#usedBytes = null;
    try {
      if (isSynced !== this.#isSynced) this.#database.exec(`PRAGMA synchronous = ${isSynced ? 'FULL' : 'NORMAL'}`);
      this.#isSynced = isSynced;
      if (makesCheckpoint !== this.#makesCheckpoint)
        this.#database.exec(`PRAGMA wal_autocheckpoint = ${String(makesCheckpoint ? CHECKPOINT_PAGES : 0)}`);
      this.#makesCheckpoint = makesCheckpoint;
      this.#database.exec('BEGIN IMMEDIATE');
      const value = write();
      this.#database.exec('COMMIT');
      return ok(value);
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const errcode = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
      return fail({ isFull: errcode === SQLITE_FULL, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

const hasLargeTask = ({ task }: JobInsert): boolean => task.length >= LARGE_LENGTH;
const hasLargeResult = ({ result }: JobChange): boolean => result !== null && resultText(result).length >= LARGE_LENGTH;

const finishedAtOf = ({ state }: StoredJob): number | null => (state.finishedAtWallMs === null ? null : Math.round(state.finishedAtWallMs));

/** An interactive job has no client any more, and a job that succeeded has its result. */
const isRetryable = ({ facts, state }: StoredJob): boolean => !facts.interactive && state.status !== 'succeeded';
