// Notices that the machine was asleep where nobody tells (headless): between two ticks far more time passed than was asked for.
// Wall time counts, since the monotonic clock of some systems stands still in sleep; a clock that is set forward looks alike
// and costs one reconnect.
import type { Clock, Timer } from '../platform/clock';

const TICK_MS = 5000;
/** A stalled process is not a sleeping machine. */
const LEAST_SLEEP_MS = 30_000;

export class SleepWatch {
  private readonly clock: Clock;
  private readonly onWake: (sleptMs: number) => void;
  private timer: Timer | null = null;
  private tickedAtMs = 0;

  constructor(clock: Clock, onWake: (sleptMs: number) => void) {
    this.clock = clock;
    this.onWake = onWake;
  }

  /** Also begins anew: a sleep that was told otherwise is not noticed again. */
  start(): void {
    this.stop();
    this.tickedAtMs = this.clock.wallMs();
    this.timer = this.clock.setTimer(TICK_MS, () => {
      this.tick();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  private tick(): void {
    const sleptMs = this.clock.wallMs() - this.tickedAtMs - TICK_MS;
    this.start();
    if (sleptMs >= LEAST_SLEEP_MS) this.onWake(sleptMs);
  }
}
