// After a change of the leader: has the nodes of a replica register again, a few at a time. The next one is asked when the leader has answered an
// earlier one, so that the leader sets the pace.
import type { Clock } from '../../platform/clock';

/** Registrations that the leader of this replica has not answered. */
const MAX_ASKED = 32;

export interface RenewedSession {
  /** Asks the node. False: this is not needed. */
  renew(): boolean;
}

export interface RenewalsOptions<Session> {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** The node did not register in time. */
  readonly onLate: (session: Session) => void;
}

export class Renewals<Session extends RenewedSession> {
  readonly #options: RenewalsOptions<Session>;
  #waiting: Session[] = [];
  /** With the cancel of the time limit. */
  readonly #asked = new Map<Session, () => void>();

  constructor(options: RenewalsOptions<Session>) {
    this.#options = options;
  }

  /** Those that are asked or still wait. */
  get size(): number {
    return this.#waiting.length + this.#asked.size;
  }

  begin(sessions: Iterable<Session>): void {
    this.stop();
    this.#waiting = [...sessions].reverse();
    this.#next();
  }

  stop(): void {
    this.#waiting = [];
    for (const cancel of this.#asked.values()) cancel();
    this.#asked.clear();
  }

  /** The registration was answered, or the connection has ended. */
  done(session: Session): void {
    const cancel = this.#asked.get(session);
    if (cancel === undefined) return;
    cancel();
    this.#asked.delete(session);
    this.#next();
  }

  #next(): void {
    while (this.#asked.size < MAX_ASKED) {
      const session = this.#waiting.pop();
      if (session === undefined) return;
      if (session.renew()) this.#ask(session);
    }
  }

  #ask(session: Session): void {
    const { clock, timeoutMs, onLate } = this.#options;
    const timer = clock.setTimer(timeoutMs, () => {
      this.done(session);
      onLate(session);
    });
    this.#asked.set(session, () => {
      timer.cancel();
    });
  }
}
