// What the jobs tell the limits of keys (ADR 0047). Implemented by KeyMeter in members/.
import type { ProgramLimitReached } from '../../../shared/api/program-limits';

export interface JobMeter {
  /** Counts a job that is submitted now. Null: it may be. `estimate`: its tokens. */
  reserve(jobId: string, submitter: string | null, estimate: () => number): ProgramLimitReached | null;
  /** A job of an earlier run of the scheduler goes on. */
  restored(jobId: string, submitter: string | null): void;
  /** The job has ended with so many tokens, or was refused. */
  ended(jobId: string, tokens: number): void;
}

export const NO_METER: JobMeter = { reserve: () => null, restored: () => undefined, ended: () => undefined };
