// The part of a list of jobs that one call decodes: a few milliseconds, although the rows can be large.
import type { JobSlice } from './job-store';
import type { StoredJob } from './machine/stored-job';
import { storedJobOf } from './stored-job-schema';

/** Characters that one call decodes. The state of a job has the errors of all attempts: up to some 100 KB. */
const MAX_READ_CHARACTERS = 256 * 1024;

type Row = Readonly<Record<string, unknown>>;

export function sliceOf(rows: Iterable<Row>): Pick<JobSlice, 'jobs' | 'isCut'> {
  const jobs: StoredJob[] = [];
  let characters = 0;
  for (const row of rows) {
    jobs.push(storedJobOf(row));
    characters += String(row['facts']).length + String(row['state']).length;
    if (characters >= MAX_READ_CHARACTERS) return { jobs, isCut: true };
  }
  return { jobs, isCut: false };
}
