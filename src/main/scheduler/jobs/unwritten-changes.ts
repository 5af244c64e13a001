// Large changes whose write failed: they have a task or a result. They stay in memory and are written again, the smallest first.
import type { JobResultView } from '../../../shared/api/job';
import type { JobRecord } from './machine/job-record';

/** Above this size no new job is started, because its result would need more memory. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

export interface PendingChange {
  readonly record: JobRecord;
  readonly result: JobResultView | null;
  /** The task of a job that is not on disk at all. Null: the job is on disk. */
  readonly unwrittenTask: string | null;
}

export type Changes = Map<string, PendingChange>;

interface UnwrittenChange extends PendingChange {
  readonly characters: number;
}

export class UnwrittenChanges {
  readonly #changes = new Map<string, UnwrittenChange>();

  get size(): number {
    return this.#changes.size;
  }

  get isTooLarge(): boolean {
    let characters = 0;
    for (const change of this.#changes.values()) characters += change.characters;
    return characters > MAX_CHARACTERS;
  }

  /** Whether one of the jobs is not on disk at all. */
  get hasNewJob(): boolean {
    return [...this.#changes.values()].some(({ unwrittenTask }) => unwrittenTask !== null);
  }

  get(jobId: string): PendingChange | undefined {
    return this.#changes.get(jobId);
  }

  keep(jobId: string, change: PendingChange): void {
    const characters = JSON.stringify(change.result).length + (change.unwrittenTask?.length ?? 0);
    this.#changes.set(jobId, { ...change, characters });
  }

  delete(jobId: string): void {
    this.#changes.delete(jobId);
  }

  /**
   * Batches double until one does not fit, then halve. When a single change does not fit, no larger one does, so the loop ends. `commit`
   * resolves to whether the batch was written.
   */
  async write(commit: (batch: Changes) => Promise<boolean>): Promise<void> {
    let bySize = [...this.#changes].sort(([, a], [, b]) => a.characters - b.characters);
    let [count, growth] = [1, 2];
    while (bySize.length > 0 && count >= 1) {
      // A newer change of a job may have taken its place while the last batch was written.
      bySize = bySize.filter(([jobId, change]) => this.#changes.get(jobId) === change);
      const batch = bySize.slice(0, count);
      if (batch.length === 0) return;
      for (const [jobId] of batch) this.#changes.delete(jobId);
      if (await commit(new Map(batch))) {
        bySize = bySize.slice(count);
        count *= growth;
        continue;
      }
      for (const [jobId, change] of batch) this.#changes.set(jobId, change);
      growth = 1;
      count = Math.floor(batch.length / 2);
    }
  }
}
