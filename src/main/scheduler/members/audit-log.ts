// The audit log: acts of operators and owners, bounded, in the scheduler's database. Each new entry is a line of the log, too.
// Writing never delays or fails an act.
import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../../../shared/api/members';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { GroupCommit } from '../database/group-commit';
import type { Principal } from './core/principal';

/** Of one kind: many operations do not push out the acts of owners. */
const MAX_ENTRIES = 10_000;
/** Equal acts one after the other are one entry for this long. */
const SAME_ENTRY_MS = 60_000;
/** The ids of a node and of a model, and an action. */
const MAX_TARGET_LENGTH = 384;

export interface Act {
  /** For example `node.drain`. */
  readonly action: string;
  readonly target: string | null;
  readonly principal: Principal | null;
  /** The address of the caller. */
  readonly from: string;
}

interface Row {
  readonly at: number;
  readonly who: string | null;
  readonly whoName: string;
  readonly action: string;
  readonly target: string | null;
  readonly from: string;
}

type Kind = 'operation' | 'owner';

/** Acts that operators may do, and joins by an invitation. All others are of owners. The migration of the table has the same list. */
const OPERATION = /^(?:node|job|exclusions|agent)\.|^member\.join$/;

export class AuditLog {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** The entries of each kind. To count them at each act would read 10,000 of them. Empty: not counted yet. */
  readonly #entries = new Map<Kind, number>();

  constructor(database: DatabaseSync, writes: GroupCommit, clock: Clock, logger: Logger) {
    this.#database = database;
    this.#writes = writes;
    this.#clock = clock;
    this.#logger = logger;
  }

  record({ action, target, principal, from }: Act): void {
    const row: Row = {
      at: Math.round(this.#clock.wallMs()),
      who: principal?.id ?? null,
      whoName: principal?.name ?? 'no key',
      action,
      target: target?.slice(0, MAX_TARGET_LENGTH) ?? null,
      from,
    };
    let isNew = false;
    const written = this.#writes.write(() => {
      isNew = !this.#counted(row);
      if (isNew) this.#insert(row);
    });
    void written.then((outcome) => {
      const { who, whoName } = row;
      if (!outcome.ok) {
        this.#entries.clear();
        this.#logger.log('error', 'audit_not_written', { action, reason: outcome.error.reason });
      } else if (isNew) this.#logger.log('info', 'operator_act', { action, target: row.target, who, who_name: whoName, from });
    });
  }

  /** Counts an act that equals the last one of the same caller. False: the act needs an entry. */
  #counted({ at, who, action, target, from }: Row): boolean {
    const last = this.#database.prepare('SELECT * FROM audit WHERE who IS ? ORDER BY id DESC LIMIT 1').get(who);
    if (last === undefined) return false;
    const isSame = last['action'] === action && last['target'] === target && last['from_address'] === from;
    if (!isSame || Math.abs(at - Number(last['at'])) >= SAME_ENTRY_MS) return false;
    this.#database.prepare('UPDATE audit SET count = count + 1 WHERE id = ?').run(Number(last['id']));
    return true;
  }

  #insert({ at, who, whoName, action, target, from }: Row): void {
    const kind = OPERATION.test(action) ? 'operation' : 'owner';
    const before = this.#entries.get(kind) ?? this.#stored(kind);
    this.#database
      .prepare('INSERT INTO audit (at, who, who_name, action, target, from_address, kind) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(at, who, whoName, action, target, from, kind);
    const excess = Math.max(0, before + 1 - MAX_ENTRIES);
    if (excess > 0)
      this.#database.prepare('DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE kind = ? ORDER BY id LIMIT ?)').run(kind, excess);
    this.#entries.set(kind, before + 1 - excess);
  }

  #stored(kind: Kind): number {
    return Number(this.#database.prepare('SELECT count(*) AS count FROM audit WHERE kind = ?').get(kind)?.['count']);
  }

  /** Newest first. `beforeId` null: from the newest. */
  list(limit: number, beforeId: number | null): readonly AuditEntry[] {
    const rows = this.#database
      .prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(beforeId ?? Number.MAX_SAFE_INTEGER, limit);
    return rows.map((row) => ({
      id: Number(row['id']),
      at: Number(row['at']),
      who: textOf(row['who']),
      who_name: String(row['who_name']),
      action: String(row['action']),
      target: textOf(row['target']),
      from: String(row['from_address']),
      count: Number(row['count']),
    }));
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
