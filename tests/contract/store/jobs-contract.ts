// What the store of jobs must do on each engine: stored data, formats, removal and failing writes.
import { describe, expect, test } from 'vitest';
import { newJob } from '../../../src/main/scheduler/jobs/machine/job-record';
import { toStoredJob } from '../../../src/main/scheduler/jobs/machine/stored-job';
import { factsOf } from '../../../src/main/scheduler/jobs/machine/submission';
import { StoredJobs } from '../../../src/main/scheduler/jobs/stored-jobs';
import { jobSubmissionSchema } from '../../../src/shared/api/job';
import { fail } from '../../../src/shared/result';
import { chatTask } from '../../support/job-pool';
import { finished, insert, job, TASK } from '../../support/stored-job-builders';
import { assigned, failure, success } from '../../unit/scheduler/jobs/job-records';
import { at } from '../../unit/scheduler/lifecycle/records';
import { jobFiltersContract } from './job-filters-contract';
import { jobPruningContract } from './job-pruning-contract';
import { jobTextsContract } from './job-texts-contract';
import type { StoreEngine } from './store-engine';
import { WRITTEN } from './things';
import { useJobs } from './use-jobs';

const DAY_MS = 86_400_000;

export function jobsContract(engine: StoreEngine): void {
  describe('commits', () => {
    commitContract(engine);
  });

  describe('time without a scheduler', () => {
    absenceContract(engine);
  });

  describe('stored format', () => {
    formatContract(engine);
  });

  describe('texts of tasks and results', () => {
    jobTextsContract(engine);
  });

  describe('lists', () => {
    jobFiltersContract(engine);
  });

  describe('removal', () => {
    jobPruningContract(engine);
  });
}

function commitContract(engine: StoreEngine): void {
  const used = useJobs(engine);

  test('database opened again -> same state, task, result and key', async () => {
    expect(await used.jobs.commit({ inserts: [insert(1, 'k'), insert(2)], changes: [finished(1, 9)] })).toEqual(WRITTEN);
    await used.reopen();
    const { jobs } = used;
    expect(await jobs.live()).toEqual([job(2)]);
    expect([await jobs.job('job-1'), await jobs.result(1), await jobs.result(2)]).toEqual([
      finished(1, 9).job,
      finished(1, 9).result,
      null,
    ]);
    expect(await jobs.job('job-9')).toBeNull();
    expect(await jobs.task(2)).toEqual({ text: JSON.stringify(chatTask()), isStreamed: false, task: chatTask() });
    expect([await jobs.task(1), await jobs.task(9)]).toEqual([null, null]);
    expect(await jobs.keyed('k', 0)).toEqual({ bodyHash: 'hash of k', jobId: 'job-1', status: 'succeeded' });
    expect(await jobs.keyed('k', at(1).wallMs)).toBeNull();
    expect([await jobs.lastSeq(), await jobs.countByStatus()]).toEqual([
      2,
      new Map([
        ['queued', 1],
        ['succeeded', 1],
      ]),
    ]);
  });

  test('more live jobs than one page -> all, oldest first', async () => {
    await used.jobs.commit({ inserts: Array.from({ length: 1001 }, (_, i) => insert(i + 1)), changes: [finished(3, 9)] });
    const seqs = (await used.jobs.live()).map(({ facts }) => facts.seq);
    expect(seqs).toEqual(Array.from({ length: 1001 }, (_, i) => i + 1).filter((seq) => seq !== 3));
    expect(await used.jobs.lastSeq()).toBe(1001);
  });

  test('a key that expired is used again -> it names the new job', async () => {
    await used.jobs.commit({ inserts: [insert(1, 'k')], changes: [] });
    await used.jobs.commit({ inserts: [insert(2, 'k')], changes: [] });
    expect(await used.jobs.keyed('k', 0)).toMatchObject({ jobId: 'job-2' });
  });

  test('job that has ended is inserted -> without its task', async () => {
    const { job: ended, result } = finished(1, 9);
    await used.jobs.commit({ inserts: [{ job: ended, task: TASK, key: null }], changes: [{ job: ended, result }] });
    const { jobs } = used;
    expect([await jobs.job('job-1'), await jobs.result(1), await jobs.task(1), await jobs.live()]).toEqual([ended, result, null, []]);
  });

  test('one write of a batch fails -> nothing is stored', async () => {
    expect(await used.jobs.commit({ inserts: [insert(1), insert(1)], changes: [] })).toMatchObject({ ok: false, error: { isFull: false } });
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    expect((await used.jobs.commit({ inserts: [insert(2), insert(1, 'k')], changes: [finished(1, 9)] })).ok).toBe(false);
    expect([await used.jobs.live(), await used.jobs.keyed('k', 0), await used.jobs.result(1)]).toEqual([[job(1)], null, null]);
  });

  test('a commit fails -> its bytes do not count as used', async () => {
    await used.jobs.measure();
    const before = used.jobs.usedBytes();
    const large = { ...insert(1), task: JSON.stringify(chatTask('x'.repeat(500_000))) };
    expect((await used.jobs.commit({ inserts: [large, insert(1)], changes: [] })).ok).toBe(false);
    expect(used.jobs.usedBytes()).toBe(before);
    await used.jobs.commit({ inserts: [large], changes: [] });
    expect(used.jobs.usedBytes()).toBeGreaterThan(before + 400_000);
  });

  test('invalid row -> the start fails with the id of the job', async () => {
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    await used.change(`UPDATE jobs SET state = '{"status": "mad"}'`);
    await expect(used.jobs.live()).rejects.toThrow(/row of job-1/);
  });

  test('disk full -> isFull, earlier jobs kept; accepts jobs again when there is space', async () => {
    const { setFull } = used.database;
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    const large = { ...insert(2), task: JSON.stringify(chatTask('x'.repeat(100_000))) };
    if (setFull !== null) {
      await setFull(true);
      expect(await used.jobs.commit({ inserts: [large], changes: [] })).toMatchObject({ ok: false, error: { isFull: true } });
      expect(await used.jobs.live()).toEqual([job(1)]);
      expect((await used.jobs.commit({ inserts: [], changes: [{ job: job(1, [[1, assigned]]), result: null }] })).ok).toBe(true);
      await setFull(false);
    }
    expect((await used.jobs.commit({ inserts: [large], changes: [] })).ok).toBe(true);
  });
}

