// One timer for the deadlines of all jobs, set for the earliest.
import type { Clock, Timer } from '../../platform/clock';
import { jobDeadline } from './machine/job-deadline';
import type { JobBook } from './job-book';

/** Timers of longer than this are set again. */
const LONGEST_MS = 3_600_000;

export class JobTimer {
  readonly #book: JobBook;
  readonly #clock: Clock;
  #timer: { readonly handle: Timer; readonly atMs: number } | null = null;
  #isRunning = true;

  constructor(book: JobBook, clock: Clock) {
    this.#book = book;
    this.#clock = clock;
  }

  /** To be called after every change. */
  update(): void {
    const atMs = this.#book.deadlines.earliestMs;
    if (!this.#isRunning || atMs === null || (this.#timer !== null && this.#timer.atMs <= atMs)) return;
    this.#timer?.handle.cancel();
    const delayMs = Math.min(LONGEST_MS, Math.max(0, atMs - this.#clock.monotonicMs()));
    this.#timer = {
      handle: this.#clock.setTimer(delayMs, () => {
        this.#due();
      }),
      atMs,
    };
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.handle.cancel();
  }

  #due(): void {
    this.#timer = null;
    for (const jobId of this.#book.deadlines.due(this.#clock.monotonicMs())) {
      const record = this.#book.get(jobId);
      const deadline = record === undefined ? null : jobDeadline(record);
      if (deadline !== null) this.#book.apply(jobId, { type: deadline.kind });
    }
    this.update();
  }
}
