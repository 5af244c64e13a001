// Sessions of the dashboard (ADR 0021): a one-time code becomes a session key, which stands for the credential that requested the code.
// Both are in memory only: after a restart the owner opens the dashboard with a new code.
import type { Clock } from '../../platform/clock';
import { fingerprintOf } from '../../trust/proof';
import { hashOf, newSecret } from './secrets';

const CODE_MS = 15 * 60_000;
const SESSION_MS = 12 * 3_600_000;
/** The oldest of the same credential ends when it has more. Over the total, the credential with the most loses its oldest. */
interface Limits {
  readonly ofSource: number;
  readonly total: number;
}
const SESSION_LIMITS: Limits = { ofSource: 16, total: 256 };
const CODE_LIMITS: Limits = { ofSource: 8, total: 64 };

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
    return this.#issue(this.#codes, source, CODE_MS, CODE_LIMITS);
  }

  /** A code is valid once. Null: unknown, used or too old. */
  exchange(code: string): IssuedSecret | null {
    const hash = hashOf(code);
    const entry = this.#valid(this.#codes, hash);
    this.#codes.delete(hash);
    return entry === null ? null : this.#issue(this.#sessions, entry.source, SESSION_MS, SESSION_LIMITS);
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

  #issue(entries: Map<string, Entry>, source: string | null, lifeMs: number, limits: Limits): IssuedSecret {
    const { secret, hash } = newSecret('ms');
    for (const old of [...entries.keys()]) this.#valid(entries, old);
    entries.set(hash, { source, endsAtMonotonicMs: this.#clock.monotonicMs() + lifeMs });
    const own = hashesOf(entries, source);
    if (own.length > limits.ofSource && own[0] !== undefined) entries.delete(own[0]);
    else if (entries.size > limits.total) entries.delete(oldestOfLargest(entries));
    return { secret, endsAtWallMs: this.#clock.wallMs() + lifeMs };
  }
}

/** Oldest first. */
const hashesOf = (entries: ReadonlyMap<string, Entry>, source: string | null): readonly string[] =>
  [...entries].filter(([, entry]) => entry.source === source).map(([hash]) => hash);

/** The oldest entry of the credential with the most. */
function oldestOfLargest(entries: ReadonlyMap<string, Entry>): string {
  let largest: readonly string[] = [];
  for (const source of new Set(Array.from(entries.values(), (entry) => entry.source))) {
    const hashes = hashesOf(entries, source);
    if (hashes.length > largest.length) largest = hashes;
  }
  return largest[0] ?? '';
}
