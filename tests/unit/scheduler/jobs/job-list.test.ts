// Lists of jobs with the largest errors: work is counted in characters of stored states per turn of the event loop.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { JobReader } from '../../../../src/main/scheduler/jobs/job-reader';
import type { JobInsert, JobSlice, JobStore } from '../../../../src/main/scheduler/jobs/job-store';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { stateColumn } from '../../../../src/main/scheduler/jobs/stored-job-schema';
import { liveHeapBytes } from '../../../support/heap';
import { openJobStore } from '../../../support/open-job-store';
import { assigned, failure, played } from './job-records';

const LARGEST = { code: 'refused', message: '\u4e00'.repeat(4096), details: { d: 'd'.repeat(4000) } };
const SMALL = { code: 'refused', message: 'it broke', details: { exit_code: 1 } };
const JOBS = 500;
/** About 4 ms, plus one job. */
const MAX_CHARACTERS_PER_TURN = 300_000;

const failed = (seq: number, error = LARGEST): JobInsert => {
  const ended = played(
    [
      [0, assigned],
      [5, { ...failure(false), error }],
    ],
    { jobId: `job-${String(seq)}`, seq },
  );
  return { job: toStoredJob(ended), task: '{}', key: null };
};

/** A reader of the store, which counts the characters that it decodes in each turn. */
async function countingReader(inserts: readonly JobInsert[]) {
  const store = await openJobStore(inserts);
  const perTurn = [0];
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  void (async () => {
    for (; !isOver; perTurn.push(0)) await nextTurn();
  })();
  const counted: Pick<JobStore, 'list'> = {
    async list(query) {
      const slice = await store.list(query);
      perTurn.push((perTurn.pop() ?? 0) + charactersOf(slice.jobs));
      return slice;
    },
  };
  const reader = new JobReader({
    table: { counts: { queued: 0, assigned: 0, running: 0 }, get: () => undefined, waiting: new WaitingJobs() },
    store: counted,
    pool: {},
    writer: { isFailing: false, flush: () => Promise.resolve() },
    submitters: { nameOf: () => null, idsOf: () => [] },
    retention: { keepMs: 86_399_500 },
  } as never);
  return { reader, store, perTurn };
}

const charactersOf = (jobs: JobSlice['jobs']): number => jobs.reduce((sum, { state }) => sum + stateColumn(state).length, 0);

it('list of 500 jobs with the largest errors -> whole, newest first, a few milliseconds of work in each turn', async () => {
  const { reader, perTurn } = await countingReader(Array.from({ length: JOBS }, (_, i) => failed(i + 1)));
  const list = await reader.list({ limit: JOBS, cursor: null });
  expect(list.jobs.map(({ job_id: id }) => id)).toEqual(Array.from({ length: JOBS }, (_, i) => `job-${String(JOBS - i)}`));
  expect([list.next_cursor, list.kept_seconds]).toEqual(['1', 86_400]);
  expect(Math.max(...perTurn)).toBeLessThan(MAX_CHARACTERS_PER_TURN);
});

it('many lists at once -> they share the turns', async () => {
  const { reader, perTurn } = await countingReader(Array.from({ length: 100 }, (_, i) => failed(i + 1)));
  await nextTurn();
  const lists: Promise<unknown>[] = [];
  for (let i = 0; i < 8; i++) {
    lists.push(reader.list({ limit: JOBS, cursor: null }));
    await nextTurn();
  }
  await Promise.all(lists);
  expect(Math.max(...perTurn)).toBeLessThan(MAX_CHARACTERS_PER_TURN);
});

it('many lists that begin in the same turn -> they share the turns', async () => {
  const { reader, perTurn } = await countingReader(Array.from({ length: 100 }, (_, i) => failed(i + 1)));
  await nextTurn();
  await Promise.all(Array.from({ length: 8 }, () => reader.list({ limit: JOBS, cursor: null })));
  expect(Math.max(...perTurn)).toBeLessThan(MAX_CHARACTERS_PER_TURN);
});

it('error in a list -> its message is shortened, large details are null; small ones stay', async () => {
  const { reader, store } = await countingReader([failed(1), failed(2, SMALL as never)]);
  const { jobs } = await reader.list({ statuses: ['failed'], limit: 9, cursor: null });
  expect(jobs.map(({ error }) => error)).toEqual([SMALL, { code: 'refused', message: '\u4e00'.repeat(512), details: null }]);
  expect((await store.job('job-1'))?.state.error).toEqual(LARGEST);
});

it('jobs of a node with the largest errors -> a page has fewer jobs, the pages have all of them', async () => {
  const { store } = await countingReader(Array.from({ length: 300 }, (_, i) => failed(i + 1)));
  const seqs: number[] = [];
  let beforeSeq: number | null = null;
  do {
    const page: JobSlice = await store.list({ nodeId: 'node-1', limit: JOBS, beforeSeq });
    expect(charactersOf(page.jobs)).toBeLessThan(MAX_CHARACTERS_PER_TURN);
    seqs.push(...page.jobs.map(({ facts }) => facts.seq));
    beforeSeq = page.nextBeforeSeq;
  } while (beforeSeq !== null);
  expect(seqs).toEqual(Array.from({ length: 300 }, (_, i) => 300 - i));
});

it('many lists of jobs with the longest requirements -> the memory of the lists alone', async () => {
  const requiredModels = Array.from({ length: 64 }, (_, i) => String(i).padEnd(256, '\u4e00'));
  const long = (seq: number): JobInsert => {
    const record = played([], { jobId: `job-${String(seq)}`, seq, requirements: { requiredModels, public: true } });
    return { job: toStoredJob(record), task: '{}', key: null };
  };
  const { reader } = await countingReader(Array.from({ length: 100 }, (_, i) => long(i + 1)));
  const before = liveHeapBytes();
  let ended = 0;
  const lists = Array.from({ length: 20 }, () => reader.list({ limit: 100, cursor: null }).then(() => ended++));
  let most = 0;
  for (let turn = 0; ended === 0; turn++) {
    await nextTurn();
    if (turn % 50 === 0) most = Math.max(most, liveHeapBytes() - before);
  }
  await Promise.all(lists);
  // Whole jobs of all lists are 60 MB.
  expect(most).toBeLessThan(10_000_000);
});

it('many lists of clients that have left -> no further part is read for them', async () => {
  const { reader, perTurn } = await countingReader(Array.from({ length: 100 }, (_, i) => failed(i + 1)));
  let partsLeft = 3;
  const lists = Array.from({ length: 20 }, () => reader.list({ limit: 100, cursor: null, hasLeft: () => partsLeft-- <= 0 }));
  await Promise.all(lists);
  expect(perTurn.filter((characters) => characters > 0)).toHaveLength(3);
});
