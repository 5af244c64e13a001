// One timer for the deadlines of all jobs, set for the earliest.
import type { JobRequirements } from '../../../shared/api/dispatch';
import type { Clock, Timer } from '../../platform/clock';
import type { ExclusionTally } from '../dispatch/exclusion-aggregates';
import type { JobTable } from './job-table';
import { jobDeadline } from './machine/job-deadline';
import type { JobMachineEvent } from './machine/job-events';
import { isWaiting, type JobRecord, liveAttempt } from './machine/job-record';

/** Timers of longer than this are set again. */
const LONGEST_MS = 3_600_000;
/** A timer that is later than this was held up: this program stood still, or its machine slept. */
const LATE_MS = 250;
/** What nodes had said meanwhile is read within this time. */
const LEAST_GRACE_MS = 1000;

export interface JobTimerAsks {
  /** What keeps such a job from every node. */
  readonly whyNot: (job: JobRequirements) => ExclusionTally;
  /** Whether the live attempt has not left the scheduler yet. */
  readonly isUnsent: (jobId: string, attempt: number) => boolean;
  /** Longest time that a node may need to come back after the scheduler was away, ms. */
  readonly mostGraceMs: number;
}

export class JobTimer {
  readonly #book: JobTable;
  readonly #clock: Clock;
  readonly #asks: JobTimerAsks;
  /** `atMs`: the deadline that it is set for; `firesAtMs`: when it should fire. */
  #timer: { readonly handle: Timer; readonly atMs: number; readonly firesAtMs: number } | null = null;
  /** Until then no attempt is out of time: its node may have told a result that was not heard yet. */
  #graceUntilMs = -Infinity;
  #isRunning = true;

  constructor(book: JobTable, clock: Clock, asks: JobTimerAsks) {
    this.#book = book;
    this.#clock = clock;
    this.#asks = asks;
  }

  /** To be called after every change. */
  update(): void {
    const atMs = this.#book.deadlines.earliestMs;
    if (!this.#isRunning || atMs === null || (this.#timer !== null && this.#timer.atMs <= atMs)) return;
    this.#timer?.handle.cancel();
    const nowMs = this.#clock.monotonicMs();
    const delayMs = Math.min(LONGEST_MS, Math.max(0, atMs - nowMs));
    this.#timer = {
      handle: this.#clock.setTimer(delayMs, () => {
        this.#due();
      }),
      atMs,
      firesAtMs: nowMs + delayMs,
    };
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.handle.cancel();
  }

  #due(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#noteLateness(nowMs);
    for (const jobId of this.#book.deadlines.due(nowMs)) {
      const record = this.#book.get(jobId);
      if (record === undefined) continue;
      const event = this.#eventFor(record);
      if (liveAttempt(record) !== null && event?.type !== 'not_delivered' && nowMs < this.#graceUntilMs)
        this.#book.deadlines.set(jobId, this.#graceUntilMs);
      else if (event !== null) this.#book.apply(jobId, event);
    }
    this.update();
  }

  /** Who stood still gives nodes as long as that took, within bounds, to be heard. */
  #noteLateness(nowMs: number): void {
    const lateMs = nowMs - (this.#timer?.firesAtMs ?? nowMs);
    this.#timer = null;
    if (lateMs <= LATE_MS) return;
    const graceMs = Math.min(this.#asks.mostGraceMs, Math.max(LEAST_GRACE_MS, lateMs));
    this.#graceUntilMs = Math.max(this.#graceUntilMs, nowMs + graceMs);
  }

  #eventFor(record: JobRecord): JobMachineEvent | null {
    const kind = jobDeadline(record)?.kind;
    switch (kind) {
      case undefined:
        return null;
      case 'attempt_deadline': {
        const { facts, lastAttempt: attempt } = record;
        return this.#asks.isUnsent(facts.jobId, attempt) ? { type: 'not_delivered', attempt } : { type: kind };
      }
      case 'retry_due':
        return { type: kind };
      case 'queue_deadline':
      case 'total_deadline':
        return { type: kind, reasons: isWaiting(record) ? this.#asks.whyNot(record.facts.requirements) : null };
    }
  }
}
