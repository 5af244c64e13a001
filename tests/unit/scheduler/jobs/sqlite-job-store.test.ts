// The jobs database in a real file: stored data, queries, pruning, and failing writes.
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobInsert } from '../../../../src/main/scheduler/jobs/job-store';
import { newJob } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { factsOf } from '../../../../src/main/scheduler/jobs/machine/submission';
import { SqliteJobStore } from '../../../../src/main/scheduler/jobs/sqlite-job-store';
import { JOB_DATABASE, NODE_DATABASE } from '../../../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { jobSubmissionSchema } from '../../../../src/shared/api/job';
import { chatTask } from '../../../support/job-pool';
import { temporaryDir } from '../../../support/test-scheduler';
import { at } from '../lifecycle/records';
import { assigned, failure, played, success } from './job-records';
import { finished, insert, job, TASK } from './stored-jobs';

const DAY_MS = 86_400_000;
const RETENTION = { keepMs: 1000, leastKeepMs: 0, maxFinished: 100, maxBytes: 1_000_000_000, keyMs: DAY_MS };

let folder: ReturnType<typeof temporaryDir>;
let file: string;
let database: DatabaseSync;
let store: SqliteJobStore;

beforeEach(() => {
  folder = temporaryDir();
  file = path.join(folder.dir, 'jobs.db');
  open();
});
afterEach(() => {
  if (database.isOpen) store.close();
  folder.remove();
});

function open(): void {
  const opened = openDatabase(file, JOB_DATABASE);
  if (!opened.ok) throw new Error(opened.error.code);
  database = opened.value;
  store = new SqliteJobStore(database);
}

it('job store: large result -> the next commit makes the checkpoint, so that no turn writes it twice', () => {
  store.commit({ inserts: [1, 2, 3, 4].map((seq) => insert(seq)), changes: [] });
  const megabytes = [5, 0, 5, 5].map((size, i) => {
    store.commit({ inserts: [], changes: [finished(i + 1, 10, 'x'.repeat(size * 1_000_000))] });
    return Math.round(statSync(file).size / 1_000_000);
  });
  expect(megabytes).toEqual([0, 5, 5, 15]);
});

it('job store: large task -> the next commit makes the checkpoint', () => {
  const commit = (seq: number, task: string) => (store.commit({ inserts: [{ ...insert(seq), task }], changes: [] }), statSync(file).size);
  expect([commit(1, 'x'.repeat(5_000_000)) < 1_000_000, commit(2, TASK) > 5_000_000]).toEqual([true, true]);
});

it('job store: interactive jobs alone -> not synced; with another job -> synced', () => {
  const [FULL, NORMAL] = [2, 1];
  const interactive: JobInsert = { job: toStoredJob(played([], { jobId: 'job-2', seq: 2, interactive: true })), task: TASK, key: null };
  const synchronous = () => database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  store.commit({ inserts: [interactive], changes: [] });
  expect([synchronous(), store.read('job-2')?.job.state.status]).toEqual([NORMAL, 'queued']);
  store.commit({ inserts: [insert(1)], changes: [{ job: interactive.job, result: null }] });
  expect(synchronous()).toBe(FULL);
  store.commit({ inserts: [], changes: [{ job: interactive.job, result: null }] });
  store.prune(RETENTION, at(0).wallMs, 1);
  expect(synchronous()).toBe(FULL);
});

it('job store: job that has ended is inserted -> without its task', () => {
  const { job: ended, result } = finished(1, 9);
  store.commit({ inserts: [{ job: ended, task: TASK, key: null }], changes: [{ job: ended, result }] });
  expect([store.read('job-1')?.job, store.read('job-1')?.result, store.task(1), [...store.live()]]).toEqual([ended, result, null, []]);
});

