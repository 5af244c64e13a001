// The store of jobs on a disk that can be full.
import type { JobBatch } from '../../src/main/scheduler/jobs/job-store';
import { StoredJobs } from '../../src/main/scheduler/jobs/stored-jobs';
import type { WorldStore } from './world-store';

/** The writes that do not fit on the disk. */
export type Fullness = 'nothing' | 'results' | 'everything';

export class FullableStore extends StoredJobs {
  fullFor: Fullness;
  readonly #store: WorldStore;

  constructor(store: WorldStore, fullFor: Fullness) {
    super(store);
    this.#store = store;
    this.fullFor = fullFor;
  }

  override commit(batch: JobBatch): ReturnType<StoredJobs['commit']> {
    const hasResult = batch.changes.some(({ result }) => result !== null);
    const isRefused = this.fullFor === 'everything' || (this.fullFor === 'results' && hasResult);
    return isRefused ? this.#store.refused({ isFull: true, reason: 'disk full' }) : super.commit(batch);
  }
}
