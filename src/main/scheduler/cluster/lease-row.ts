// The row of the leader in the database. Each function is one short transaction. The clock of the database decides when the lease has ended.
import type { TermEnd } from '../../../shared/api/cluster';
import { ok, type Result } from '../../../shared/result';
import type { Connection } from '../database/postgres/connection';
import type { Fault } from '../database/postgres/core/faults';
import type { LeaderTerm } from '../database/postgres/core/leader-term';
import { withEndedTerm, withNewTerm } from './leader-terms';

/** As a scheduler sees it that does not lead. */
export interface SeenLeader {
  readonly epoch: number;
  /** Empty: none, because the last leader has stepped down. */
  readonly holder: string;
  /** Whether the lease can be taken: it has ended, or it was an earlier one of this scheduler. */
  readonly isFree: boolean;
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** When the lease has ended. An earlier lease of this process is free at once: its term ends with the new epoch. */
const isFree = (holder: string): string => `(expires_at < clock_timestamp() OR holder = ${text(holder)})`;

const endsAt = (ttlMs: number): string => `clock_timestamp() + interval '${String(ttlMs)} milliseconds'`;

const ownRow = ({ epoch, holder }: LeaderTerm): string => `id = 1 AND epoch = ${String(epoch)} AND holder = ${text(holder)}`;

const run = (connection: Connection, sql: string) =>
  connection.script(connection.localSettings === '' ? sql : `BEGIN; ${connection.localSettings} ${sql}; COMMIT`);

export async function readLeader(connection: Connection, holder: string): Promise<Result<SeenLeader, Fault>> {
  const read = await connection.query(`SELECT epoch, holder, ${isFree(holder)} AS is_free FROM leader WHERE id = 1`, []);
  if (!read.ok) return read;
  const [row] = read.value.rows;
  return ok({ epoch: Number(row?.['epoch']), holder: String(row?.['holder']), isFree: row?.['is_free'] === 1 });
}

/** `above`: the new epoch is higher. Null: another scheduler was faster. Waits for write transactions of the last leader, as long as the limit for locks. */
export async function takeLease(
  connection: Connection,
  holder: string,
  ttlMs: number,
  above = 0,
): Promise<Result<LeaderTerm | null, Fault>> {
  const sql = `UPDATE leader SET epoch = greatest(epoch, ${String(above)}) + 1, holder = ${text(holder)}, expires_at = ${endsAt(ttlMs)}
    WHERE id = 1 AND ${isFree(holder)}`;
  const taken = await run(connection, withNewTerm(sql));
  if (!taken.ok) return taken;
  const [row] = taken.value.rows;
  return ok(row === undefined ? null : { epoch: Number(row['epoch']), holder, timeline: connection.timeline });
}

/** False: the database has another leader. A lease that has ended is renewed when it was not taken. */
export async function renewLease(connection: Connection, term: LeaderTerm, ttlMs: number): Promise<Result<boolean, Fault>> {
  const renewed = await run(connection, `UPDATE leader SET expires_at = ${endsAt(ttlMs)} WHERE ${ownRow(term)} RETURNING epoch`);
  return renewed.ok ? ok(renewed.value.rows.length === 1) : renewed;
}

/** Ends the lease at once, and the term with this reason. Nothing happens when the database has another leader. */
export async function releaseLease(connection: Connection, term: LeaderTerm, ending: TermEnd): Promise<Result<null, Fault>> {
  const release = `UPDATE leader SET holder = '', expires_at = '-infinity' WHERE ${ownRow(term)}`;
  const released = await run(connection, withEndedTerm(release, ending));
  return released.ok ? ok(null) : released;
}
