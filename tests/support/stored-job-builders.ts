// Jobs as the store gets them.
import type { JobChange, JobInsert } from '../../src/main/scheduler/jobs/job-store';
import type { JobMachineEvent } from '../../src/main/scheduler/jobs/machine/job-events';
import { toStoredJob } from '../../src/main/scheduler/jobs/machine/stored-job';
import { chatTask } from './job-pool';
import { assigned, played, success } from '../unit/scheduler/jobs/job-records';

export const TASK = JSON.stringify(chatTask());

export const job = (seq: number, events: readonly (readonly [number, JobMachineEvent])[] = []) =>
  toStoredJob(played(events, { jobId: `job-${String(seq)}`, seq }));
export const insert = (seq: number, key: string | null = null): JobInsert => ({
  job: job(seq),
  task: TASK,
  key: key === null ? null : { key, bodyHash: `hash of ${key}` },
});
export const finished = (seq: number, atMonotonicMs: number, text = 'x'.repeat(50)): JobChange => ({
  job: job(seq, [
    [0, assigned],
    [atMonotonicMs, success()],
  ]),
  result: { attempt: 1, node_id: 'node-1', success: true, output: { text }, error: null, processing_time_ms: 1 },
});
