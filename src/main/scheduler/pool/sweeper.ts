// The timer of the pool (lifecycle §1, Triggers). Twice a second it applies due deadlines, announces changes of availability, logs how many
// lines were suppressed, sends due status pushes and writes changed nodes. From time to time it scans all nodes, which must find no missed
// deadline. Thousands of nodes can be due at once, as after a restart: their deadlines are applied in several turns of the event loop.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { ownTurn } from '../../platform/own-turn';
import { isNodeDeadlineDue } from '../lifecycle/deadlines';
import type { NodeEvent } from '../lifecycle/events';
import { graceUntilMonotonicMs, type LivenessGrace, noteSweep, startGrace } from '../lifecycle/liveness-grace';
import { type EvictionPause, type EvictionPauseState, NO_EVICTION_PAUSE } from '../lifecycle/eviction-pause';
import type { NodeRecord } from '../lifecycle/node-record';
import type { LifecyclePolicy } from '../lifecycle/policy';
import type { SweepPlan } from '../lifecycle/sweep';

/** Half of the second within which a deadline must be applied. */
const SWEEP_INTERVAL_MS = 500;
/** A few milliseconds. */
export const DEADLINES_PER_TURN = 100;

export interface SweeperOptions {
  readonly pool: {
    readonly availability: { announce(): Promise<void> };
    readonly nodeLog: { report(): void };
    records(): Iterable<NodeRecord>;
    planSweep(pauseState: EvictionPauseState, nowMonotonicMs: number, graceUntilMonotonicMs: number): SweepPlan;
    setEvictionPause(pause: EvictionPause | null): void;
    preview(nodeId: string, event: NodeEvent): { readonly next: NodeRecord | null };
    apply(nodeId: string, event: NodeEvent): unknown;
    pushDueStatuses(nowMonotonicMs: number): void;
    writeChanges(): void;
  };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: LifecyclePolicy;
  readonly scanIntervalMs: number;
  /** False: statuses are not repeated. */
  readonly pushesStatus: boolean;
}

export class Sweeper {
  readonly #options: SweeperOptions;
  #grace: LivenessGrace;
  #pauseState: EvictionPauseState = NO_EVICTION_PAUSE;
  #lastScanMonotonicMs: number;
  /** Deadlines of the last plan that are not applied yet. */
  #rest: readonly string[] = [];
  #timer: Timer | null = null;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#lastScanMonotonicMs = options.clock.monotonicMs();
    this.#grace = startGrace(this.#lastScanMonotonicMs, SWEEP_INTERVAL_MS, options.policy);
  }

  /** The grace period of a restart begins now: no node becomes offline before one full heartbeat timeout. */
  start(): void {
    const { clock, policy } = this.#options;
    this.#lastScanMonotonicMs = clock.monotonicMs();
    this.#grace = startGrace(this.#lastScanMonotonicMs, SWEEP_INTERVAL_MS, policy);
    this.#schedule();
  }

  /** Many connections ended without their nodes, which return soon: no node becomes offline before one full heartbeat timeout. */
  holdJudgement(): void {
    const { clock, policy } = this.#options;
    this.#grace = { ...this.#grace, untilMonotonicMs: clock.monotonicMs() + policy.heartbeatTimeoutMs };
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#rest = [];
  }

  /** The end of the grace period for a heartbeat that is handled now. */
  graceUntilMonotonicMs(): number {
    const { clock, policy } = this.#options;
    return graceUntilMonotonicMs(this.#grace, clock.monotonicMs(), policy);
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimer(SWEEP_INTERVAL_MS, () => {
      this.#sweep();
      this.#schedule();
    });
  }

  #sweep(): void {
    const { pool, clock, policy, scanIntervalMs, pushesStatus } = this.#options;
    const nowMonotonicMs = clock.monotonicMs();
    this.#grace = noteSweep(this.#grace, nowMonotonicMs, policy);
    // A plan counts the lost nodes: those of an unfinished plan must not count again.
    if (this.#rest.length === 0) this.#applyDue(nowMonotonicMs);
    if (this.#rest.length === 0 && nowMonotonicMs - this.#lastScanMonotonicMs >= scanIntervalMs) this.#scan(nowMonotonicMs);
    void pool.availability.announce();
    pool.nodeLog.report();
    if (pushesStatus) pool.pushDueStatuses(nowMonotonicMs);
    pool.writeChanges();
  }

  #applyDue(nowMonotonicMs: number): void {
    const { pool } = this.#options;
    const plan = pool.planSweep(this.#pauseState, nowMonotonicMs, this.#grace.untilMonotonicMs);
    this.#pauseState = plan.pauseState;
    pool.setEvictionPause(plan.pauseState.pause);
    this.#rest = plan.due;
    this.#applyPart();
    if (this.#rest.length > 0) void this.#applyRest();
  }

  async #applyRest(): Promise<void> {
    while (this.#rest.length > 0) {
      await ownTurn();
      this.#applyPart();
    }
  }

  /** A node that was seen since the plan is not due any more: the lifecycle decides by the time of now. */
  #applyPart(): void {
    const due = this.#rest.slice(0, DEADLINES_PER_TURN);
    this.#rest = this.#rest.slice(DEADLINES_PER_TURN);
    for (const nodeId of due) this.#options.pool.apply(nodeId, this.#deadlineReached());
  }

  /** A safety net: right after a sweep no record may have a due deadline. */
  #scan(nowMonotonicMs: number): void {
    this.#lastScanMonotonicMs = nowMonotonicMs;
    const { pool, logger, policy } = this.#options;
    for (const record of [...pool.records()]) {
      if (!isNodeDeadlineDue(record, nowMonotonicMs, this.#grace.untilMonotonicMs, policy)) continue;
      const { next } = pool.preview(record.nodeId, this.#deadlineReached());
      logger.log('warn', 'sweep_missed_deadline', { node_id: record.nodeId, status: record.status, becomes: next?.status ?? null });
      pool.apply(record.nodeId, this.#deadlineReached());
    }
  }

  #deadlineReached(): NodeEvent {
    return { type: 'deadline_reached', graceUntilMonotonicMs: this.#grace.untilMonotonicMs };
  }
}
