// One write transaction with the fence, in two round trips: begin, fence and statements together, then the commit.
import type { Connection } from './connection';
import type { Fault } from './core/faults';
import { fenceSql, type LeaderTerm } from './core/leader-term';
import type { Query } from './core/statement-plan';

export interface Transaction {
  readonly term: LeaderTerm;
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
  /** The connection was lost after the commit was sent. `xid`: ask for it on another connection. */
  | { readonly type: 'unknown'; readonly xid: string; readonly fault: Fault };

export async function runTransaction(connection: Connection, transaction: Transaction): Promise<Outcome> {
  const { term, queries, mayCommit } = transaction;
  const begin = `BEGIN ISOLATION LEVEL READ COMMITTED; ${connection.localSettings} ${fenceSql(term)}`;
  const [fenced, ...answers] = await Promise.all([
    connection.script(begin),
    ...queries.map(({ text, values }) => connection.query(text, values)),
  ]);
  // The first failure is the cause. The statements after it fail because of it.
  const failed = [fenced, ...answers].find((answer) => !answer.ok);
  const xid = fenced.ok ? fenced.value.rows[0]?.['xid'] : undefined;
  const isFenced = fenced.ok && xid === undefined;
  if (failed?.ok === false || isFenced || !mayCommit()) {
    await connection.script('ROLLBACK');
    if (isFenced) return { type: 'deposed', reason: 'taken_over' };
    return failed?.ok === false ? { type: 'failed', fault: failed.error } : { type: 'deposed', reason: 'lease_expired' };
  }
  const committed = await connection.script('COMMIT');
  if (!committed.ok) {
    const fault = committed.error;
    return fault.kind === 'lost' ? { type: 'unknown', xid: String(xid), fault } : { type: 'failed', fault };
  }
  if (committed.value.command === 'COMMIT') return { type: 'committed' };
  return { type: 'failed', fault: { kind: 'failed', sqlState: null, reason: 'the transaction was rolled back' } };
}

/**
 * The outcome of an earlier transaction on the same timeline. `in progress`: the server may still commit it. `forgotten`: the server does
 * not know any more.
 */
export type PastOutcome = 'committed' | 'aborted' | 'in progress' | 'forgotten';

/** Null: the question was not answered. */
export async function askOutcome(connection: Connection, xid: string): Promise<PastOutcome | null> {
  const answered = await connection.query('SELECT pg_xact_status($1::text::xid8) AS outcome', [xid]);
  if (!answered.ok) return answered.error.kind === 'lost' ? null : 'forgotten';
  const outcome = answered.value.rows[0]?.['outcome'];
  return outcome === 'committed' || outcome === 'aborted' || outcome === 'in progress' ? outcome : 'forgotten';
}
