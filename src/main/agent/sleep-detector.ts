// Detects that the machine was asleep where the system reports no sleep (headless): far more time passed between two ticks than the
// timer's delay. It compares wall-clock times, because the monotonic clock of some systems stops during sleep. A clock that is set
// forward has the same effect and costs one reconnect.
import type { Clock, Timer } from '../platform/clock';

const TICK_MS = 5000;
/** A shorter gap may be a stalled process. */
const MIN_SLEEP_MS = 30_000;

export class SleepDetector {
  readonly #clock: Clock;
  readonly #onWake: (sleptMs: number) => void;
  #timer: Timer | null = null;
  #tickedAtWallMs = 0;

  constructor(clock: Clock, onWake: (sleptMs: number) => void) {
    this.#clock = clock;
    this.#onWake = onWake;
  }

  /** Starts or restarts the ticks. A restart after an announced sleep prevents a second report of that sleep. */
  start(): void {
    this.stop();
    this.#tickedAtWallMs = this.#clock.wallMs();
    this.#timer = this.#clock.setTimer(TICK_MS, () => {
      this.#tick();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #tick(): void {
    const sleptMs = this.#clock.wallMs() - this.#tickedAtWallMs - TICK_MS;
    this.start();
    if (sleptMs >= MIN_SLEEP_MS) this.#onWake(sleptMs);
  }
}
