// The store of jobs: reads and writes its tables with the store of the database.
import { type JobResultView, type JobStatus, jobResultViewSchema } from '../../../shared/api/job';
import { parseJsonAs } from '../../../shared/json';
import { ok, type Result } from '../../../shared/result';
import { inTurns } from '../../platform/in-turns';
import type { Row, Sql, SqlValue, Statement, Store, Written } from '../database/store';
import { listSql, MAX_SCANNED } from './job-list-sql';
import { sliceOf } from './job-slices';
import { sizeOf, statementsOf, writeOptionsOf } from './job-statements';
import type { JobBatch, JobQuery, JobSlice, JobStore, KeyedJob, Retention, StoreFailure } from './job-store';
import type { StoredJob } from './machine/stored-job';
import { stateColumn, statusOf, storedJobOf } from './stored-job-schema';
import { TaskSeal } from './task-seal';
import { parseTaskText, type StoredTask } from './task-texts';

const COLUMNS = 'seq, job_id, created_at, facts, state';
/** Jobs that one statement reads at the start. */
const PAGE = 500;
/** Text that is decoded in about 1 µs. A turn of the event loop decodes some 100 KB. */
const CHARACTERS_PER_PART = 30;
/** Failures are counted up to this number. */
const MAX_COUNTED = 10_000;
/** `prune` runs at least this often. */
const MARK_INTERVAL_MS = 60_000;
/** Removing large results takes time, so one transaction removes about this many bytes. */
const MAX_PRUNED_BYTES = 16 * 1024 * 1024;

const MARK = `INSERT INTO marks (name, at) SELECT 'alive', CAST(? AS BIGINT) WHERE EXISTS (SELECT 1 FROM jobs WHERE finished_at IS NULL)
  ON CONFLICT (name) DO UPDATE SET at = excluded.at`;
const OLDEST = `SELECT seq, finished_at,
    coalesce((SELECT octet_length(task) + coalesce(octet_length(body), 0) FROM job_tasks WHERE job_tasks.seq = jobs.seq), 0)
    + coalesce((SELECT octet_length(result) + coalesce(octet_length(body), 0) FROM job_results WHERE job_results.seq = jobs.seq), 0) AS bytes
  FROM jobs WHERE finished_at < ? AND seq NOT IN (SELECT seq FROM idempotency_keys) ORDER BY finished_at LIMIT ?`;
const KEYED = `SELECT body_hash, job_id, status FROM idempotency_keys AS keys JOIN jobs ON jobs.seq = keys.seq
  WHERE keys.key = ? AND keys.created_at >= ?`;
const ENDED = 'FROM jobs WHERE had_failure = 1 AND finished_at IS NOT NULL AND finished_at >= ?';

export class StoredJobs implements JobStore {
  readonly #store: Store;
  readonly #seal = new TaskSeal();
  #usedBytes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Live jobs, oldest first. Rejects at an invalid row, so the start fails there. */
  async live(): Promise<readonly StoredJob[]> {
    const jobs: StoredJob[] = [];
    const text = `SELECT ${COLUMNS} FROM jobs WHERE finished_at IS NULL AND seq > ? ORDER BY seq LIMIT ?`;
    for (let page: readonly Row[] | null = null; page === null || page.length === PAGE;) {
      page = await this.#rows(text, jobs.at(-1)?.facts.seq ?? 0, PAGE);
      await inTurns(page, (row) => {
        jobs.push(storedJobOf(row));
        return Math.ceil((String(row['facts']).length + String(row['state']).length) / CHARACTERS_PER_PART);
      });
    }
    return jobs;
  }