function absenceContract(engine: StoreEngine): void {
  const used = useJobs(engine);
  const { createdAtWallMs, state } = job(1);
  const queuedAtWallMs = async () => (await used.jobs.live())[0]?.state.queuedAtWallMs;

  test('queued job -> not counted as time in the queue, also when only the newest job shows when the scheduler last ran', async () => {
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    expect((await used.jobs.postponeAbsence(createdAtWallMs + 3660 * DAY_MS)).ok).toBe(true);
    expect(await queuedAtWallMs()).toBe(state.queuedAtWallMs + 3660 * DAY_MS - 60_000);
    // A start that failed, and the next one.
    await used.jobs.postponeAbsence(createdAtWallMs + 3660 * DAY_MS);
    expect(await queuedAtWallMs()).toBe(state.queuedAtWallMs + 3660 * DAY_MS - 60_000);
  });

  test('write fails -> counted as time in the queue, failure returned', async () => {
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    const { store } = used;
    const failing = new StoredJobs({
      read: (sql) => store.read(sql),
      write: () => Promise.resolve(fail({ isFull: false, reason: 'read only' })),
      usedBytes: () => store.usedBytes(),
      close: () => store.close(),
    });
    expect((await failing.postponeAbsence(createdAtWallMs + DAY_MS)).ok).toBe(false);
    expect(await queuedAtWallMs()).toBe(state.queuedAtWallMs);
  });
}

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

function formatContract(engine: StoreEngine): void {
  const used = useJobs(engine);
  const column = async (name: string) => JSON.parse(String((await used.read(`SELECT ${name} FROM jobs`))[0]?.[name])) as unknown;

  test('submission -> the facts are stored in the format of earlier versions, with the form of the answer', async () => {
    await used.jobs.commit({ inserts: [{ job: toStoredJob(newJob(submitted(), at(0))), task: TASK, key: null }], changes: [] });
    expect(await column('facts')).toEqual({ ...FACTS, streams: false, submitter: null });
  });

  test('change of a job -> the state is stored in the format of earlier versions', async () => {
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
    await used.jobs.commit({ inserts: [insert(1)], changes: [ended] });
    expect(await column('state')).toEqual(state);
    expect(await used.jobs.job('job-1')).toEqual(ended.job);
  });

  test('error that another node must confirm -> stored and loaded', async () => {
    const waiting = job(1, [
      [5, assigned],
      [9, { ...failure(false), isServedElsewhere: true }],
    ]);
    await used.jobs.commit({ inserts: [insert(1)], changes: [{ job: waiting, result: null }] });
    expect(waiting.state.unconfirmed).toMatchObject({ nodeId: 'node-1', error: { code: 'broke' } });
    expect(await used.jobs.job('job-1')).toEqual(waiting);
  });

  test('row of an earlier version -> the facts of the submission, with equal JSON of the requirements', async () => {
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    await used.change('UPDATE jobs SET facts = ?', JSON.stringify(FACTS));
    const loaded = (await used.jobs.job('job-1'))?.facts;
    expect(loaded, 'the answer can have any form').toEqual({ ...submitted(), streams: true });
    expect(JSON.stringify(loaded?.requirements)).toBe(JSON.stringify(submitted().requirements));
  });
}
