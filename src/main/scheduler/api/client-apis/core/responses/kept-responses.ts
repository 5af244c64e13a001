// The responses that clients may retrieve and continue, in memory only: for an hour, and bounded for each key and for all. A response is
// visible to the key that made it. The oldest ones go first. A kept conversation contains those before it, so it counts whole, and a deleted
// response does not break its successors.
import { isRecord } from '../../../../../../shared/json';
import type { Json } from './tools';

export const KEEP_MS = 3_600_000;

export interface KeptLimits {
  readonly responsesPerKey: number;
  /** Characters of all texts and names, and 8 for every other value. */
  readonly sizePerKey: number;
  readonly sizeOfAll: number;
}

export const KEPT_LIMITS: KeptLimits = { responsesPerKey: 256, sizePerKey: 32_000_000, sizeOfAll: 256_000_000 };

export interface KeptResponse {
  readonly response: Json;
  readonly input: readonly Json[];
  readonly output: readonly Json[];
  /** All items before and of this response: the beginning of the next one. */
  readonly conversation: readonly Json[];
}

/** The id of a key. Null: callers on loopback without one. */
type Holder = string | null;

interface Entry extends KeptResponse {
  readonly holder: Holder;
  readonly id: string;
  readonly size: number;
  readonly sinceMonotonicMs: number;
}

export class KeptResponses {
  readonly #limits: KeptLimits;
  /** In the order in which they were kept. */
  readonly #entries = new Map<string, Entry>();

  constructor(limits: KeptLimits = KEPT_LIMITS) {
    this.#limits = limits;
  }

  get(holder: Holder, id: string): KeptResponse | null {
    const entry = this.#entries.get(id);
    return entry?.holder === holder ? entry : null;
  }

  keep(holder: Holder, id: string, kept: KeptResponse, nowMonotonicMs: number): void {
    const size = sizeOf(kept.response) + kept.conversation.reduce((sum, item) => sum + sizeOf(item), 0);
    this.#entries.set(id, { ...kept, holder, id, size, sinceMonotonicMs: nowMonotonicMs });
    const { responsesPerKey, sizePerKey, sizeOfAll } = this.#limits;
    this.#shrink((entry) => entry.holder === holder, responsesPerKey, sizePerKey);
    this.#shrink(() => true, Infinity, sizeOfAll);
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

  #shrink(isCounted: (entry: Entry) => boolean, maxCount: number, maxSize: number): void {
    const counted = [...this.#entries.values()].filter(isCounted);
    let count = counted.length;
    let size = counted.reduce((sum, entry) => sum + entry.size, 0);
    for (const entry of counted) {
      if (count <= maxCount && size <= maxSize) return;
      this.#entries.delete(entry.id);
      count -= 1;
      size -= entry.size;
    }
  }
}

const SIZE_OF_VALUE = 8;

/** Without the text that `JSON.stringify` would make of megabytes. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each), SIZE_OF_VALUE);
  if (!isRecord(value)) return SIZE_OF_VALUE;
  return Object.entries(value).reduce((sum, [name, each]) => sum + name.length + sizeOf(each), SIZE_OF_VALUE);
}
