// The right to write to the database of a cluster, for one term of one leader.

/** Of one take-over. The database compares epoch and holder in each write transaction. */
export interface LeaderTerm {
  /** Each take-over has a higher one. */
  readonly epoch: number;
  /** Unique for each process. A promoted standby may lack the newest take-over and use its epoch again; the holder differs then. */
  readonly holder: string;
  /** The timeline of the server. It changes when a standby is promoted, which may lack the newest writes. */
  readonly timeline: string;
}

/** Why a term has ended. */
export type DeposedReason =
  /** No renewal went through in time, by the own clock. */
  | 'lease_expired'
  /** The database has another epoch or holder. */
  | 'taken_over'
  /** The server has another timeline: what was written last may be missing there. */
  | 'database_promoted'
  /** The database does not say whether a transaction was committed. */
  | 'outcome_unknown'
  /** In order: by request, or at the end of the process. */
  | 'stepped_down';

/**
 * One row with the number of the newest write of this term, or none when the term is over. Locks the key of the leader: a take-over waits for
 * the transaction, a renewal does not.
 *
 * `number`: of this write; each write of a term has a higher one. With 0 the statement asks for the newest one, and waits for a write that has
 * not ended. The number, not the transaction ID of the server, tells whether a write was committed: after a crash, the server gives the IDs
 * that its log lacks to other transactions, so `pg_xact_status` may answer for one of these.
 */
export function fenceSql({ epoch, holder }: LeaderTerm, number: number): string {
  const own = `epoch = ${String(epoch)} AND holder = '${holder.replaceAll("'", "''")}'`;
  return `INSERT INTO leader_writes (epoch, number) SELECT epoch, ${String(number)} FROM leader WHERE id = 1 AND ${own} FOR KEY SHARE
    ON CONFLICT (epoch) DO UPDATE SET number = greatest(leader_writes.number, excluded.number) RETURNING number`;
}