describe('job store: time without a scheduler', () => {
  it('queued job -> not counted as time in the queue, also when only the newest job shows when the scheduler last ran', () => {
    store.commit({ inserts: [insert(1)], changes: [] });
    const { createdAtWallMs, state } = job(1);
    store.postponeAbsence(createdAtWallMs + 3660 * DAY_MS);
    const queuedAtWallMs = () => [...store.live()][0]?.state.queuedAtWallMs;
    expect(queuedAtWallMs()).toBe(state.queuedAtWallMs + 3660 * DAY_MS - 60_000);
    // A start that failed, and the next one.
    store.postponeAbsence(createdAtWallMs + 3660 * DAY_MS);
    expect(queuedAtWallMs()).toBe(state.queuedAtWallMs + 3660 * DAY_MS - 60_000);
  });

  it('write fails -> counted as time in the queue, failure returned', () => {
    store.commit({ inserts: [insert(1)], changes: [] });
    const { createdAtWallMs, state } = job(1);
    database.exec('PRAGMA query_only = ON');
    expect(store.postponeAbsence(createdAtWallMs + DAY_MS).ok).toBe(false);
    expect([...store.live()][0]?.state.queuedAtWallMs).toBe(state.queuedAtWallMs);
  });
});

describe('job store: commit', () => {
  it('file opened again -> same state, task, result and key', () => {
    expect(store.commit({ inserts: [insert(1, 'k'), insert(2)], changes: [finished(1, 9)] })).toEqual({ ok: true, value: null });
    store.close();
    open();
    expect([...store.live()]).toEqual([job(2)]);
    expect(store.read('job-1')).toEqual({ job: finished(1, 9).job, result: finished(1, 9).result });
    expect(store.read('job-9')).toBeNull();
    expect(store.task(2)).toEqual({ text: JSON.stringify(chatTask()), isStreamed: false, task: chatTask() });
    expect([store.task(1), store.task(9)]).toEqual([null, null]);
    for (const damaged of ['{', '{"kind":"openai","path":"/v1/retired","body":{"model":"m"}}']) {
      database.prepare('UPDATE job_tasks SET task = ? WHERE seq = 2').run(damaged);
      expect(store.task(2)).toBeNull();
    }
    expect(store.keyed('k', 0)).toEqual({ bodyHash: 'hash of k', jobId: 'job-1', status: 'succeeded' });
    expect(store.keyed('k', at(1).wallMs)).toBeNull();
    expect([store.lastSeq(), store.countByStatus()]).toEqual([
      2,
      new Map([
        ['queued', 1],
        ['succeeded', 1],
      ]),
    ]);
  });

  it('one write of a batch fails -> nothing is stored', () => {
    expect(store.commit({ inserts: [insert(1), insert(1)], changes: [] })).toMatchObject({ ok: false, error: { isFull: false } });
    expect([...store.live()]).toEqual([]);
  });

  it('list -> newest first, by status, in pages', () => {
    store.commit({ inserts: [insert(1), insert(2), insert(3)], changes: [finished(2, 5)] });
    const ids = (query: Parameters<SqliteJobStore['list']>[0]) => store.list(query).jobs.map(({ facts }) => facts.seq);
    expect(ids({ limit: 2, beforeSeq: null })).toEqual([3, 2]);
    expect(ids({ limit: 2, beforeSeq: 2 })).toEqual([1]);
    expect(ids({ statuses: ['queued'], limit: 9, beforeSeq: null })).toEqual([3, 1]);
  });
});

