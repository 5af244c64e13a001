// The batch of pending inserts and changes.
import type { JobBatch, JobChange, JobInsert } from './job-store';
import { toStoredJob } from './machine/stored-job';
import type { Changes } from './unwritten-changes';

/** A job that is written behind is inserted with its newest state. */
export function batchOf(accepted: readonly JobInsert[], pending: Changes): JobBatch {
  const inserts = [...accepted];
  const changes: JobChange[] = [];
  for (const { record, result, unwrittenTask } of pending.values()) {
    const job = toStoredJob(record);
    if (unwrittenTask !== null) inserts.push({ job, task: unwrittenTask, key: null });
    if (unwrittenTask === null || result !== null) changes.push({ job, result });
  }
  return { inserts, changes };
}
