// Sessions of the dashboard (ADR 0021): a one-time code becomes a session key, which stands for the credential that requested the code.
// Both are in memory only: after a restart the owner opens the dashboard with a new code.
import type { Clock } from '../../platform/clock';
import { fingerprintOf } from '../../trust/proof';
import { hashOf, newSecret } from './secrets';

const CODE_MS = 15 * 60_000;
const SESSION_MS = 12 * 3_600_000;
/** The oldest ends when there are more. */
const MAX_SESSIONS = 256;
const MAX_CODES = 64;

interface Entry {
  /** The hash of the credential; null: the owner. */
  readonly source: string | null;
  readonly endsAtMonotonicMs: number;
}

export interface IssuedSecret {
  readonly secret: string;
  readonly endsAtWallMs: number;
}

export class Sessions {
  readonly #clock: Clock;
  readonly #codes = new Map<string, Entry>();
  readonly #sessions = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `source`: the hash of the credential that the session will stand for. Null: the owner. */
  issueCode(source: string | null): IssuedSecret {
    return this.#issue(this.#codes, source, CODE_MS, MAX_CODES);
  }

  /** A code is valid once. Null: unknown, used or too old. */
  exchange(code: string): (IssuedSecret & { readonly source: string | null }) | null {
    const hash = hashOf(code);
    const entry = this.#valid(this.#codes, hash);
    this.#codes.delete(hash);
    if (entry === null) return null;
    return { ...this.#issue(this.#sessions, entry.source, SESSION_MS, MAX_SESSIONS), source: entry.source };
  }

  /** The credential of a session, by the hash of its key. Null: there is no such session. */
  sourceOf(hash: string): { readonly source: string | null } | null {
    return this.#valid(this.#sessions, hash);
  }

  /** The hash of the session key with this fingerprint; null: there is no such session. */
  hashOf(fingerprint: string): string | null {
    for (const hash of this.#sessions.keys()) if (fingerprintOf(hash) === fingerprint) return this.#valid(this.#sessions, hash) && hash;
    return null;
  }

  /** The owner key was replaced: its holder must prove the new one. */
  endAll(): void {
    this.#codes.clear();
    this.#sessions.clear();
  }

  #valid(entries: Map<string, Entry>, hash: string): Entry | null {
    const entry = entries.get(hash);
    if (entry === undefined) return null;
    if (entry.endsAtMonotonicMs > this.#clock.monotonicMs()) return entry;
    entries.delete(hash);
    return null;
  }

  #issue(entries: Map<string, Entry>, source: string | null, lifeMs: number, maxEntries: number): IssuedSecret {
    const { secret, hash } = newSecret('ms');
    entries.set(hash, { source, endsAtMonotonicMs: this.#clock.monotonicMs() + lifeMs });
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    return { secret, endsAtWallMs: this.#clock.wallMs() + lifeMs };
  }
}
