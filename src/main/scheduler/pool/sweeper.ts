// Time's part (lifecycle §1, Triggers): every half second the deadlines that are due, the pushes whose turn it is and what
// the store must learn; now and then a scan over all nodes, which must find nothing.
import type { Clock, Timer } from '../../platform/clock';
import { isDue } from '../lifecycle/deadlines';
import { graceUntilMs, type LivenessGrace, noteSweep, startGrace } from '../lifecycle/liveness-grace';
import { type MassLossState, NO_MASS_LOSS } from '../lifecycle/mass-loss';
import { planSweep } from '../lifecycle/sweep';
import type { Scheduler } from './pool';

/** Half of the second within which a deadline must be met. */
const SWEEP_INTERVAL_MS = 500;

export class Sweeper {
  readonly #scheduler: Scheduler;
  readonly #clock: Clock;
  readonly #scanIntervalMs: number;
  readonly #pushesStatus: boolean;
  #grace: LivenessGrace;
  #massLoss: MassLossState = NO_MASS_LOSS;
  #lastScanMs: number;
  #timer: Timer | null = null;

  constructor(scheduler: Scheduler, options: { readonly scanIntervalMs: number }) {
    this.#scheduler = scheduler;
    this.#clock = scheduler.parts.clock;
    this.#scanIntervalMs = options.scanIntervalMs;
    this.#pushesStatus = scheduler.parts.statusPushIntervalMs > 0;
    this.#lastScanMs = this.#clock.monotonicMs();
    this.#grace = startGrace(this.#lastScanMs, SWEEP_INTERVAL_MS, scheduler.parts.policy);
  }

  /** From here the restart grace counts (nobody is called offline before one full timeout). */
  start(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#lastScanMs = nowMs;
    this.#grace = startGrace(nowMs, SWEEP_INTERVAL_MS, this.#scheduler.parts.policy);
    this.#again();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Until then a silence is the scheduler's own fault; for heartbeats that arrive at any time. */
  graceUntilMs(): number {
    return graceUntilMs(this.#grace, this.#clock.monotonicMs(), this.#scheduler.parts.policy);
  }

  #again(): void {
    this.#timer = this.#clock.setTimer(SWEEP_INTERVAL_MS, () => {
      this.#sweep();
      this.#again();
    });
  }

  #sweep(): void {
    const { registry, parts, stateWriter } = this.#scheduler;
    const nowMs = this.#clock.monotonicMs();
    this.#grace = noteSweep(this.#grace, nowMs, parts.policy);
    const input = {
      queue: registry.deadlines,
      massLoss: this.#massLoss,
      recordOf: (nodeId: string) => registry.get(nodeId),
      live: registry.live,
      nowMs,
      graceUntilMs: this.#grace.untilMs,
    };
    const plan = planSweep(input, parts.policy);
    this.#massLoss = plan.massLoss;
    this.#scheduler.setMassLoss(plan.massLoss.brake);
    for (const nodeId of plan.due) this.#deadlineReached(nodeId);
    if (nowMs - this.#lastScanMs >= this.#scanIntervalMs) this.#scan(nowMs);
    if (this.#pushesStatus) this.#pushStatuses(nowMs);
    stateWriter.write();
  }

  #deadlineReached(nodeId: string): void {
    this.#scheduler.apply(nodeId, { type: 'deadline_reached', graceUntilMs: this.#grace.untilMs });
  }

  /** The safety net: right after a sweep no record may have anything due. */
  #scan(nowMs: number): void {
    this.#lastScanMs = nowMs;
    const { registry, parts } = this.#scheduler;
    for (const record of [...registry.records()]) {
      if (!isDue(record, nowMs, this.#grace.untilMs, parts.policy)) continue;
      const { next } = this.#scheduler.preview(record.nodeId, { type: 'deadline_reached', graceUntilMs: this.#grace.untilMs });
      parts.logger.log('warn', 'sweep_missed_deadline', { node_id: record.nodeId, status: record.status, becomes: next?.status ?? null });
      this.#deadlineReached(record.nodeId);
    }
  }

  #pushStatuses(nowMs: number): void {
    const { statusPushes, registry } = this.#scheduler;
    for (const nodeId of statusPushes.due(nowMs)) {
      statusPushes.start(nodeId, nowMs);
      const record = registry.get(nodeId);
      if (record !== undefined) this.#scheduler.pushStatus(record, true);
    }
  }
}
