// Callers that wait until the current state of a job is durable.

export interface DurabilityWaiter {
  readonly jobId: string;
  /** `isDurable` false: the first try failed. */
  readonly callback: (isDurable: boolean) => void;
  /** True: called after the first try, successful or not. False: called when the job is durable. */
  readonly isFirstTryOnly: boolean;
}

export class DurabilityWaiters {
  /** In the order in which they began to wait: a slot is freed before it is assigned again. */
  #waiters: DurabilityWaiter[] = [];

  add(waiter: DurabilityWaiter): void {
    this.#waiters.push(waiter);
  }

  /** Those that wait now. */
  present(): ReadonlySet<DurabilityWaiter> {
    return new Set(this.#waiters);
  }

  /** Calls back those whose job is durable. */
  callDurable(isPending: (jobId: string) => boolean): void {
    for (const { callback } of this.#take(({ jobId }) => !isPending(jobId))) callback(true);
  }

  /** Those of `tried` that wait for the first try learn that it failed. */
  callFailed(tried: ReadonlySet<DurabilityWaiter>, isWritten: (jobId: string) => boolean): void {
    const isFailed = (waiter: DurabilityWaiter): boolean => waiter.isFirstTryOnly && tried.has(waiter) && !isWritten(waiter.jobId);
    for (const { callback } of this.#take(isFailed)) callback(false);
  }

  /** The job does not exist. Only those that wait for the first try are called back. */
  drop(jobId: string): void {
    for (const { callback, isFirstTryOnly } of this.#take((waiter) => waiter.jobId === jobId)) if (isFirstTryOnly) callback(false);
  }

  #take(isTaken: (waiter: DurabilityWaiter) => boolean): readonly DurabilityWaiter[] {
    const taken = this.#waiters.filter(isTaken);
    if (taken.length > 0) this.#waiters = this.#waiters.filter((waiter) => !isTaken(waiter));
    return taken;
  }
}
