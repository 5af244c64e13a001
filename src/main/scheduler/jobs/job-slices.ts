// The part of a list of jobs that one call decodes: a few milliseconds, although the rows can be large.
import type { JobSlice } from './job-store';
import type { StoredJob } from './machine/stored-job';
import { storedJobOf } from './stored-job-schema';

/** Jobs, and bytes of their states, that one list of a node reads: a few milliseconds. */
export const MAX_SCANNED = 5000;
const MAX_SCANNED_BYTES = 4 * 1024 * 1024;
/** Characters that one call decodes. The state of a job has the errors of all attempts: up to some 100 KB. */
const MAX_READ_CHARACTERS = 256 * 1024;

type Row = Readonly<Record<string, unknown>>;

export function sliceOf(rows: Iterable<Row>): JobSlice {
  const jobs: StoredJob[] = [];
  let characters = 0;
  for (const row of rows) {
    jobs.push(storedJobOf(row));
    characters += String(row['facts']).length + String(row['state']).length;
    if (characters >= MAX_READ_CHARACTERS) return { jobs, isCut: true };
  }
  return { jobs, isCut: false };
}

/** The newest jobs whose states have at most `MAX_SCANNED_BYTES`, and at least one. */
export function spanOf(rows: Iterable<Row>): { readonly count: number; readonly oldestSeq: number | null; readonly isWhole: boolean } {
  let count = 0;
  let bytes = 0;
  let oldestSeq: number | null = null;
  for (const row of rows) {
    bytes += Number(row['bytes']);
    if (count > 0 && bytes > MAX_SCANNED_BYTES) return { count, oldestSeq, isWhole: false };
    count++;
    oldestSeq = Number(row['seq']);
  }
  return { count, oldestSeq, isWhole: count < MAX_SCANNED };
}
