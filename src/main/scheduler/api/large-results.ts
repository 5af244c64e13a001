// To read a result of megabytes and to write it again stops the event loop for some time, and its bytes stay in memory until the next
// garbage collection. So one large result is read at a time, a bounded number of bytes in a second, and the addresses take turns.
import { type Clock, systemClock } from '../../platform/clock';
import { sourceOf } from '../../platform/source-address';
import { Newcomers } from '../access/newcomers';
import type { JobsPort } from '../jobs/jobs-port';

/** A smaller result takes a few milliseconds in all. */
const LARGE_BYTES = 256 * 1024;
const TURN_MS = 4;
/** 64 MB in a second: garbage is collected before it is more than the unread answers may be. */
const BYTES_PER_TURN = 256 * 1024;

export class LargeResults {
  readonly #jobs: Pick<JobsPort, 'resultBytes'>;
  readonly #newcomers: Newcomers;

  constructor(jobs: Pick<JobsPort, 'resultBytes'>, clock: Pick<Clock, 'setTimer'> = systemClock) {
    this.#jobs = jobs;
    this.#newcomers = new Newcomers({ nextTurn: (work) => clock.setTimer(TURN_MS, work) });
  }

  /** Resolves when the result of the job may be read: to whether it is large. */
  async turn(jobId: string, from: string): Promise<boolean> {
    const bytes = await this.#jobs.resultBytes(jobId);
    if (bytes < LARGE_BYTES) return false;
    await this.#newcomers.turn({ owner: sourceOf(from), turns: Math.ceil(bytes / BYTES_PER_TURN) });
    return true;
  }
}
