// The counts of one day since the last write. Bounded: a day has a limited number of keys, nodes and rows, and the rest counts under OTHER,
// so that no client and no node can fill the store.
import { addCounts, NOTHING, type UsageCounts } from './usage-counts';

/** `key`: the requests of a key or member. `node`: the attempts on a node. Both by model. */
export type UsageKind = 'key' | 'node';

/** The id of a caller without a key. */
export const NO_KEY = '';
/** In place of an id or a model that has no row of its own. */
export const OTHER = '*';

export interface UsagePlace {
  readonly kind: UsageKind;
  readonly id: string;
  readonly model: string;
}

export interface CountedRow extends UsagePlace {
  readonly counts: UsageCounts;
}

/** `rows`: those of an id and a model. Beside them each id has at most one for its other models, and all other ids have one. */
export const USAGE_LIMITS: Readonly<Record<UsageKind, { readonly ids: number; readonly rows: number }>> = {
  key: { ids: 200, rows: 500 },
  node: { ids: 1000, rows: 1000 },
};

export class UsageDay {
  readonly #ids: Readonly<Record<UsageKind, Set<string>>> = { key: new Set(), node: new Set() };
  readonly #rows: Readonly<Record<UsageKind, Set<string>>> = { key: new Set(), node: new Set() };
  #counted = new Map<string, CountedRow>();

  /** `stored`: the rows that the day has in the store. */
  constructor(stored: Iterable<UsagePlace>) {
    for (const { kind, id, model } of stored) {
      if (id === OTHER) continue;
      this.#ids[kind].add(id);
      if (model !== OTHER) this.#rows[kind].add(rowOf(id, model));
    }
  }

  add(place: UsagePlace, more: Partial<UsageCounts>): void {
    const bounded = this.#boundedOf(place);
    const key = `${bounded.kind}\n${rowOf(bounded.id, bounded.model)}`;
    const counts = this.#counted.get(key)?.counts ?? NOTHING;
    this.#counted.set(key, { ...bounded, counts: addCounts(counts, more) });
  }

  /** The counts since the last `take`. */
  get counted(): Iterable<CountedRow> {
    return this.#counted.values();
  }

  /** Whether there are such counts. */
  get isUnwritten(): boolean {
    return this.#counted.size > 0;
  }

  take(): readonly CountedRow[] {
    const counted = [...this.#counted.values()];
    this.#counted = new Map();
    return counted;
  }

  #boundedOf({ kind, id, model }: UsagePlace): UsagePlace {
    const [limits, ids, rows] = [USAGE_LIMITS[kind], this.#ids[kind], this.#rows[kind]];
    if (id === OTHER || (!ids.has(id) && ids.size >= limits.ids)) return { kind, id: OTHER, model: OTHER };
    ids.add(id);
    const row = rowOf(id, model);
    if (model === OTHER || (!rows.has(row) && rows.size >= limits.rows)) return { kind, id, model: OTHER };
    rows.add(row);
    return { kind, id, model };
  }
}

const rowOf = (id: string, model: string): string => `${id}\n${model}`;
