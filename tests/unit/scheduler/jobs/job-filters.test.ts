// Filters of the job list, from the jobs database.
import { describe, expect, it } from 'vitest';
import type { JobQuery } from '../../../../src/main/scheduler/jobs/job-store';
import { MAX_SCANNED } from '../../../../src/main/scheduler/jobs/job-list-sql';
import type { JobFacts } from '../../../../src/main/scheduler/jobs/machine/job-record';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { openJobStore } from '../../../support/open-job-store';
import { aJob, assigned, played, success } from './job-records';

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

const seqsOf = (store: ReturnType<typeof openJobStore>, query: Partial<JobQuery>) => {
  const { jobs, nextBeforeSeq } = store.list({ limit: 9, beforeSeq: null, ...query });
  return [jobs.map(({ facts }) => facts.seq), nextBeforeSeq];
};

it('jobs of a node -> newest first, in pages, from its own index', () => {
  const store = openJobStore();
  store.commit({
    inserts: Array.from({ length: 5003 }, (_, i) => insert(i + 1)),
    changes: [1, 2, 5001, 5003].map((seq) => ({ job: record(seq, DONE), result: null })),
  });
  expect(seqsOf(store, { nodeId: 'node-1', limit: 1 })).toEqual([[5003], 5003]);
  expect(seqsOf(store, { nodeId: 'node-1', beforeSeq: 5003 })).toEqual([[5001, 2, 1], null]);
  expect(seqsOf(store, { nodeId: 'node-2' })).toEqual([[], null]);
});

describe('filters', () => {
  const other = (nodeId: string): Events => [[0, { type: 'assigned', nodeId }]];
  const store = () =>
    openJobStore([
      insert(1, { ...model('qwen3:14b'), submitter: 'k1' }, DONE),
      insert(2, { ...model('gpt-oss:120b'), submitter: 'k2' }, DONE),
      insert(3, { ...model('qwen3:14b'), submitter: 'k2' }, other('node-2')),
      insert(4, { ...model('Qwen3-coder'), submitter: null }),
      insert(5, { ...model('qwen3:14b'), submitter: 'k1', jobId: 'job-9f2e' }),
    ]);

  it.each<readonly [Partial<JobQuery>, readonly number[]]>([
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
  ])('%j -> %j', (query, expected) => {
    expect(seqsOf(store(), query)).toEqual([expected, null]);
  });

  it('a full page -> the next one continues behind its last job', () => {
    expect(seqsOf(store(), { model: 'qwen3:14b', limit: 2 })).toEqual([[5, 3], 3]);
    expect(seqsOf(store(), { model: 'qwen3:14b', statuses: ['queued', 'assigned'], limit: 1, beforeSeq: 5 })).toEqual([[3], 3]);
  });

  it('a filter without an index of its own -> one page checks a bounded number of jobs, the next one continues', () => {
    const store = openJobStore(Array.from({ length: MAX_SCANNED + 2 }, (_, i) => insert(i + 1, i === 0 ? model('rare') : {})));
    expect(seqsOf(store, { search: 'rare' })).toEqual([[], 3]);
    expect(seqsOf(store, { search: 'rare', beforeSeq: 3 })).toEqual([[1], null]);
  });
});
