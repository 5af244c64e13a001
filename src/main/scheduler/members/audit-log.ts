// The audit log: acts of operators and owners, bounded, in the scheduler's database. Writing never delays or fails an act.
import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry } from '../../../shared/api/members';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { GroupCommit } from '../database/group-commit';
import type { Principal } from './core/principal';

const MAX_ENTRIES = 10_000;
const MAX_TARGET_LENGTH = 256;

export interface Act {
  /** For example `node.drain`. */
  readonly action: string;
  readonly target: string | null;
  readonly principal: Principal | null;
  /** The address of the caller. */
  readonly from: string;
}

export class AuditLog {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(database: DatabaseSync, writes: GroupCommit, clock: Clock, logger: Logger) {
    this.#database = database;
    this.#writes = writes;
    this.#clock = clock;
    this.#logger = logger;
  }

  record({ action, target, principal, from }: Act): void {
    const row = [
      Math.round(this.#clock.wallMs()),
      principal?.id ?? null,
      principal?.name ?? 'no key',
      action,
      target?.slice(0, MAX_TARGET_LENGTH) ?? null,
      from,
    ] as const;
    const written = this.#writes.write(() => {
      this.#database.prepare('INSERT INTO audit (at, who, who_name, action, target, from_address) VALUES (?, ?, ?, ?, ?, ?)').run(...row);
      this.#database.prepare('DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?').run(MAX_ENTRIES);
    });
    void written.then((outcome) => {
      if (!outcome.ok) this.#logger.log('error', 'audit_not_written', { action, reason: outcome.error.reason });
    });
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
    }));
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
