// The owner key. `muster keys reset-owner` replaces the key while the scheduler runs: everything that the old key opened ends.
import type { Clock, Timer } from '../../platform/clock';
import { OWNER, type Principal } from './core/principal';
import { hashOf } from './secrets';

/** A stream of the old key would otherwise stay open until the next request. */
const CHECK_INTERVAL_MS = 1000;

export interface OwnerAccessOptions {
  /** The owner key now. */
  readonly ownerKey: () => string;
  readonly clock: Clock;
  readonly onReplaced: () => void;
}

export class OwnerAccess {
  readonly #options: OwnerAccessOptions;
  #hash: string;
  #principal: Principal = { ...OWNER };
  #timer: Timer | null = null;

  constructor(options: OwnerAccessOptions) {
    this.#options = options;
    this.#hash = hashOf(options.ownerKey());
  }

  /** The hash of the key now. Notices that the key was replaced: every use of a credential, a session or a code asks first. */
  hash(): string {
    const hash = hashOf(this.#options.ownerKey());
    if (hash !== this.#hash) {
      this.#hash = hash;
      this.#principal = { ...OWNER };
      this.#options.onReplaced();
    }
    return hash;
  }

  /** The holder of the present key. */
  principal(): Principal {
    this.hash();
    return this.#principal;
  }

  watch(): void {
    this.#timer = this.#options.clock.setTimer(CHECK_INTERVAL_MS, () => {
      this.hash();
      this.watch();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
