// The last terms of leaders: who led, since when, and why the term ended. A row is written in the statement that changes the lease, so the
// history and the lease cannot differ. Members of the version before write none: their terms are missing, and the end of the term before
// is not known.
import { ok, type Result } from '../../../shared/result';
import { type LeaderTermView, MAX_TERMS, TERM_ENDS, type TermEnd } from '../../../shared/api/cluster';
import type { Connection } from '../database/postgres/connection';
import type { Fault } from '../database/postgres/core/faults';

/** Older ones are removed. */
const KEPT_EPOCHS = 64;

/**
 * `update`: takes the lease, and returns its epoch and holder. The term before ended with its lease, unless its leader has released it: then
 * its end is known already.
 */
export const withNewTerm = (update: string): string => `WITH
  before AS (SELECT epoch, expires_at FROM leader WHERE id = 1),
  taken AS (${update} RETURNING epoch, holder),
  ended AS (UPDATE leader_terms SET ended_at = least(before.expires_at, clock_timestamp()), ending = 'expired' FROM before
    WHERE leader_terms.epoch = before.epoch AND ended_at IS NULL AND before.expires_at > '-infinity' AND EXISTS (SELECT 1 FROM taken)),
  forgotten AS (DELETE FROM leader_terms WHERE epoch <= (SELECT epoch FROM taken) - ${String(KEPT_EPOCHS)}),
  cleared AS (DELETE FROM leader_writes WHERE epoch <= (SELECT epoch FROM taken) - ${String(KEPT_EPOCHS)}),
  begun AS (INSERT INTO leader_terms (epoch, holder, began_at) SELECT epoch, holder, clock_timestamp() FROM taken
    ON CONFLICT (epoch) DO UPDATE SET holder = excluded.holder, began_at = excluded.began_at, ended_at = NULL, ending = NULL)
  SELECT epoch FROM taken`;

/** `update`: releases the lease. Nothing is written when the database has another leader. */
export const withEndedTerm = (update: string, ending: TermEnd): string => `WITH released AS (${update} RETURNING epoch)
  UPDATE leader_terms SET ended_at = clock_timestamp(), ending = '${ending}'
    WHERE epoch IN (SELECT epoch FROM released) AND ended_at IS NULL`;

const READ = `SELECT t.epoch, t.holder, t.ending, t.epoch = l.epoch AND l.expires_at > clock_timestamp() AS is_held,
    extract(epoch FROM t.began_at)::float8 * 1000 AS began, extract(epoch FROM t.ended_at)::float8 * 1000 AS ended
  FROM leader_terms t JOIN leader l ON l.id = 1 ORDER BY t.epoch DESC LIMIT ${String(MAX_TERMS)}`;

/** The latest one first. */
export async function readTerms(connection: Connection): Promise<Result<readonly LeaderTermView[], Fault>> {
  const read = await connection.query(READ, []);
  if (!read.ok) return read;
  return ok(
    read.value.rows.map((row) => ({
      epoch: Number(row['epoch']),
      name: nameOf(String(row['holder'])),
      began_at: Math.round(Number(row['began'])),
      ended_at: row['ended'] === null ? null : Math.round(Number(row['ended'])),
      end: TERM_ENDS.find((end) => end === row['ending']) ?? null,
      is_current: row['is_held'] === 1,
    })),
  );
}

/** A holder is the name of the member and a part that is unique for its process. */
function nameOf(holder: string): string {
  const end = holder.lastIndexOf(' ');
  return end === -1 ? holder : holder.slice(0, end);
}
