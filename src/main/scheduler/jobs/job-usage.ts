// Counts what jobs used (ADR 0048). Called in the turn of the event loop in which the job changes, so an implementation writes nothing.
import type { CountedTokens } from '../dispatch/prediction/counted-tokens';
import type { Attempt, JobFacts, JobRecord } from './machine/job-record';

/** `tokens`: of the attempt, or of the last attempt of the job. Null: none. */
export interface JobUsage {
  attemptEnded(job: JobFacts, attempt: Attempt, tokens: CountedTokens | null): void;
  jobEnded(job: JobRecord, tokens: CountedTokens | null): void;
}
