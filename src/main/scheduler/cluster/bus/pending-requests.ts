// The requests of a member that wait for their answer. Each ends once: by the answer, by a failure, or by its time.
import { fail, ok, type Result } from '../../../../shared/result';
import type { Clock, Timer } from '../../../platform/clock';
import type { RequestFailure } from './bus';

type Answer = Result<Uint8Array, RequestFailure>;

interface Pending {
  readonly subject: string;
  readonly timer: Timer;
  readonly resolve: (answer: Answer) => void;
}

export class PendingRequests {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(subject: string, timeoutMs: number): { readonly id: string; readonly answer: Promise<Answer> } {
    this.#last += 1;
    const id = String(this.#last);
    const answer = new Promise<Answer>((resolve) => {
      const timer = this.#clock.setTimer(timeoutMs, () => {
        this.end(id, fail('timeout'));
      });
      this.#pending.set(id, { subject, timer, resolve });
    });
    return { id, answer };
  }

  answer(id: string, body: Uint8Array): void {
    this.end(id, ok(body));
  }

  end(id: string, answer: Answer): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.timer.cancel();
    pending.resolve(answer);
  }

  /** Ends the requests to this subject, or all. */
  endAll(failure: RequestFailure, subject?: string): void {
    for (const [id, pending] of [...this.#pending]) if (subject === undefined || pending.subject === subject) this.end(id, fail(failure));
  }
}
