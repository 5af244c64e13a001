// One timer for the deadlines of all jobs. It fires at the earliest deadline. Of many jobs that are due at once, each turn of the event loop
// handles some.
import type { Clock, Timer } from '../../platform/clock';
import type { ExclusionTally } from '../dispatch/exclusion-aggregates';
import type { JobTable } from './job-table';
import { jobDeadline } from './machine/job-deadline';
import type { JobMachineEvent } from './machine/job-events';
import { isWaiting, type JobRecord, liveAttempt, waitingFacts } from './machine/job-record';
import type { JobRequirements } from '../dispatch/job-requirements';

/** Longer timers are set again after this time. */
const MAX_TIMER_MS = 3_600_000;
/** Handled in one turn of the event loop: a job that ends takes 0.1 to 0.2 ms. */
const JOBS_PER_TURN = 100;
/** A timer that is later than this was delayed: the event loop was blocked, or the machine slept. */
const LATE_MS = 250;
/** Messages that arrived meanwhile are read within this time. */
const MIN_GRACE_MS = 1000;

export interface JobTimerOptions {
  /** The excluded nodes by reason for a job with these requirements. */
  readonly exclusionTally: (job: JobRequirements) => ExclusionTally;
  /** Whether the live attempt was not sent yet. */
  readonly isUnsent: (jobId: string, attempt: number) => boolean;
  /** Longest time that a node may need to reconnect after a delay of the scheduler, ms. */
  readonly maxGraceMs: number;
}

export class JobTimer {
  readonly #table: JobTable;
  readonly #clock: Clock;
  readonly #options: JobTimerOptions;
  /** `atMonotonicMs`: the deadline of the timer. `firesAtMonotonicMs`: when the timer should fire. */
  #timer: { readonly handle: Timer; readonly atMonotonicMs: number; readonly firesAtMonotonicMs: number } | null = null;
  /** No attempt times out before this instant: its node may have sent a result that is not read yet. */
  #graceUntilMonotonicMs = -Infinity;
  #isRunning = true;

  constructor(table: JobTable, clock: Clock, options: JobTimerOptions) {
    this.#table = table;
    this.#clock = clock;
    this.#options = options;
  }

  /** Must be called after every change. */
  update(): void {
    const atMonotonicMs = this.#table.deadlines.earliestMonotonicMs;
    if (!this.#isRunning || atMonotonicMs === null || (this.#timer !== null && this.#timer.atMonotonicMs <= atMonotonicMs)) return;
    this.#timer?.handle.cancel();
    const nowMonotonicMs = this.#clock.monotonicMs();
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, atMonotonicMs - nowMonotonicMs));
    this.#timer = {
      handle: this.#clock.setTimer(delayMs, () => {
        this.#due();
      }),
      atMonotonicMs,
      firesAtMonotonicMs: nowMonotonicMs + delayMs,
    };
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.handle.cancel();
  }

  #due(): void {
    const nowMonotonicMs = this.#clock.monotonicMs();
    this.#noteLateness(nowMonotonicMs);
    for (const jobId of this.#table.deadlines.due(nowMonotonicMs).slice(0, JOBS_PER_TURN)) {
      const record = this.#table.get(jobId);
      if (record === undefined) continue;
      const event = this.#eventFor(record);
      if (liveAttempt(record) !== null && event?.type !== 'not_delivered' && nowMonotonicMs < this.#graceUntilMonotonicMs)
        this.#table.deadlines.set(jobId, this.#graceUntilMonotonicMs);
      else if (event !== null) this.#table.apply(jobId, event);
    }
    this.update();
  }

  /** After a delay of the scheduler, attempts get the delay as additional time, within bounds, so that messages of nodes are read first. */
  #noteLateness(nowMonotonicMs: number): void {
    const lateMs = nowMonotonicMs - (this.#timer?.firesAtMonotonicMs ?? nowMonotonicMs);
    this.#timer = null;
    if (lateMs <= LATE_MS) return;
    const graceMs = Math.min(this.#options.maxGraceMs, Math.max(MIN_GRACE_MS, lateMs));
    this.#graceUntilMonotonicMs = Math.max(this.#graceUntilMonotonicMs, nowMonotonicMs + graceMs);
  }

  #eventFor(record: JobRecord): JobMachineEvent | null {
    const kind = jobDeadline(record)?.kind;
    switch (kind) {
      case undefined:
        return null;
      case 'attempt_deadline': {
        const { facts, lastAttempt: attempt } = record;
        return this.#options.isUnsent(facts.jobId, attempt) ? { type: 'not_delivered', attempt } : { type: kind };
      }
      case 'retry_due':
        return { type: kind };
      case 'queue_deadline':
      case 'total_deadline':
        return { type: kind, reasons: isWaiting(record) ? this.#options.exclusionTally(waitingFacts(record).requirements) : null };
    }
  }
}
