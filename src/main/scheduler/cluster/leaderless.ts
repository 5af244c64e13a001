// One transaction on the database of a cluster while no member leads: the row of the leader is locked, so no member can begin a term before
// its end.
import { fail, ok, type Result } from '../../../shared/result';
import { connectPrimary, type Connection, type Timeouts } from '../database/postgres/connection';
import type { DatabaseTarget } from '../database/postgres/core/database-url';
import { decideSchema, type FoundSchema } from '../database/postgres/core/schema-decision';
import { MIGRATIONS } from '../database/postgres/schema';
import type { Row, SqlValue } from '../database/store';

export type LeaderlessFailure =
  | { readonly code: 'unreachable'; readonly reason: string }
  /** The schema needs a newer program. */
  | { readonly code: 'too_new'; readonly found: number }
  | { readonly code: 'leader'; readonly name: string }
  /** The transaction was not committed. */
  | { readonly code: 'failed'; readonly reason: string }
  /** The connection was lost while the transaction was committed. */
  | { readonly code: 'outcome_unknown'; readonly reason: string };

/** Pages of a large pool take a while, also between two statements. */
const TIMEOUTS: Timeouts = { connectMs: 5000, queryMs: 660_000, statementMs: 600_000, lockMs: 10_000, idleInTransactionMs: 600_000 };

/** Statements of the transaction. They throw `StatementFailed`. */
export interface Leaderless {
  /** Null: the database has no tables of a cluster yet. */
  readonly schema: FoundSchema | null;
  query(text: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
}

/** `work` ends with whether its changes are committed, and with its result. */
export async function whileLeaderless<Value>(
  target: DatabaseTarget,
  work: (leaderless: Leaderless) => Promise<{ readonly commits: boolean; readonly value: Value }>,
): Promise<Result<Value, LeaderlessFailure>> {
  const connected = await connectPrimary(target, TIMEOUTS);
  if (!connected.ok) return fail({ code: 'unreachable', reason: connected.error.reason });
  const connection = connected.value;
  const leaderless = new Transaction(connection);
  try {
    await leaderless.begin();
    const refused = await leaderless.refusal();
    if (refused !== null) return fail(refused);
    const { commits, value } = await work(leaderless);
    return commits ? await committed(connection, value) : ok(value);
  } catch (error) {
    if (error instanceof StatementFailed) return fail({ code: 'failed', reason: error.message });
    throw error;
  } finally {
    // Ends a transaction that was not committed.
    connection.end();
  }
}

async function committed<Value>(connection: Connection, value: Value): Promise<Result<Value, LeaderlessFailure>> {
  const answered = await connection.script('COMMIT');
  if (!answered.ok) return fail({ code: answered.error.kind === 'lost' ? 'outcome_unknown' : 'failed', reason: answered.error.reason });
  return answered.value.command === 'COMMIT' ? ok(value) : fail({ code: 'failed', reason: 'the transaction was rolled back' });
}

class Transaction implements Leaderless {
  schema: FoundSchema | null = null;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async query(text: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    const answered = await this.#connection.query(text, values);
    if (answered.ok) return answered.value.rows;
    throw new StatementFailed(answered.error.reason);
  }

  async begin(): Promise<void> {
    const begun = await this.#connection.script(`BEGIN ISOLATION LEVEL READ COMMITTED; ${this.#connection.localSettings}`);
    if (!begun.ok) throw new StatementFailed(begun.error.reason);
  }

  async refusal(): Promise<LeaderlessFailure | null> {
    const [tables] = await this.query("SELECT to_regclass('schema_version') IS NOT NULL AS is_there");
    if (tables?.['is_there'] !== 1) return null;
    const [version] = await this.query('SELECT version, min_version FROM schema_version WHERE id = 1');
    if (version === undefined || Number(version['version']) === 0) return null;
    this.schema = { version: Number(version['version']), minVersion: Number(version['min_version']) };
    const decision = decideSchema(this.schema, MIGRATIONS.length);
    if (decision.type === 'refuse') return { code: 'too_new', found: decision.found };
    const [leader] = await this.query('SELECT holder, expires_at > clock_timestamp() AS leads FROM leader WHERE id = 1 FOR UPDATE');
    if (leader?.['leads'] !== 1) return null;
    // The holder is the name of the member and a unique text.
    return { code: 'leader', name: String(leader['holder']).replace(/ \S*$/, '') };
  }
}
