// The waiting jobs that are held for a full node (ADR 0024), each until its time is up. A held job is not held again after that.
import type { HoldView } from '../../../shared/api/prediction';
import type { Clock, Timer } from '../../platform/clock';

export interface Hold {
  /** The full node. */
  readonly nodeId: string;
  readonly groupKey: string;
  readonly why: HoldView;
}

/** Why a job waits for a full node, and until when at most. */
export interface HeldUntil {
  readonly why: HoldView;
  readonly untilMonotonicMs: number;
}

interface HoldEnd {
  readonly atMonotonicMs: number;
  readonly timer: Timer;
}

export interface HeldJobsOptions {
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimer'>;
  /** The longest time that a job is held in one stay in the queue, ms. */
  readonly maxMs: number;
  /** The time of a held job is up. */
  readonly onDue: (jobId: string) => void;
}

/** A job that is released then gets to a free node before its deadline. */
const MARGIN_MS = 1000;

export class HeldJobs {
  readonly #options: HeldJobsOptions;
  readonly #held = new Map<string, Hold>();
  /** Also of jobs that are not held any more, until they leave the queue. */
  readonly #ends = new Map<string, HoldEnd>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #byGroup = new Map<string, number>();

  constructor(options: HeldJobsOptions) {
    this.#options = options;
  }

  /** The held jobs of each node. */
  get byNode(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#byNode;
  }

  /** The number of held jobs with these requirements. */
  inGroup(groupKey: string): number {
    return this.#byGroup.get(groupKey) ?? 0;
  }

  /** How long the job may be held from now on, ms: until its time is up, and until shortly before its deadline. */
  leftMs(jobId: string, deadlineMonotonicMs: number): number {
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    const endMonotonicMs = this.#ends.get(jobId)?.atMonotonicMs ?? nowMonotonicMs + this.#options.maxMs;
    return Math.max(0, Math.min(endMonotonicMs, deadlineMonotonicMs - MARGIN_MS) - nowMonotonicMs);
  }

  /** Undefined: the job is not held. */
  nodeOf(jobId: string): string | undefined {
    return this.#held.get(jobId)?.nodeId;
  }

  /** Null: the job is not held. */
  of(jobId: string): HeldUntil | null {
    const held = this.#held.get(jobId);
    const end = this.#ends.get(jobId);
    return held === undefined || end === undefined ? null : { why: held.why, untilMonotonicMs: end.atMonotonicMs };
  }

  /** `forMs`: at most; of `leftMs`. A second hold does not extend the first. */
  hold(jobId: string, hold: Hold, forMs: number): void {
    this.release(jobId);
    this.#held.set(jobId, hold);
    const ofNode = this.#byNode.get(hold.nodeId) ?? new Set();
    this.#byNode.set(hold.nodeId, ofNode.add(jobId));
    this.#byGroup.set(hold.groupKey, this.inGroup(hold.groupKey) + 1);
    if (this.#ends.has(jobId)) return;
    const { clock, onDue } = this.#options;
    const timer = clock.setTimer(forMs, () => {
      if (!this.#held.has(jobId)) return;
      this.release(jobId);
      onDue(jobId);
    });
    this.#ends.set(jobId, { atMonotonicMs: clock.monotonicMs() + forMs, timer });
  }

  /** The job is judged again. Its time goes on. */
  release(jobId: string): void {
    const held = this.#held.get(jobId);
    if (held === undefined) return;
    this.#held.delete(jobId);
    const ofNode = this.#byNode.get(held.nodeId);
    ofNode?.delete(jobId);
    if (ofNode?.size === 0) this.#byNode.delete(held.nodeId);
    const ofGroup = this.inGroup(held.groupKey) - 1;
    if (ofGroup > 0) this.#byGroup.set(held.groupKey, ofGroup);
    else this.#byGroup.delete(held.groupKey);
  }

  /** The job does not wait any more. */
  forget(jobId: string): void {
    this.release(jobId);
    this.#ends.get(jobId)?.timer.cancel();
    this.#ends.delete(jobId);
  }

  stop(): void {
    for (const { timer } of this.#ends.values()) timer.cancel();
    this.#ends.clear();
  }
}
