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
  /** The server does not know any more whether a transaction was committed. */
  | 'outcome_unknown'
  /** In order: by request, or at the end of the process. */
  | 'stepped_down';

/** The row of the leader, when it is still of this term. Locks the key: a take-over waits for the transaction, a renewal does not. */
export function fenceSql({ epoch, holder }: LeaderTerm): string {
  const own = `epoch = ${String(epoch)} AND holder = '${holder.replaceAll("'", "''")}'`;
  return `SELECT pg_current_xact_id()::text AS xid FROM leader WHERE id = 1 AND ${own} FOR KEY SHARE`;
}
