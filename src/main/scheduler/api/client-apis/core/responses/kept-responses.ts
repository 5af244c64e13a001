// The responses that clients may retrieve and continue, in memory only: for an hour, and bounded for each key and for all. A response is
// visible to the key that made it. At a limit the oldest ones are deleted first; responses that have not ended count, and are not deleted. A
// kept conversation contains those before it, so it counts whole, and a deleted response does not break its successors.
import { memoryOf } from '../../../../../../shared/value-size';
import type { Json } from './tools';

export const KEEP_MS = 3_600_000;

export interface KeptLimits {
  readonly responsesPerKey: number;
  /** Bytes in memory. */
  readonly sizePerKey: number;
  readonly sizeOfAll: number;
}

export const KEPT_LIMITS: KeptLimits = { responsesPerKey: 256, sizePerKey: 64_000_000, sizeOfAll: 256_000_000 };

export interface KeptResponse {
  readonly response: Json;
  readonly input: readonly Json[];
  readonly output: readonly Json[];
  /** All items before and of this response: the beginning of the next one. */
  readonly conversation: readonly Json[];
}

/** What the responses that have not ended would exceed. */
export type BackgroundLimit =
  | { readonly limit: 'background_responses'; readonly max: number; readonly found: number }
  | { readonly limit: 'background_megabytes' | 'background_megabytes_of_all'; readonly max: number };

/** The id of a key. Null: callers on loopback without one. */
type Holder = string | null;

interface Counted {
  readonly holder: Holder;
  readonly size: number;
}

interface Entry extends KeptResponse, Counted {
  readonly id: string;
  readonly sinceMonotonicMs: number;
}

export class KeptResponses {
  readonly #limits: KeptLimits;
  /** In the order in which they were kept. */
  readonly #entries = new Map<string, Entry>();
  /** Of responses that have not ended. */
  readonly #reserved = new Set<Counted>();

  constructor(limits: KeptLimits = KEPT_LIMITS) {
    this.#limits = limits;
  }

  get(holder: Holder, id: string): KeptResponse | null {
    const entry = this.#entries.get(id);
    return entry?.holder === holder ? entry : null;
  }

  keep(holder: Holder, id: string, kept: KeptResponse, nowMonotonicMs: number): void {
    const { response, conversation } = kept;
    const size = memoryOf([response, conversation], this.#limits.sizePerKey);
    this.#entries.set(id, { ...kept, holder, id, size, sinceMonotonicMs: nowMonotonicMs });
    this.#shrinkFor(holder);
  }

  /**
   * Counts what a response that has not ended has in memory, until the returned function is called. Kept responses make room for it, those
   * that have not ended do not.
   */
  reserve(holder: Holder, values: unknown): (() => void) | BackgroundLimit {
    const { responsesPerKey, sizePerKey, sizeOfAll } = this.#limits;
    const counted = { holder, size: memoryOf(values, sizePerKey) };
    const all = [counted, ...this.#reserved];
    const own = all.filter((each) => each.holder === holder);
    if (own.length > responsesPerKey) return { limit: 'background_responses', max: responsesPerKey, found: own.length - 1 };
    if (sumOf(own) > sizePerKey) return { limit: 'background_megabytes', max: megabytesOf(sizePerKey) };
    if (sumOf(all) > sizeOfAll) return { limit: 'background_megabytes_of_all', max: megabytesOf(sizeOfAll) };
    this.#reserved.add(counted);
    this.#shrinkFor(holder);
    return () => this.#reserved.delete(counted);
  }

  delete(holder: Holder, id: string): boolean {
    return this.get(holder, id) !== null && this.#entries.delete(id);
  }

  forget(holder: Holder): void {
    for (const entry of [...this.#entries.values()]) if (entry.holder === holder) this.#entries.delete(entry.id);
  }

  /** The items of the model that are kept for a key, by their ids. */
  items(holder: Holder): ReadonlyMap<string, Json> {
    const items = new Map<string, Json>();
    for (const entry of this.#entries.values()) {
      if (entry.holder !== holder) continue;
      for (const item of entry.output) if (typeof item['id'] === 'string') items.set(item['id'], item);
    }
    return items;
  }

  /** Null: nothing is kept. */
  nextExpiryMonotonicMs(): number | null {
    const [oldest] = this.#entries.values();
    return oldest === undefined ? null : oldest.sinceMonotonicMs + KEEP_MS;
  }

  expire(nowMonotonicMs: number): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.sinceMonotonicMs + KEEP_MS > nowMonotonicMs) return;
      this.#entries.delete(entry.id);
    }
  }

  #shrinkFor(holder: Holder): void {
    const { responsesPerKey, sizePerKey, sizeOfAll } = this.#limits;
    this.#shrink((counted) => counted.holder === holder, responsesPerKey, sizePerKey);
    this.#shrink(() => true, Infinity, sizeOfAll);
  }

  #shrink(isCounted: (counted: Counted) => boolean, maxCount: number, maxSize: number): void {
    const counted = [...this.#entries.values()].filter(isCounted);
    const reserved = [...this.#reserved].filter(isCounted);
    let count = counted.length + reserved.length;
    let size = sumOf(counted) + sumOf(reserved);
    for (const entry of counted) {
      if (count <= maxCount && size <= maxSize) return;
      this.#entries.delete(entry.id);
      count -= 1;
      size -= entry.size;
    }
  }
}

const megabytesOf = (bytes: number): number => bytes / 1_000_000;

const sumOf = (all: readonly Counted[]): number => all.reduce((sum, { size }) => sum + size, 0);
