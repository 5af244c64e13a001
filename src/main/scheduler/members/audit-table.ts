// The table of the audit log.
import type { AuditEntry } from '../../../shared/api/members';
import type { Row, SqlValue, Statement, Store, Written } from '../database/store';

export const AUDIT_KINDS = ['operation', 'owner'] as const;
/** Each kind has its own bound. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

export interface StoredAct {
  readonly id: number;
  readonly at: number;
  readonly who: string | null;
  readonly whoName: string;
  readonly action: string;
  readonly target: string | null;
  readonly from: string;
  readonly kind: AuditKind;
}

export interface CountedAct extends StoredAct {
  readonly count: number;
}

export interface StoredAudit {
  /** 0: there is no entry. */
  readonly lastId: number;
  readonly entries: Readonly<Record<AuditKind, number>>;
  /** The last entry of each caller, as far as it is not older than the requested time. */
  readonly lastActs: readonly CountedAct[];
}

const COLUMNS = ['id', 'at', 'who', 'who_name', 'action', 'target', 'from_address', 'kind', 'count'];
const ON_CONFLICT = { key: ['id'], update: ['count'] };
/** A text of PostgreSQL has no NUL. */
const NUL = '\0';

export class AuditTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async load(sinceWallMs: number): Promise<StoredAudit> {
    const [last] = await this.#read('SELECT coalesce(max(id), 0) AS id FROM audit');
    const counts = await this.#read('SELECT kind, count(*) AS count FROM audit GROUP BY kind');
    const entries = Object.fromEntries(
      AUDIT_KINDS.map((kind) => [kind, Number(counts.find((row) => row['kind'] === kind)?.['count'] ?? 0)]),
    ) as Record<AuditKind, number>;
    const acts = await this.#read(
      'SELECT * FROM audit WHERE id IN (SELECT max(id) FROM audit GROUP BY who) AND at > ? ORDER BY id',
      Math.round(sinceWallMs),
    );
    return { lastId: Number(last?.['id']), entries, lastActs: acts.map(actOf) };
  }

  /** Stores the entry, or its new count. `excess`: so many of the oldest entries of its kind are removed. */
  save({ id, at, who, whoName, action, target, from, kind, count }: CountedAct, excess: number): Written {
    const row = [id, at, who, whoName, action, target, from, kind, count].map(withoutNul);
    const remove = 'DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE kind = ? ORDER BY id LIMIT ?)';
    const statements: readonly Statement[] = [
      { into: 'audit', columns: COLUMNS, rows: [row], onConflict: ON_CONFLICT },
      ...(excess > 0 ? [{ text: remove, values: [kind, excess] }] : []),
    ];
    return this.#store.write(statements);
  }

  /** Newest first. `beforeId` null: from the newest. */
  async list(limit: number, beforeId: number | null): Promise<readonly AuditEntry[]> {
    const rows = await this.#read(
      'SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?',
      Math.min(beforeId ?? Infinity, Number.MAX_SAFE_INTEGER),
      limit,
    );
    return rows.map(actOf).map(({ id, at, who, whoName, action, target, from, count }) => ({
      id,
      at,
      who,
      who_name: whoName,
      action,
      target,
      from,
      count,
    }));
  }

  #read(text: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#store.read({ text, values });
  }
}

const actOf = (row: Row): CountedAct => ({
  id: Number(row['id']),
  at: Number(row['at']),
  who: textOf(row['who']),
  whoName: String(row['who_name']),
  action: String(row['action']),
  target: textOf(row['target']),
  from: String(row['from_address']),
  kind: row['kind'] === 'operation' ? 'operation' : 'owner',
  count: Number(row['count']),
});

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const withoutNul = (value: SqlValue): SqlValue => (typeof value === 'string' ? value.replaceAll(NUL, '') : value);
