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

export interface KeptEntry extends KeptResponse, Counted {
  readonly id: string;
  readonly sinceMonotonicMs: number;
}

interface Total {
  count: number;
  size: number;
}

export class KeptResponses {
  readonly #limits: KeptLimits;
  /** Deleted at a limit. */
  readonly #onLeftOut: (id: string) => void;
  /** In the order in which they were kept here. */
  readonly #entries = new Map<string, KeptEntry>();
  readonly #totals = new Map<Holder, Total>();
  /** Of all entries. */
  #size = 0;
  /** Of responses that have not ended. */
  readonly #reserved = new Set<Counted>();
  /** Not after the expiry of the oldest entry. */
  #dueMonotonicMs = Infinity;

  constructor(limits: KeptLimits = KEPT_LIMITS, onLeftOut: (id: string) => void = () => undefined) {
    this.#limits = limits;
    this.#onLeftOut = onLeftOut;
  }

  get(holder: Holder, id: string): KeptResponse | null {
    const entry = this.#entries.get(id);
    return entry?.holder === holder ? entry : null;
  }

  ids(): IterableIterator<string> {
    return this.#entries.keys();
  }

  idsOf(holder: Holder): readonly string[] {
    return [...this.#entries.values()].filter((entry) => entry.holder === holder).map(({ id }) => id);
  }

  entry(id: string): KeptEntry | null {
    return this.#entries.get(id) ?? null;
  }

  /** `size`: of the response and its conversation in memory, where it is known. */
  keep(holder: Holder, id: string, kept: KeptResponse, sinceMonotonicMs: number, size = this.#sizeOf(kept)): void {
    this.delete(id);
    this.#entries.set(id, { ...kept, holder, id, size, sinceMonotonicMs });
    this.#count(holder, 1, size);
    this.#dueMonotonicMs = Math.min(this.#dueMonotonicMs, sinceMonotonicMs + KEEP_MS);
    this.#shrinkFor(holder);
  }

  /**
   * Counts what a response that has not ended has in memory, until the returned function is called. Kept responses make room for it, those
   * that have not ended do not.
   */
  reserve(holder: Holder, values: unknown, size = memoryOf(values, this.#limits.sizePerKey)): (() => void) | BackgroundLimit {
    const { responsesPerKey, sizePerKey, sizeOfAll } = this.#limits;
    const counted = { holder, size };
    const all = [counted, ...this.#reserved];
    const own = all.filter((each) => each.holder === holder);
    if (own.length > responsesPerKey) return { limit: 'background_responses', max: responsesPerKey, found: own.length - 1 };
    if (sumOf(own) > sizePerKey) return { limit: 'background_megabytes', max: megabytesOf(sizePerKey) };
    if (sumOf(all) > sizeOfAll) return { limit: 'background_megabytes_of_all', max: megabytesOf(sizeOfAll) };
    this.#reserved.add(counted);
    this.#shrinkFor(holder);
    return () => this.#reserved.delete(counted);
  }

  delete(id: string): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    this.#entries.delete(id);
    this.#count(entry.holder, -1, -entry.size);
    return true;
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
    return this.#entries.size === 0 ? null : this.#dueMonotonicMs;
  }

  /** Copies of another scheduler may be older than entries before them. */
  expire(nowMonotonicMs: number): void {
    if (nowMonotonicMs < this.#dueMonotonicMs) return;
    this.#dueMonotonicMs = Infinity;
    for (const { id, sinceMonotonicMs } of [...this.#entries.values()]) {
      if (sinceMonotonicMs + KEEP_MS <= nowMonotonicMs) this.delete(id);
      else this.#dueMonotonicMs = Math.min(this.#dueMonotonicMs, sinceMonotonicMs + KEEP_MS);
    }
  }

  #sizeOf({ response, conversation }: KeptResponse): number {
    return memoryOf([response, conversation], this.#limits.sizePerKey);
  }

  #count(holder: Holder, count: number, size: number): void {
    this.#size += size;
    const total = this.#totals.get(holder) ?? { count: 0, size: 0 };
    total.count += count;
    total.size += size;
    if (total.count === 0) this.#totals.delete(holder);
    else this.#totals.set(holder, total);
  }

  #shrinkFor(holder: Holder): void {
    const { responsesPerKey, sizePerKey, sizeOfAll } = this.#limits;
    const all = [...this.#reserved];
    const own = all.filter((each) => each.holder === holder);
    const [reserved, reservedOfAll] = [sumOf(own), sumOf(all)];
    this.#shrink(
      (entry) => entry.holder === holder,
      () => {
        const { count, size } = this.#totals.get(holder) ?? { count: 0, size: 0 };
        return count + own.length <= responsesPerKey && size + reserved <= sizePerKey;
      },
    );
    this.#shrink(
      () => true,
      () => this.#size + reservedOfAll <= sizeOfAll,
    );
  }

  /** Deletes the oldest of these until enough are gone. */
  #shrink(mayGo: (entry: KeptEntry) => boolean, isEnough: () => boolean): void {
    if (isEnough()) return;
    for (const entry of this.#entries.values()) {
      if (!mayGo(entry)) continue;
      this.delete(entry.id);
      this.#onLeftOut(entry.id);
      if (isEnough()) return;
    }
  }
}

const megabytesOf = (bytes: number): number => bytes / 1_000_000;

const sumOf = (all: readonly Counted[]): number => all.reduce((sum, { size }) => sum + size, 0);
