// Counts the limits that clients of a replica have reached, and tells the leader, which has the metrics of the pool.
import type { AbuseCounters, LimitName } from '../../platform/abuse-log';
import type { Clock, Timer } from '../../platform/clock';
import type { Channel } from '../cluster/channel/channel';
import { LIMITS_REACHED } from './core/limit-records';

const INTERVAL_MS = 1000;

export class ReachedLimits implements AbuseCounters {
  readonly #clock: Clock;
  #counts = new Map<LimitName, number>();
  /** Null: no leader learns the counts, as in a cluster without a bus. */
  #channel: (() => Pick<Channel, 'send'> | null) | null = null;
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `channel`: to the present leader. Null: there is none, and the counts wait. */
  reportOn(channel: () => Pick<Channel, 'send'> | null): void {
    this.#channel = channel;
  }

  /** The leader checks keys, and counts the wrong ones. */
  authFailed(): void {
    // Nothing to count here.
  }

  limitReached(limit: LimitName): void {
    if (this.#channel === null) return;
    this.#counts.set(limit, (this.#counts.get(limit) ?? 0) + 1);
    this.#timer ??= this.#clock.setTimer(INTERVAL_MS, this.#report);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#channel = null;
  }

  readonly #report = (): void => {
    const channel = this.#channel?.() ?? null;
    this.#timer = channel === null ? this.#clock.setTimer(INTERVAL_MS, this.#report) : null;
    if (channel === null) return;
    channel.send(LIMITS_REACHED, { limits: Object.fromEntries(this.#counts) });
    this.#counts = new Map();
  };
}
