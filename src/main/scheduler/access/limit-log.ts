// Logs limits that a client or node has reached: at most one line a second per limit, since an attacker reaches one many times a second.

interface LimitLogOptions {
  readonly monotonicMs: () => number;
  readonly log: (fields: { readonly limit: string; readonly from: string; readonly count: number }) => void;
}

const INTERVAL_MS = 1000;

export class LimitLog {
  readonly #options: LimitLogOptions;
  readonly #limits = new Map<string, { loggedAtMonotonicMs: number; count: number }>();

  constructor(options: LimitLogOptions) {
    this.#options = options;
  }

  /** `limit`: one of the few names of limits. `from`: the address of the sender. */
  reached(limit: string, from: string): void {
    const { monotonicMs, log } = this.#options;
    const known = this.#limits.get(limit) ?? { loggedAtMonotonicMs: -Infinity, count: 0 };
    this.#limits.set(limit, known);
    known.count++;
    if (monotonicMs() - known.loggedAtMonotonicMs < INTERVAL_MS) return;
    log({ limit, from, count: known.count });
    known.loggedAtMonotonicMs = monotonicMs();
    known.count = 0;
  }
}
