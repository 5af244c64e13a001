// The jobs of one node, from the jobs database.
import { expect, it } from 'vitest';
import { toStoredJob } from '../../../../src/main/scheduler/jobs/machine/stored-job';
import { openJobStore } from '../../../support/open-job-store';
import { assigned, played, success } from './job-records';

const job = (seq: number, events: Parameters<typeof played>[0] = []) => toStoredJob(played(events, { jobId: `job-${String(seq)}`, seq }));
const insert = (seq: number) => ({ job: job(seq), task: '{}', key: null });
const finished = (seq: number) => ({
  job: job(seq, [
    [0, assigned],
    [5, success()],
  ]),
  result: null,
});

it('jobs of a node -> newest first, in pages, from a bounded number of jobs', () => {
  const store = openJobStore();
  store.commit({
    inserts: Array.from({ length: 5003 }, (_, i) => insert(i + 1)),
    changes: [1, 2, 5001, 5003].map((seq) => finished(seq)),
  });
  const page = (nodeId: string, limit: number, beforeSeq: number | null) => {
    const { jobs, nextBeforeSeq } = store.listOfNode({ nodeId, status: null, limit, beforeSeq });
    return [jobs.map(({ facts }) => facts.seq), nextBeforeSeq];
  };
  expect(page('node-1', 1, null)).toEqual([[5003], 5003]);
  expect(page('node-1', 9, 5003)).toEqual([[5001], 3]);
  expect(page('node-1', 9, 3)).toEqual([[2, 1], null]);
  expect(page('node-2', 9, null)).toEqual([[], 4]);
});