  async lastSeq(): Promise<number> {
    return Number((await this.#row('SELECT coalesce(max(seq), 0) AS seq FROM jobs'))?.['seq']);
  }

  /**
   * Time without a scheduler does not count as time in the queue, so this method moves `queuedAtMs` forward by that time. Must be called
   * before `live`. A scheduler last ran at the last `prune` (every minute) or when the newest job was created, whichever is later. A clock
   * that was set forward during the absence looks like a longer absence.
   */
  async postponeAbsence(nowWallMs: number): Promise<Result<null, StoreFailure>> {
    const mark = await this.#row("SELECT at FROM marks WHERE name = 'alive'");
    const newest = await this.#row('SELECT created_at AS at FROM jobs ORDER BY seq DESC LIMIT 1');
    const awayMs = newest === undefined ? 0 : nowWallMs - Math.max(Number(mark?.['at'] ?? 0), Number(newest['at'])) - MARK_INTERVAL_MS;
    const postponed: Sql[] = [];
    const waiting = awayMs > 0 ? (await this.live()).filter(({ state }) => state.status === 'queued') : [];
    await inTurns(waiting, ({ facts, state }) => {
      const queuedAtWallMs = Math.min(nowWallMs, state.queuedAtWallMs + awayMs);
      const column = stateColumn({ ...state, queuedAtWallMs });
      postponed.push({ text: 'UPDATE jobs SET state = ? WHERE seq = ?', values: [column, facts.seq] });
      return column.length / CHARACTERS_PER_PART;
    });
    return this.#store.write([...postponed, markOf(nowWallMs)], { isCollected: true });
  }

  /** Must be called before jobs are accepted, and is called by `prune`. */
  async measure(): Promise<void> {
    this.#usedBytes = await this.#store.usedBytes();
  }

  async commit(batch: JobBatch): Written {
    const written = await this.#store.write(statementsOf(batch, this.#seal), writeOptionsOf(batch));
    if (written.ok) this.#usedBytes += sizeOf(batch);
    return written;
  }

  /** Null: the task is missing, not readable, or that of an interactive job of an earlier run. */
  async task(seq: number): Promise<StoredTask | null> {
    const row = await this.#row('SELECT task, body, sealed FROM job_tasks WHERE seq = ?', seq);
    if (row === undefined) return null;
    const sealed = row['sealed'];
    const bytes = sealed instanceof Uint8Array ? this.#seal.unseal(sealed) : row['body'];
    if (bytes instanceof Uint8Array) return parseTaskText(textOf(bytes));
    return sealed === null ? parseTaskText(String(row['task'])) : null;
  }

  async job(jobId: string): Promise<StoredJob | null> {
    const row = await this.#row(`SELECT ${COLUMNS} FROM jobs WHERE job_id = ?`, jobId);
    return row === undefined ? null : storedJobOf(row);
  }

  async resultBytes(jobId: string): Promise<number> {
    const sized = `SELECT coalesce(octet_length(body), octet_length(result)) AS bytes
      FROM job_results JOIN jobs ON jobs.seq = job_results.seq WHERE job_id = ?`;
    return Number((await this.#row(sized, jobId))?.['bytes'] ?? 0);
  }

  async result(seq: number): Promise<JobResultView | null> {
    const json = await this.resultJson(seq);
    return json === null ? null : parseJsonAs(jobResultViewSchema, textOf(json));
  }

  /** Rows of earlier versions have a text. */
  async resultJson(seq: number): Promise<Uint8Array | null> {
    const row = await this.#row('SELECT body, result FROM job_results WHERE seq = ?', seq);
    if (row === undefined) return null;
    const body = row['body'];
    return body instanceof Uint8Array ? body : Buffer.from(String(row['result']));
  }

  /** A row of an earlier version has no summary. */
  async resultWithoutOutput(seq: number): Promise<JobResultView | null> {
    const summary = (await this.#row('SELECT summary FROM job_results WHERE seq = ?', seq))?.['summary'];
    if (typeof summary === 'string') return parseJsonAs(jobResultViewSchema, summary);
    const result = await this.result(seq);
    return result === null ? null : { ...result, output: null };
  }

  async list(query: JobQuery): Promise<JobSlice> {
    const sql = listSql(query);
    if (sql === null) return { jobs: [], isCut: false, nextBeforeSeq: null };
    const scanned = seqsOf(await this.#store.read(sql.scan));
    const found = sql.found === null ? scanned : seqsOf(await this.#store.read(sql.found));
    const { jobs, isCut } = await this.#slice(found);
    if (isCut || found.length === query.limit) return { jobs, isCut, nextBeforeSeq: jobs.at(-1)?.facts.seq ?? null };
    return { jobs, isCut, nextBeforeSeq: scanned.length < MAX_SCANNED ? null : (scanned.at(-1) ?? null) };
  }

  async failures(sinceWallMs: number, limit: number): Promise<{ readonly jobs: readonly StoredJob[]; readonly count: number }> {
    const newest = await this.#rows(`SELECT seq ${ENDED} ORDER BY finished_at DESC, seq DESC LIMIT ?`, sinceWallMs, limit);
    const count = await this.#row(`SELECT count(*) AS count FROM (SELECT 1 AS one ${ENDED} LIMIT ?) AS ended`, sinceWallMs, MAX_COUNTED);
    return { jobs: (await this.#slice(seqsOf(newest))).jobs, count: Number(count?.['count']) };
  }

  async keyed(key: string, sinceWallMs: number): Promise<KeyedJob | null> {
    const row = await this.#row(KEYED, key, Math.floor(sinceWallMs));
    if (row === undefined) return null;
    return { bodyHash: String(row['body_hash']), jobId: String(row['job_id']), status: statusOf(row['status']) };
  }

  async countByStatus(): Promise<ReadonlyMap<JobStatus, number>> {
    const rows = await this.#rows('SELECT status, count(*) AS count FROM jobs GROUP BY status');
    return new Map(rows.map((row) => [statusOf(row['status']), Number(row['count'])]));
  }

  usedBytes(): number {
    return this.#usedBytes;
  }

  async prune(
    { keepMs, leastKeepMs, maxFinished, maxBytes, keyMs }: Retention,
    nowWallMs: number,
    limit: number,
  ): ReturnType<JobStore['prune']> {
    await this.measure();
    const excessBytes = this.#usedBytes - maxBytes;
    const expired = { text: 'DELETE FROM idempotency_keys WHERE created_at < ?', values: [Math.floor(nowWallMs - keyMs)] };
    const kept = await this.#store.write([markOf(nowWallMs), expired], { isCollected: true });
    if (!kept.ok) return kept;
    const finished = Number((await this.#row('SELECT count(*) AS count FROM jobs WHERE finished_at IS NOT NULL'))?.['count']);
    const tooMany = finished - maxFinished;
    const keepSinceWallMs = nowWallMs - keepMs;
    // The oldest jobs are removed first, for any reason of removal.
    const before = tooMany > 0 || excessBytes > 0 ? nowWallMs - leastKeepMs : keepSinceWallMs;
    const removed: number[] = [];
    let bytes = 0;
    for (const row of await this.#rows(OLDEST, Math.ceil(before), limit)) {
      const isDue = Number(row['finished_at']) < keepSinceWallMs || removed.length < tooMany || bytes < excessBytes;
      if (!isDue || bytes > MAX_PRUNED_BYTES) break;
      bytes += Number(row['bytes']);
      removed.push(Number(row['seq']));
    }
    if (removed.length === 0) return ok(0);
    const written = await this.#store.write(
      TABLES.map((table) => removalOf(table, removed)),
      { isCollected: true },
    );
    if (!written.ok) return written;
    await this.measure();
    return ok(removed.length);
  }

  /** The newest first, or in the order of `seqs`: so many jobs as may be decoded in one turn. */
  async #slice(seqs: readonly number[]): Promise<Pick<JobSlice, 'jobs' | 'isCut'>> {
    if (seqs.length === 0) return { jobs: [], isCut: false };
    const sizes = await this.#rows(
      `SELECT seq, octet_length(facts) + octet_length(state) AS bytes FROM jobs WHERE ${among(seqs)}`,
      ...seqs,
    );
    const bytesOf = new Map(sizes.map((row) => [Number(row['seq']), Number(row['bytes'])]));
    const { kept, isCut } = sliceOf(
      seqs.filter((seq) => bytesOf.has(seq)),
      (seq) => bytesOf.get(seq) ?? 0,
    );
    const rows = await this.#rows(`SELECT ${COLUMNS} FROM jobs WHERE ${among(kept)}`, ...kept);
    const jobs = new Map(rows.map((row) => [Number(row['seq']), storedJobOf(row)]));
    return { jobs: kept.flatMap((seq) => jobs.get(seq) ?? []), isCut };
  }

  async #row(text: string, ...values: SqlValue[]): Promise<Row | undefined> {
    const [row] = await this.#rows(text, ...values);
    return row;
  }

  #rows(text: string, ...values: SqlValue[]): Promise<readonly Row[]> {
    return this.#store.read({ text, values });
  }
}

const TABLES = ['jobs', 'job_tasks', 'job_results', 'job_nodes'];

const removalOf = (table: string, seqs: readonly number[]): Statement => ({
  text: `DELETE FROM ${table} WHERE ${among(seqs)}`,
  values: seqs,
});

/** Without live jobs the time is not needed, so nothing is written and the disk can sleep. */
const markOf = (nowWallMs: number): Statement => ({ text: MARK, values: [Math.round(nowWallMs)] });

const among = (seqs: readonly number[]): string => `seq IN (${seqs.map(() => '?').join(', ')})`;
const seqsOf = (rows: readonly Row[]): number[] => rows.map(({ seq }) => Number(seq));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
