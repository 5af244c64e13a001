// The wall clock of the database, for the scheduler of a term: stored times must mean the same to each leader, and the clocks of members may
// be set wrong. Ages and deadlines use the monotonic clock of the member, as everywhere.
import type { Clock, Timer } from '../../platform/clock';

/** A smaller difference is the time of the network, and changes nothing. */
const TOLERANCE_MS = 1000;
/** The difference is known within half of the time between question and answer. */
const MAX_ANSWER_MS = 2 * TOLERANCE_MS;

export class DatabaseClock implements Clock {
  readonly #own: Clock;
  #aheadMs = 0;

  constructor(own: Clock) {
    this.#own = own;
  }

  /** How far the clock of the database is before that of this member. 0: by less than a second. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** The time of the database, which was asked at `askedWallMs` and answered at `answeredWallMs`. True: the difference has changed. */
  read(databaseWallMs: number, askedWallMs: number, answeredWallMs: number): boolean {
    const aheadMs = databaseWallMs - (askedWallMs + answeredWallMs) / 2;
    const tookMs = answeredWallMs - askedWallMs;
    // A clock that was set between both says nothing, and neither does the clock of a process that was stopped.
    if (tookMs < 0 || tookMs > MAX_ANSWER_MS || Math.abs(aheadMs - this.#aheadMs) < TOLERANCE_MS) return false;
    this.#aheadMs = Math.abs(aheadMs) < TOLERANCE_MS ? 0 : Math.round(aheadMs);
    return true;
  }

  wallMs(): number {
    return this.#own.wallMs() + this.#aheadMs;
  }

  monotonicMs(): number {
    return this.#own.monotonicMs();
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    return this.#own.setTimer(delayMs, callback);
  }
}
