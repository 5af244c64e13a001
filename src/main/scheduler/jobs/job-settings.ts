// The settings of jobs. A change applies to jobs that are submitted from then on.
import type { Retention } from './job-store';
import type { JobDefaults } from './machine/submission';

export interface JobLimits {
  /** Maximum number of queued jobs. */
  readonly maxQueued: number;
  /** Maximum bytes of stored content. Above it new jobs are refused, but results of known jobs are stored. */
  readonly maxStorageBytes: number;
}

/** The settings of jobs. A job keeps the defaults with which it was submitted. */
export interface JobSettings {
  readonly defaults: JobDefaults;
  readonly limits: JobLimits;
  readonly retention: Retention;
  /** Whether the results of interactive jobs that end from now on are stored with the answers. */
  readonly keepsAnswers: boolean;
}
