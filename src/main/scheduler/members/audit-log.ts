// The audit log: acts of operators and owners, bounded, in the scheduler's database. Each new entry is a line of the log, too.
// Writing never delays or fails an act. What an act writes is decided in memory, because no other program writes to the table.
import type { AuditEntry } from '../../../shared/api/members';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { AuditKind, AuditTable, CountedAct, StoredAct, StoredAudit } from './audit-table';
import { grantOf } from './core/permissions';
import type { Principal } from './core/principal';

/** Of one kind: many operations do not push out the acts of owners. */
const MAX_ENTRIES = 10_000;
/** Equal acts one after the other are one entry for this long. */
export const SAME_ENTRY_MS = 60_000;
/** The ids of a node and of a model, and an action. */
const MAX_TARGET_LENGTH = 384;
/** Callers whose last entry is in memory. The next act of another caller is a new entry. */
const MAX_CALLERS = 1000;

export interface Act {
  /** For example `node.drain`. */
  readonly action: string;
  readonly target: string | null;
  readonly principal: Principal | null;
  /** The address of the caller. */
  readonly from: string;
}

export interface AuditLogOptions {
  readonly table: Pick<AuditTable, 'save' | 'list'>;
  /** What the table has at the start. */
  readonly stored: StoredAudit;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface LastEntry {
  readonly act: StoredAct;
  count: number;
  /** Whether `#entries` counts the entry: it is stored, or its write has not failed yet. */
  isCounted: boolean;
  isLogged: boolean;
}

/** Acts that operators may do, and joins by an invitation. All others are of owners. The migration of the table has the same list. */
const OPERATION = /^(?:node|job|exclusions|agent)\.|^member\.join$/;

/** A member that makes keys must not push out the acts of owners. */
const isOfMember = (principal: Principal | null): boolean => principal?.kind === 'member' && grantOf('manage', principal.roles) === null;

export class AuditLog {
  readonly #options: AuditLogOptions;
  /** The entries of each kind, as they are when all writes succeed. */
  readonly #entries: Record<AuditKind, number>;
  /** Caller -> its last entry. The caller with the newest one is the last. */
  readonly #last = new Map<string | null, LastEntry>();
  #lastId: number;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    const { lastId, entries, lastActs } = options.stored;
    this.#lastId = lastId;
    this.#entries = { ...entries };
    for (const act of lastActs) this.#keep({ act, count: act.count, isCounted: true, isLogged: true });
  }

  record(act: Act): void {
    const entry = this.#entryOf(act);
    const isNew = !entry.isCounted;
    const excess = isNew ? this.#added(entry) : 0;
    // The whole entry: the write stores it also when an earlier one has failed.
    const saved: CountedAct = { ...entry.act, count: entry.count };
    void this.#options.table.save(saved, excess).then((written) => {
      if (!written.ok) {
        if (isNew) this.#notAdded(entry, excess);
        this.#options.logger.log('error', 'audit_not_written', { action: act.action, reason: written.error.reason });
        return;
      }
      if (!entry.isCounted) this.#count(entry);
      this.#logOnce(entry);
    });
  }

  /** Newest first. `beforeId` null: from the newest. */
  list(limit: number, beforeId: number | null): Promise<readonly AuditEntry[]> {
    return this.#options.table.list(limit, beforeId);
  }

  /** The last entry of the caller with one act more, or a new one. */
  #entryOf({ action, target: wholeTarget, principal, from }: Act): LastEntry {
    const at = Math.round(this.#options.clock.wallMs());
    const who = principal?.id ?? null;
    const target = wholeTarget?.slice(0, MAX_TARGET_LENGTH) ?? null;
    const last = this.#last.get(who);
    if (last !== undefined) {
      const isSame = last.act.action === action && last.act.target === target && last.act.from === from;
      if (isSame && Math.abs(at - last.act.at) < SAME_ENTRY_MS) {
        last.count++;
        return last;
      }
    }
    const kind: AuditKind = OPERATION.test(action) || isOfMember(principal) ? 'operation' : 'owner';
    const id = ++this.#lastId;
    const act = { id, at, who, whoName: principal?.name ?? 'no key', action, target, from, kind };
    return this.#keep({ act, count: 1, isCounted: false, isLogged: false });
  }

  #keep(entry: LastEntry): LastEntry {
    this.#last.delete(entry.act.who);
    this.#last.set(entry.act.who, entry);
    const [oldest] = this.#last.keys();
    if (this.#last.size > MAX_CALLERS && oldest !== undefined) this.#last.delete(oldest);
    return entry;
  }

  /** How many of the oldest entries of its kind must go. */
  #added(entry: LastEntry): number {
    this.#count(entry);
    const { kind } = entry.act;
    const excess = Math.max(0, this.#entries[kind] - MAX_ENTRIES);
    this.#entries[kind] -= excess;
    return excess;
  }

  #notAdded(entry: LastEntry, excess: number): void {
    entry.isCounted = false;
    this.#entries[entry.act.kind] += excess - 1;
  }

  #count(entry: LastEntry): void {
    entry.isCounted = true;
    this.#entries[entry.act.kind]++;
  }

  #logOnce(entry: LastEntry): void {
    if (entry.isLogged) return;
    entry.isLogged = true;
    const { action, target, who, whoName, from } = entry.act;
    this.#options.logger.log('info', 'operator_act', { action, target, who, who_name: whoName, from });
  }
}