describe('job store: stored format', () => {
  /** A row as earlier versions wrote it. */
  const FACTS = {
    task: { kind: 'openai', path: '/v1/chat/completions', model: 'llm-a', payload_bytes: 12 },
    requirements: {
      required_models: ['llm-a'],
      required_task: { model_id: 'llm-a', task: '/v1/chat/completions' },
      required_kinds: [{ kind: 'nmt', src_lang: 'en', tgt_lang: 'zh' }],
      required_features: ['emotion_detection'],
      public: false,
      node_id: 'node-1',
      min_gpu_memory_gb: 8,
    },
    priority: 2,
    maxAttempts: 5,
    timeoutMs: 1500,
    queueTimeoutMs: 2000,
    totalTimeoutMs: null,
    ...{ interactive: false, traceId: 'trace' },
  };
  const submitted = () => {
    const { required_task: _task, ...requirements } = FACTS.requirements;
    const limits = { max_attempts: 5, priority: 2, timeout_seconds: 1.5, queue_timeout_seconds: 2 };
    const submission = jobSubmissionSchema.parse({ task: chatTask(), ...requirements, ...limits });
    const identity = { jobId: 'job-1', seq: 1, traceId: 'trace', interactive: false, payloadBytes: 12, submitter: null };
    return factsOf(submission, identity, { timeoutMs: 1, queueTimeoutMs: 1, busyTimeoutMs: 1 });
  };

  it('submission -> the facts are stored in the format of earlier versions, with the form of the answer', () => {
    store.commit({ inserts: [{ job: toStoredJob(newJob(submitted(), at(0))), task: TASK, key: null }], changes: [] });
    const facts = { ...FACTS, streams: false, submitter: null };
    expect(JSON.parse(String(database.prepare('SELECT facts FROM jobs').get()?.['facts']))).toEqual(facts);
  });

  it('change of a job -> the state is stored in the format of earlier versions', () => {
    const attempt = { attempt: 1, nodeId: 'node-1', assignedAtMs: at(5).wallMs, startedAtMs: null, endedAtMs: at(9).wallMs };
    const state = {
      status: 'succeeded',
      attempts: [{ ...attempt, outcome: 'succeeded', error: null }],
      lastAttempt: 1,
      queuedAtMs: at(0).wallMs,
      notBeforeMs: null,
      finishedAtMs: at(9).wallMs,
      error: null,
    };
    const ended = {
      ...finished(1, 9),
      job: job(1, [
        [5, assigned],
        [9, success()],
      ]),
    };
    store.commit({ inserts: [insert(1)], changes: [ended] });
    expect(JSON.parse(String(database.prepare('SELECT state FROM jobs').get()?.['state']))).toEqual(state);
    expect(store.read('job-1')?.job).toEqual(ended.job);
  });

  it('error that another node must confirm -> stored and loaded', () => {
    const waiting = job(1, [
      [5, assigned],
      [9, { ...failure(false), isServedElsewhere: true }],
    ]);
    store.commit({ inserts: [insert(1)], changes: [{ job: waiting, result: null }] });
    expect(waiting.state.unconfirmed).toMatchObject({ nodeId: 'node-1', error: { code: 'broke' } });
    expect(store.read('job-1')?.job).toEqual(waiting);
  });

  it('row of an earlier version -> the facts of the submission, with equal JSON of the requirements', () => {
    store.commit({ inserts: [insert(1)], changes: [] });
    database.prepare('UPDATE jobs SET facts = ?').run(JSON.stringify(FACTS));
    const loaded = store.read('job-1')?.job.facts;
    expect(loaded, 'the answer can have any form').toEqual({ ...submitted(), streams: true });
    expect(JSON.stringify(loaded?.requirements)).toBe(JSON.stringify(submitted().requirements));
  });
});

describe('job store: disk full', () => {
  it('commit -> isFull, earlier jobs kept; accepts jobs again when there is space', () => {
    store.commit({ inserts: [insert(1)], changes: [] });
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.exec(`PRAGMA max_page_count = ${String(pages)}`);
    const large = { ...insert(2), task: JSON.stringify(chatTask('x'.repeat(100_000))) };
    expect(store.commit({ inserts: [large], changes: [] })).toMatchObject({ ok: false, error: { isFull: true } });
    expect([...store.live()]).toEqual([job(1)]);
    expect(store.commit({ inserts: [], changes: [{ job: job(1, [[1, assigned]]), result: null }] }).ok).toBe(true);
    database.exec('PRAGMA max_page_count = 1000000');
    expect(store.commit({ inserts: [large], changes: [] }).ok).toBe(true);
  });

  it('job ends -> its task is removed; job removed -> its space is free', () => {
    const large = 'x'.repeat(500_000);
    store.commit({ inserts: [{ ...insert(1), task: JSON.stringify(chatTask(large)) }], changes: [] });
    const before = store.usedBytes();
    store.commit({ inserts: [], changes: [finished(1, 5)] });
    const ended = store.usedBytes();
    expect(before - ended).toBeGreaterThan(400_000);
    store.commit({ inserts: [], changes: [finished(1, 5, large)] });
    store.prune(RETENTION, at(5000).wallMs, 10);
    expect(store.usedBytes()).toBeLessThanOrEqual(ended);
  });
});

