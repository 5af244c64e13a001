// For how long a node worked on an attempt: the unit of usage (ADR 0048).
import type { Attempt } from './job-record';

/** The pool moved the job, so nothing of the attempt was of use to its key (as in ADR 0045). */
const MOVED: ReadonlySet<Attempt['outcome']> = new Set(['node_lost', 'drain_timeout', 'quarantined', 'not_delivered']);

/** From the start on the node to the end of the attempt. An attempt that ended before its start was known began with its assignment. */
export function gpuMsOf({ assignedAt, startedAt, endedAt, outcome }: Attempt): number {
  if (endedAt === null || MOVED.has(outcome)) return 0;
  if (startedAt === null && outcome !== 'succeeded' && outcome !== 'failed') return 0;
  return Math.max(0, Math.round(endedAt.monotonicMs - (startedAt ?? assignedAt).monotonicMs));
}
