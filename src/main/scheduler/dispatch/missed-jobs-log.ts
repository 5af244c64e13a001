// How often each node was passed over in the last hour, and why: the owner's view of the exclusions (lifecycle §3, mirror view).
// A ring of minutes per node and reason, so that memory is bounded by nodes x reasons whatever the rate of jobs is. It is in memory: a
// view says since when it counts. A job that asked for another node by id passed nobody over: there is nothing that this node could
// change.
import type { Exclusion, MissedJobs } from '../../../shared/api/dispatch';
import { EXCLUSION_REASONS, type ExclusionReason } from '../../../shared/protocol/status';
import type { Instant } from '../lifecycle/node-record';

const MINUTE_MS = 60_000;
const MINUTES = 60;

interface Reason {
  /** Counts of the last hour; the minute m is at m modulo MINUTES. */
  readonly perMinute: Uint32Array;
  /** The newest minute counted; what is older than an hour before it was cleared. */
  newestMinute: number;
  /** That of the newest decision. */
  last: Exclusion;
  lastMs: number;
}

export class MissedJobsLog {
  readonly #startedAt: Instant;
  readonly #nodes = new Map<string, Map<ExclusionReason, Reason>>();

  /** `startedAt`: from when on it is told of every decision. */
  constructor(startedAt: Instant) {
    this.#startedAt = startedAt;
  }

  /** `atMs`: monotonic, when the newest of so many decisions was made; decisions may be told out of their order. */
  note(nodeId: string, exclusion: Exclusion, atMs: number, times = 1): void {
    if (exclusion.code === 'not_requested_node') return;
    let reasons = this.#nodes.get(nodeId);
    if (reasons === undefined) this.#nodes.set(nodeId, (reasons = new Map<ExclusionReason, Reason>()));
    const minute = Math.floor(atMs / MINUTE_MS);
    let reason = reasons.get(exclusion.code);
    if (reason === undefined) {
      reason = { perMinute: new Uint32Array(MINUTES), newestMinute: minute, last: exclusion, lastMs: atMs };
      reasons.set(exclusion.code, reason);
    }
    forward(reason, minute);
    if (minute <= reason.newestMinute - MINUTES) return;
    const slot = minute % MINUTES;
    reason.perMinute[slot] = (reason.perMinute[slot] ?? 0) + times;
    if (atMs < reason.lastMs) return;
    reason.last = exclusion;
    reason.lastMs = atMs;
  }

  /** In the order of the filters; reasons not met within the hour are left out. */
  view(nodeId: string, now: Instant): MissedJobs {
    const minute = Math.floor(now.monotonicMs / MINUTE_MS);
    const known = this.#nodes.get(nodeId);
    const reasons: MissedJobs['reasons'] = [];
    for (const code of EXCLUSION_REASONS) {
      const reason = known?.get(code);
      if (reason === undefined) continue;
      forward(reason, minute);
      const count = reason.perMinute.reduce((sum, n) => sum + n, 0);
      if (count > 0) reasons.push({ code, count, wanted: reason.last.wanted, found: reason.last.found });
    }
    return {
      window_seconds: (MINUTES * MINUTE_MS) / 1000,
      since: this.#since(minute, now),
      total: reasons.reduce((sum, { count }) => sum + count, 0),
      reasons,
    };
  }

  /** The node is no longer in the pool. */
  delete(nodeId: string): void {
    this.#nodes.delete(nodeId);
  }

  /** The beginning of the oldest minute that is counted, or of the log if that was later; Unix ms. */
  #since(minute: number, { wallMs, monotonicMs }: Instant): number {
    const oldestMs = (minute - MINUTES + 1) * MINUTE_MS;
    return oldestMs <= this.#startedAt.monotonicMs ? this.#startedAt.wallMs : Math.round(wallMs - (monotonicMs - oldestMs));
  }
}

/** Clears the minutes between the newest one counted and this one. */
function forward(reason: Reason, minute: number): void {
  const gone = Math.min(minute - reason.newestMinute, MINUTES);
  for (let i = 1; i <= gone; i++) reason.perMinute[(reason.newestMinute + i) % MINUTES] = 0;
  reason.newestMinute = Math.max(reason.newestMinute, minute);
}