describe('job store: prune', () => {
  it('too old or too many -> the oldest removed in batches, never live jobs or jobs with a key', () => {
    store.commit({
      inserts: [insert(1), insert(2), insert(3), insert(4, 'k'), insert(5)],
      changes: [finished(1, 10), finished(2, 20), finished(3, 30), finished(4, 5)],
    });
    const left = () => store.list({ limit: 9, beforeSeq: null }).jobs.map(({ facts }) => facts.seq);
    expect(store.prune(RETENTION, at(1000).wallMs, 10)).toEqual({ ok: true, value: 0 });
    expect(store.prune({ ...RETENTION, maxFinished: 3 }, at(1000).wallMs, 10)).toEqual({ ok: true, value: 1 });
    expect(left()).toEqual([5, 4, 3, 2]);
    expect(store.prune(RETENTION, at(5000).wallMs, 1)).toEqual({ ok: true, value: 1 });
    expect(left()).toEqual([5, 4, 3]);
    store.prune(RETENTION, at(5000).wallMs, 10);
    expect(left()).toEqual([5, 4]);
    store.prune(RETENTION, at(DAY_MS + 5000).wallMs, 10);
    expect([left(), store.keyed('k', 0)]).toEqual([[5], null]);
  });
});

it('job store: prune, too many bytes -> the oldest finished jobs removed, no more than needed', () => {
  const large = 'x'.repeat(1_000_000);
  store.commit({
    inserts: [insert(1, 'k'), insert(2), insert(3), insert(4), { ...insert(5), task: JSON.stringify(chatTask(large)) }],
    changes: [finished(1, 1, large), finished(2, 2, large), finished(3, 3, large), finished(4, 4, large)],
  });
  const left = () => store.list({ limit: 9, beforeSeq: null }).jobs.map(({ facts }) => facts.seq);
  expect(store.prune({ ...RETENTION, maxBytes: 4_500_000 }, at(5).wallMs, 100)).toEqual({ ok: true, value: 1 });
  expect(left()).toEqual([5, 4, 3, 1]);
  expect(store.prune({ ...RETENTION, maxBytes: 0, leastKeepMs: 10 }, at(5).wallMs, 100)).toEqual({ ok: true, value: 0 });
  expect(store.prune({ ...RETENTION, maxBytes: 4_500_000 }, at(5).wallMs, 100)).toEqual({ ok: true, value: 0 });
  expect(store.prune({ ...RETENTION, maxBytes: 0 }, at(5).wallMs, 1)).toEqual({ ok: true, value: 1 });
  store.prune({ ...RETENTION, maxBytes: 0 }, at(5).wallMs, 100);
  expect(left()).toEqual([5, 1]);
});

it('job store: prune, large jobs -> smaller batches', () => {
  const large = 'x'.repeat(10 * 1024 * 1024);
  store.commit({
    inserts: [insert(1), insert(2), insert(3)],
    changes: [finished(1, 1, large), finished(2, 2, large), finished(3, 3, large)],
  });
  const batches = [1, 2, 3].map(() => store.prune(RETENTION, at(5000).wallMs, 100));
  expect(batches).toEqual([2, 1, 0].map((value) => ({ ok: true, value })));
});

it('job store: invalid row -> the start fails with the id of the job', () => {
  store.commit({ inserts: [insert(1)], changes: [] });
  database.exec(`UPDATE jobs SET state = '{"status": "mad"}'`);
  expect(() => [...store.live()]).toThrow(/row of job-1/);
});

it('job store: nodes database or newer version -> refused', () => {
  const nodes = path.join(folder.dir, 'nodes.db');
  const opened = openDatabase(nodes, NODE_DATABASE);
  if (opened.ok) opened.value.close();
  expect(openDatabase(nodes, JOB_DATABASE)).toMatchObject({ ok: false, error: { code: 'DATABASE_UNREADABLE' } });
  database.exec('PRAGMA user_version = 99');
  store.close();
  expect(openDatabase(file, JOB_DATABASE)).toMatchObject({ ok: false, error: { code: 'DATABASE_TOO_NEW' } });
});
