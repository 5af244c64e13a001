// Who follows which job: the job itself first, then its changes and chunks in order, until it has ended (api §1, events).
import type { JobEvent } from '../../../shared/api/job';

type Listener = (event: JobEvent) => void;

interface Followed {
  readonly listeners: Set<Listener>;
  /** The attempt whose chunks are passed on, and the next number expected of it. */
  attempt: number;
  /** Null: it ran when it was first followed, and what it has streamed by then nobody here has heard. */
  nextSeq: number | null;
}

export class JobSubscribers {
  readonly #followed = new Map<string, Followed>();

  has(jobId: string): boolean {
    return this.#followed.has(jobId);
  }

  /** `liveAttempt`: the one that runs now, null when none does. Returns how to stop. */
  add(jobId: string, liveAttempt: number | null, listener: Listener): () => void {
    const followed = this.#followed.get(jobId) ?? { listeners: new Set(), attempt: liveAttempt ?? 0, nextSeq: null };
    this.#followed.set(jobId, followed);
    followed.listeners.add(listener);
    return () => {
      followed.listeners.delete(listener);
      if (followed.listeners.size === 0 && this.#followed.get(jobId) === followed) this.#followed.delete(jobId);
    };
  }

  changed(jobId: string, event: JobEvent): void {
    for (const listener of [...(this.#followed.get(jobId)?.listeners ?? [])]) listener(event);
  }

  /** In order and never twice. Returns how many are known to be missing before this one: its followers see that by its number. */
  chunk(jobId: string, attempt: number, seq: number, data: unknown): number {
    const followed = this.#followed.get(jobId);
    if (followed === undefined) return 0;
    const nextSeq = followed.attempt === attempt ? (followed.nextSeq ?? seq) : 0;
    if (seq < nextSeq) return 0;
    followed.attempt = attempt;
    followed.nextSeq = seq + 1;
    this.changed(jobId, { type: 'chunk', attempt, seq, data });
    return seq - nextSeq;
  }

  /** The last event has been told. */
  end(jobId: string): void {
    this.#followed.delete(jobId);
  }
}
