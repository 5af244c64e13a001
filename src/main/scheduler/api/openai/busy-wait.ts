// Ends the wait of one request for nodes that only their owners' load keeps from it.
import type { JobView } from '../../../../shared/api/job';
import type { Clock, Timer } from '../../../platform/clock';
import { BUSY_CHECK_MS, type BusyChecks } from './busy-checks';
import type { OpenAiFailure } from './core/openai-error';

interface BusyWaitOptions {
  readonly clock: Clock;
  readonly busyTimeoutMs: number;
  readonly busyChecks: BusyChecks;
}

export class BusyWait {
  readonly #options: BusyWaitOptions;
  readonly #onBusy: (failure: OpenAiFailure) => void;
  #check: Timer | null = null;

  constructor(options: BusyWaitOptions, onBusy: (failure: OpenAiFailure) => void) {
    this.#options = options;
    this.#onBusy = onBusy;
  }

  /** No check where the wait ends by then anyway. So a job whose error no other node confirmed in time fails with that error. */
  begin(job: JobView): void {
    const { clock, busyTimeoutMs } = this.#options;
    if (this.#check === null && job.queue_deadline_at > clock.wallMs() + busyTimeoutMs) this.#checkAfter(busyTimeoutMs, job);
  }

  stop(): void {
    this.#check?.cancel();
    this.#check = null;
  }

  #checkAfter(delayMs: number, job: JobView): void {
    const { clock, busyChecks } = this.#options;
    this.#check = clock.setTimer(delayMs, () => {
      const failure = busyChecks.failure(job.requirements);
      if (failure === null) this.#checkAfter(BUSY_CHECK_MS, job);
      else this.#onBusy(failure);
    });
  }
}
