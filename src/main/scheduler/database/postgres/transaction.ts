// One write transaction with the fence, in two round trips: begin, fence and statements together, then the commit.
import type { Connection } from './connection';
import type { Fault } from './core/faults';
import { fenceSql, type LeaderTerm } from './core/leader-term';
import type { Query } from './core/statement-plan';

export interface Transaction {
  readonly term: LeaderTerm;
  /** Of this attempt: each attempt of the term has a higher one. */
  readonly number: number;
  readonly queries: readonly Query[];
  /** Asked before the commit is sent. */
  readonly mayCommit: () => boolean;
}

export type Outcome =
  | { readonly type: 'committed' }
  /** The term has ended, by the database or by the own clock. Nothing is stored. */
  | { readonly type: 'deposed'; readonly reason: 'taken_over' | 'lease_expired' }
  /** Nothing is stored. */
  | { readonly type: 'failed'; readonly fault: Fault }
  /** The connection was lost after the commit was sent: `askOutcome` on another connection. */
  | { readonly type: 'unknown'; readonly fault: Fault };

export async function runTransaction(connection: Connection, transaction: Transaction): Promise<Outcome> {
  const { term, number, queries, mayCommit } = transaction;
  const begin = `BEGIN ISOLATION LEVEL READ COMMITTED; ${connection.localSettings} ${fenceSql(term, number)}`;
  const [fenced, ...answers] = await Promise.all([
    connection.script(begin),
    ...queries.map(({ text, values }) => connection.query(text, values)),
  ]);
  // The first failure is the cause. The statements after it fail because of it.
  const failed = [fenced, ...answers].find((answer) => !answer.ok);
  const isFenced = fenced.ok && fenced.value.rows.length === 0;
  if (failed?.ok === false || isFenced || !mayCommit()) {
    await connection.script('ROLLBACK');
    if (isFenced) return { type: 'deposed', reason: 'taken_over' };
    return failed?.ok === false ? { type: 'failed', fault: failed.error } : { type: 'deposed', reason: 'lease_expired' };
  }
  const committed = await connection.script('COMMIT');
  if (!committed.ok) {
    const fault = committed.error;
    return fault.kind === 'lost' ? { type: 'unknown', fault } : { type: 'failed', fault };
  }
  if (committed.value.command === 'COMMIT') return { type: 'committed' };
  return { type: 'failed', fault: { kind: 'failed', sqlState: null, reason: 'the transaction was rolled back' } };
}

/**
 * The outcome of the newest transaction of the term, which had this number. Waits for a transaction that has not ended. `pending`: it has not
 * ended within the limits of time, or the server cannot answer now. `refused`: the server does not answer.
 */
export type PastOutcome = 'committed' | 'aborted' | 'deposed' | 'pending' | 'refused';

export async function askOutcome(connection: Connection, term: LeaderTerm, number: number): Promise<PastOutcome> {
  const asked = await connection.script(`BEGIN; ${connection.localSettings} ${fenceSql(term, 0)}; COMMIT`);
  if (!asked.ok) return asked.error.kind === 'failed' || asked.error.kind === 'refused' ? 'refused' : 'pending';
  const [row] = asked.value.rows;
  if (row === undefined) return 'deposed';
  return Number(row['number']) === number ? 'committed' : 'aborted';
}
