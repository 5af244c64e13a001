// Counts what jobs used (ADR 0048). Called in the turn of the event loop in which the job changes, so an implementation writes nothing.
import type { JobTimings } from '../dispatch/prediction/job-timings';
import type { Attempt, JobFacts, JobRecord } from './machine/job-record';

export interface JobUsage {
  /** The node has sent a whole answer. */
  answered(job: JobFacts, nodeId: string, timings: JobTimings | null): void;
  attemptEnded(job: JobFacts, attempt: Attempt): void;
  jobEnded(job: JobRecord): void;
}
