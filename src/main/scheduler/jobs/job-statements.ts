// A batch of job changes as statements of the store. Texts that can have megabytes are written as UTF-8, which is read without being decoded.
import type { JobResultView } from '../../../shared/api/job';
import type { Insert, Sql, Statement, WriteOptions } from '../database/store';
import type { JobBatch, JobChange, JobInsert } from './job-store';
import type { StoredJob } from './machine/stored-job';
import { resultBytes, resultText } from './result-json';
import { factsColumn, failureColumn, stateColumn } from './stored-job-schema';
import type { TaskSeal } from './task-seal';

/** Writing it takes tens of milliseconds. */
const LARGE_LENGTH = 1024 * 1024;

export function statementsOf({ inserts, changes }: JobBatch, seal: TaskSeal): Statement[] {
  const ended = changes.filter(({ job }) => finishedAtOf(job) !== null && !isRetryable(job));
  return [
    jobsInsert(inserts),
    tasksInsert(inserts, seal),
    keysInsert(inserts),
    ...changes.map(updateOf),
    nodesInsert([...inserts, ...changes]),
    ...ended.map(({ job }): Sql => ({ text: 'DELETE FROM job_tasks WHERE seq = ?', values: [job.facts.seq] })),
    resultsInsert(changes),
  ].filter((statement) => 'text' in statement || statement.rows.length > 0);
}

export const writeOptionsOf = ({ inserts, changes }: JobBatch): WriteOptions => ({
  isCollected: true,
  // In SQLite, a batch of interactive jobs alone survives the end of this program; a loss of power ends these jobs anyway (ADR 0019).
  isDurable: [...inserts, ...changes].some(({ job }) => !job.facts.interactive),
  isLarge: inserts.some(({ task }) => task.length >= LARGE_LENGTH) || changes.some(hasLargeResult),
});

/** Characters of the texts, about their bytes. */
export const sizeOf = ({ inserts, changes }: JobBatch): number =>
  inserts.reduce((sum, { job, task }) => sum + (finishedAtOf(job) === null ? task.length : 0), 0) +
  changes.reduce((sum, { result }) => sum + (result === null ? 0 : resultText(result).length), 0);

const jobsInsert = (inserts: readonly JobInsert[]): Insert => ({
  into: 'jobs',
  columns: ['seq', 'job_id', 'created_at', 'facts', 'status', 'finished_at', 'state', 'submitter', 'had_failure', 'model'],
  rows: inserts.map(({ job }) => [
    job.facts.seq,
    job.facts.jobId,
    Math.round(job.createdAtWallMs),
    factsColumn(job),
    job.state.status,
    finishedAtOf(job),
    stateColumn(job.state),
    job.facts.submitter,
    failureColumn(job.state),
    job.facts.task.model,
  ]),
});

const tasksInsert = (inserts: readonly JobInsert[], seal: TaskSeal): Insert => ({
  into: 'job_tasks',
  columns: ['seq', 'task', 'body', 'sealed'],
  rows: inserts
    .filter(({ job }) => finishedAtOf(job) === null)
    .map(({ job: { facts }, task }) =>
      facts.interactive ? [facts.seq, '', null, seal.seal(task)] : [facts.seq, '', Buffer.from(task), null],
    ),
});

const keysInsert = (inserts: readonly JobInsert[]): Insert => ({
  into: 'idempotency_keys',
  columns: ['key', 'body_hash', 'seq', 'created_at'],
  rows: inserts.flatMap(({ job: { facts, createdAtWallMs }, key }) =>
    key === null ? [] : [[key.key, key.bodyHash, facts.seq, Math.round(createdAtWallMs)]],
  ),
  onConflict: { key: ['key'], update: ['body_hash', 'seq', 'created_at'] },
});

const updateOf = ({ job }: JobChange): Sql => ({
  text: 'UPDATE jobs SET status = ?, finished_at = ?, state = ?, had_failure = ? WHERE seq = ?',
  values: [job.state.status, finishedAtOf(job), stateColumn(job.state), failureColumn(job.state), job.facts.seq],
});

/** Attempts are never removed. */
const nodesInsert = (jobs: readonly { readonly job: StoredJob }[]): Insert => ({
  into: 'job_nodes',
  columns: ['seq', 'node_id'],
  rows: jobs.flatMap(({ job: { facts, state } }) => [...new Set(state.attempts.map(({ nodeId }) => nodeId))].map((id) => [facts.seq, id])),
  onConflict: { key: ['seq', 'node_id'], update: 'nothing' },
});

const resultsInsert = (changes: readonly JobChange[]): Insert => ({
  into: 'job_results',
  columns: ['seq', 'result', 'body', 'summary'],
  rows: changes.flatMap(({ job, result }) => (result === null ? [] : [[job.facts.seq, '', resultBytes(result), summaryOf(result)]])),
  onConflict: { key: ['seq'], update: ['result', 'body', 'summary'] },
});

/** For callers that may not see contents. */
const summaryOf = (result: JobResultView): string => JSON.stringify({ ...result, output: null });

const hasLargeResult = ({ result }: JobChange): boolean => result !== null && resultText(result).length >= LARGE_LENGTH;

const finishedAtOf = ({ state }: StoredJob): number | null => (state.finishedAtWallMs === null ? null : Math.round(state.finishedAtWallMs));

/** An interactive job has no client any more, and a job that succeeded has its result. */
const isRetryable = ({ facts, state }: StoredJob): boolean => !facts.interactive && state.status !== 'succeeded';
