// To read a result of megabytes and to write it again stops the event loop for some time. So one large result is read at a time, other
// requests are served in between, and the addresses take turns.
import { sourceOf } from '../../platform/source-address';
import { Newcomers } from '../access/newcomers';
import type { JobsPort } from '../jobs/jobs-port';

/** A smaller result takes a few milliseconds in all. */
const LARGE_BYTES = 256 * 1024;
/** Turns of the event loop from one large result to the next. */
const TURNS = 4;

export class LargeResults {
  readonly #jobs: Pick<JobsPort, 'resultBytes'>;
  readonly #newcomers = new Newcomers();

  constructor(jobs: Pick<JobsPort, 'resultBytes'>) {
    this.#jobs = jobs;
  }

  /** Resolves when the result of the job may be read: to whether it is large. */
  async turn(jobId: string, from: string): Promise<boolean> {
    const isLarge = this.#jobs.resultBytes(jobId) >= LARGE_BYTES;
    if (isLarge) await this.#newcomers.turn({ owner: sourceOf(from), turns: TURNS });
    return isLarge;
  }
}
