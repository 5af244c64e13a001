// The subscribers of each job. They get its changes and chunks in order until it has ended (api §1, events).
import type { JobEvent, JobView } from '../../../shared/api/job';

type Listener = (event: JobEvent) => void;

interface Subscription {
  readonly listeners: Set<Listener>;
  /** The attempt whose chunks are sent, and the next expected sequence number. */
  attempt: number;
  /** Null: the attempt ran before the first subscriber came, so the number of its next chunk is unknown. */
  nextSeq: number | null;
}

export class JobSubscribers {
  readonly #subscriptions = new Map<string, Subscription>();
  /** Jobs that ended before their client followed them. */
  readonly #missed = new Map<string, JobView>();

  has(jobId: string): boolean {
    return this.#subscriptions.has(jobId);
  }

  /** `liveAttempt`: the attempt that runs now; null when none does. Returns a function that unsubscribes. */
  add(jobId: string, liveAttempt: number | null, listener: Listener): () => void {
    const subscription = this.#subscriptions.get(jobId) ?? { listeners: new Set(), attempt: liveAttempt ?? 0, nextSeq: null };
    this.#subscriptions.set(jobId, subscription);
    subscription.listeners.add(listener);
    return () => {
      subscription.listeners.delete(listener);
      if (subscription.listeners.size === 0 && this.#subscriptions.get(jobId) === subscription) this.#subscriptions.delete(jobId);
    };
  }

  changed(jobId: string, event: JobEvent): void {
    for (const listener of [...(this.#subscriptions.get(jobId)?.listeners ?? [])]) listener(event);
  }

  /** Sends a chunk, in order and never twice. Returns the number of chunks missing before it; subscribers see the gap by `seq`. */
  chunk(jobId: string, attempt: number, seq: number, data: unknown): number {
    const subscription = this.#subscriptions.get(jobId);
    if (subscription === undefined) return 0;
    const nextSeq = subscription.attempt === attempt ? (subscription.nextSeq ?? seq) : 0;
    if (seq < nextSeq) return 0;
    subscription.attempt = attempt;
    subscription.nextSeq = seq + 1;
    this.changed(jobId, { type: 'chunk', attempt, seq, data });
    return seq - nextSeq;
  }

  /** Sends the last event. `isKept`: without a subscriber it is kept for the client, which follows or cancels its job in any case. */
  end(jobId: string, last: () => JobView, isKept: boolean): void {
    if (this.has(jobId)) this.changed(jobId, { type: 'job', job: last() });
    else if (isKept) this.#missed.set(jobId, last());
    this.#subscriptions.delete(jobId);
  }

  /** The ended job that was kept, once. */
  take(jobId: string): JobView | null {
    const job = this.#missed.get(jobId) ?? null;
    this.#missed.delete(jobId);
    return job;
  }
}
