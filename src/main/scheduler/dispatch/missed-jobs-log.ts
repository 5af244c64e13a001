// The missed jobs of each node in the last hour, by reason, for the owner of the node (lifecycle §3). Each node and reason has a ring of
// minutes, so memory is bounded by nodes x reasons at any rate of jobs. The log is in memory only, so a view has the start of its counts.
// A job that requests another node by id is not a missed job: the owner could change nothing. The details of a reason are built when they
// are read: for a job with 64 models and a pool of 1,000 nodes they take 40 ms.
import type { Exclusion, MissedJobs } from '../../../shared/api/dispatch';
import { EXCLUSION_REASONS, type ExclusionReason } from '../../../shared/protocol/status';
import type { Instant } from '../lifecycle/node-record';
import { type JobRequirements, wantSameModels } from './job-requirements';

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** A decision that excluded a node. */
export interface MissedJob {
  readonly code: ExclusionReason;
  readonly job: JobRequirements;
  /** The exclusion, from the record and the policy of the decision. */
  readonly details: () => Pick<Exclusion, 'wanted' | 'found'> | null;
}

interface Reason {
  /** Counts of the last hour; minute m is at index m modulo MINUTES. */
  readonly perMinute: Uint32Array;
  /** The newest minute with a count. Minutes that are more than an hour older were cleared. */
  newestMinute: number;
  /** The newest decision. */
  last: MissedJob;
  lastMonotonicMs: number;
  /** The newest decision for a job with other models than those of the last one. Null: none. */
  otherMonotonicMs: number | null;
}

export class MissedJobsLog {
  readonly #startedAt: Instant;
  readonly #nodes = new Map<string, Map<ExclusionReason, Reason>>();

  /** `startedAt`: when the log began to count every decision. */
  constructor(startedAt: Instant) {
    this.#startedAt = startedAt;
  }

  /** `atMonotonicMs`: when the newest of `times` decisions was made. Decisions may arrive out of order. */
  note(nodeId: string, missed: MissedJob, atMonotonicMs: number, times = 1): void {
    if (missed.code === 'not_requested_node') return;
    let reasons = this.#nodes.get(nodeId);
    if (reasons === undefined) this.#nodes.set(nodeId, (reasons = new Map<ExclusionReason, Reason>()));
    const minute = Math.floor(atMonotonicMs / MINUTE_MS);
    let reason = reasons.get(missed.code);
    if (reason === undefined) {
      reason = {
        perMinute: new Uint32Array(MINUTES),
        newestMinute: minute,
        last: missed,
        lastMonotonicMs: atMonotonicMs,
        otherMonotonicMs: null,
      };
      reasons.set(missed.code, reason);
    }
    advance(reason, minute);
    if (minute <= reason.newestMinute - MINUTES) return;
    const slot = minute % MINUTES;
    reason.perMinute[slot] = (reason.perMinute[slot] ?? 0) + times;
    if (isCompared(missed.code) && !wantSameModels(missed.job, reason.last.job))
      reason.otherMonotonicMs = Math.max(reason.otherMonotonicMs ?? -Infinity, Math.min(atMonotonicMs, reason.lastMonotonicMs));
    if (atMonotonicMs < reason.lastMonotonicMs) return;
    reason.last = missed;
    reason.lastMonotonicMs = atMonotonicMs;
  }

  /** In the order of the filters, without reasons that did not occur within the hour. */
  view(nodeId: string, now: Instant): MissedJobs {
    const minute = Math.floor(now.monotonicMs / MINUTE_MS);
    const known = this.#nodes.get(nodeId);
    const reasons: MissedJobs['reasons'] = [];
    for (const code of EXCLUSION_REASONS) {
      const reason = known?.get(code);
      if (reason === undefined) continue;
      advance(reason, minute);
      const count = reason.perMinute.reduce((sum, n) => sum + n, 0);
      if (count === 0) continue;
      const { last, otherMonotonicMs: other } = reason;
      const same = other === null || Math.floor(other / MINUTE_MS) <= minute - MINUTES;
      const { wanted = null, found = null } = last.details() ?? {};
      reasons.push({ code, count, wanted, found, ...(isCompared(code) ? { same } : {}) });
    }
    return {
      window_seconds: (MINUTES * MINUTE_MS) / 1000,
      since: this.#since(minute, now),
      total: reasons.reduce((sum, { count }) => sum + count, 0),
      reasons,
    };
  }

  /** The node has left the pool. */
  delete(nodeId: string): void {
    this.#nodes.delete(nodeId);
  }

  /** Unix ms of the beginning of the oldest minute that is counted, or of the log when it began later. */
  #since(minute: number, { wallMs, monotonicMs }: Instant): number {
    const oldestMonotonicMs = (minute - MINUTES + 1) * MINUTE_MS;
    return oldestMonotonicMs <= this.#startedAt.monotonicMs
      ? this.#startedAt.wallMs
      : Math.round(wallMs - (monotonicMs - oldestMonotonicMs));
  }
}

/** The names of the models are the cause. */
const isCompared = (code: ExclusionReason): boolean => code === 'model_not_available';

/** Clears the minutes between the newest counted one and this one. */
function advance(reason: Reason, minute: number): void {
  const passed = Math.min(minute - reason.newestMinute, MINUTES);
  for (let i = 1; i <= passed; i++) reason.perMinute[(reason.newestMinute + i) % MINUTES] = 0;
  reason.newestMinute = Math.max(reason.newestMinute, minute);
}
