// Lists of jobs: their order, pages and filters.
import { expect, test } from 'vitest';
import type { JobChange, JobInsert, JobQuery } from '../../../src/main/scheduler/jobs/job-store';
import { MAX_SCANNED } from '../../../src/main/scheduler/jobs/job-list-sql';
import type { JobFacts } from '../../../src/main/scheduler/jobs/machine/job-record';
import { toStoredJob } from '../../../src/main/scheduler/jobs/machine/stored-job';
import { aJob, assigned, failure, played, success } from '../../unit/scheduler/jobs/job-records';
import { at } from '../../unit/scheduler/lifecycle/records';
import type { StoreEngine } from './store-engine';
import { useJobs } from './use-jobs';

type Events = Parameters<typeof played>[0];

const record = (seq: number, events: Events = [], facts: Partial<JobFacts> = {}) =>
  toStoredJob(played(events, { jobId: `job-${String(seq)}`, seq, ...facts }));
const insert = (seq: number, facts: Partial<JobFacts> = {}, events: Events = []) => ({
  job: record(seq, events, facts),
  task: '{}',
  key: null,
});
const DONE: Events = [
  [0, assigned],
  [5, success()],
];
const model = (name: string): Pick<JobFacts, 'task'> => ({ task: { ...aJob().task, model: name } });

const other = (nodeId: string): Events => [[0, { type: 'assigned', nodeId }]];
const JOBS = [
  insert(1, { ...model('qwen3:14b'), submitter: 'k1' }, DONE),
  insert(2, { ...model('gpt-oss:120b'), submitter: 'k2' }, DONE),
  insert(3, { ...model('qwen3:14b'), submitter: 'k2' }, other('node-2')),
  insert(4, { ...model('Qwen3-coder'), submitter: null }),
  insert(5, { ...model('qwen3:14b'), submitter: 'k1', jobId: 'job-9f2e' }),
];

export function jobFiltersContract(engine: StoreEngine): void {
  const used = useJobs(engine);
  const stored = async (inserts: readonly JobInsert[], changes: readonly JobChange[] = []) => {
    expect((await used.jobs.commit({ inserts, changes })).ok).toBe(true);
  };
  const listed = async (query: Partial<JobQuery>) => {
    const { jobs, nextBeforeSeq } = await used.jobs.list({ limit: 9, beforeSeq: null, ...query });
    return [jobs.map(({ facts }) => facts.seq), nextBeforeSeq];
  };

  test('newest first, by status, in pages', async () => {
    await stored([insert(1), insert(2), insert(3)], [{ job: record(2, DONE), result: null }]);
    expect(await listed({ limit: 2 })).toEqual([[3, 2], 2]);
    expect(await listed({ limit: 2, beforeSeq: 2 })).toEqual([[1], null]);
    expect(await listed({ statuses: ['queued'] })).toEqual([[3, 1], null]);
  });

  test('jobs of a node -> newest first, in pages, from its own index', async () => {
    await stored(
      Array.from({ length: 5003 }, (_, i) => insert(i + 1)),
      [1, 2, 5001, 5003].map((seq) => ({ job: record(seq, DONE), result: null })),
    );
    expect(await listed({ nodeId: 'node-1', limit: 1 })).toEqual([[5003], 5003]);
    expect(await listed({ nodeId: 'node-1', beforeSeq: 5003 })).toEqual([[5001, 2, 1], null]);
    expect(await listed({ nodeId: 'node-2' })).toEqual([[], null]);
  });

  test('failures -> newest first, those not listed are counted, since the instant', async () => {
    const failed = (seq: number, atMs: number) => ({
      job: record(seq, [
        [0, assigned],
        [atMs, failure(false)],
      ]),
      result: null,
    });
    await stored(
      [insert(1), insert(2), insert(3), insert(4)],
      [failed(1, 30), failed(2, 10), failed(3, 20), { job: record(4, DONE), result: null }],
    );
    const found = async (sinceMs: number, limit: number) => {
      const { jobs, count } = await used.jobs.failures(at(sinceMs).wallMs, limit);
      return [jobs.map(({ facts }) => facts.seq), count];
    };
    expect(await found(0, 2)).toEqual([[1, 3], 3]);
    expect(await found(20, 9)).toEqual([[1, 3], 2]);
    expect(await found(31, 9)).toEqual([[], 0]);
  });

  test.each<readonly [Partial<JobQuery>, readonly number[]]>([
    [{}, [5, 4, 3, 2, 1]],
    [{ model: 'qwen3:14b' }, [5, 3, 1]],
    [{ model: 'qwen3' }, []],
    [{ statuses: ['queued', 'assigned'] }, [5, 4, 3]],
    [{ statuses: ['succeeded'], model: 'qwen3:14b' }, [1]],
    [{ submitters: ['k1'] }, [5, 1]],
    [{ submitters: ['k1', 'k2'], statuses: ['succeeded'] }, [2, 1]],
    [{ submitters: [] }, []],
    [{ nodeId: 'node-1', model: 'gpt-oss:120b' }, [2]],
    [{ nodeId: 'node-1', submitters: ['k1'] }, [1]],
    [{ search: 'QWEN3-C' }, [4]],
    [{ search: '9f2' }, [5]],
    [{ search: 'job-9F2' }, [5]],
    [{ search: 'f2e' }, []],
    [{ search: '%' }, []],
    [{ visibleTo: { id: 'k2', nodeId: null } }, [3, 2]],
    [{ visibleTo: { id: null, nodeId: null } }, [4]],
    [{ visibleTo: { id: 'k2', nodeId: 'node-1' } }, [3, 2, 1]],
    [{ visibleTo: { id: 'k2', nodeId: 'node-1' }, model: 'qwen3:14b' }, [3, 1]],
    [{ visibleTo: { id: 'k2', nodeId: null }, nodeId: 'node-1' }, [2]],
    [{ visibleTo: { id: 'k2', nodeId: null }, submitters: ['k1'] }, []],
  ])('%j -> %j', async (query, expected) => {
    await stored(JOBS);
    expect(await listed(query)).toEqual([expected, null]);
  });

  test('a full page -> the next one continues behind its last job', async () => {
    await stored(JOBS);
    expect(await listed({ model: 'qwen3:14b', limit: 2 })).toEqual([[5, 3], 3]);
    expect(await listed({ model: 'qwen3:14b', statuses: ['queued', 'assigned'], limit: 1, beforeSeq: 5 })).toEqual([[3], 3]);
  });

  test('a filter without an index of its own -> one page checks a bounded number of jobs, the next one continues', async () => {
    await stored(Array.from({ length: MAX_SCANNED + 2 }, (_, i) => insert(i + 1, i === 0 ? model('rare') : {})));
    expect(await listed({ search: 'rare' })).toEqual([[], 3]);
    expect(await listed({ search: 'rare', beforeSeq: 3 })).toEqual([[1], null]);
  });
}
