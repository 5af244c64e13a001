// Brings the database of a cluster to the schema of this program. Several programs may start at the same time: one of them migrates while
// it has the lock on the row of the version, the others wait for it. A database that needs a newer program stays unchanged.
import { assertNever } from '../../../../shared/assert-never';
import { fail, ok, type Result } from '../../../../shared/result';
import type { Answer, Connect, Connection } from './connection';
import type { Fault } from './core/faults';
import { decideSchema, type FoundSchema } from './core/schema-decision';
import { type Migration, MIGRATIONS } from './schema';

export type MigrationFailure =
  | { readonly code: 'DATABASE_UNREACHABLE'; readonly details: { readonly reason: string } }
  /** The database has version `found` and needs programs of version `required`. This one has `supported`. */
  | {
      readonly code: 'DATABASE_TOO_NEW';
      readonly details: { readonly supported: number; readonly found: number; readonly required: number };
    };

/** A large table takes a while to change. */
export const MIGRATION_TIMEOUTS = {
  connectMs: 5000,
  queryMs: 660_000,
  statementMs: 600_000,
  lockMs: 600_000,
  idleInTransactionMs: 600_000,
} as const;

/** Two programs that create the table at the same time: unique_violation, duplicate_table. */
const CREATED_BY_ANOTHER: readonly (string | null)[] = ['23505', '42P07'];

const CREATE_VERSION = `CREATE TABLE IF NOT EXISTS schema_version (
  id integer PRIMARY KEY CHECK (id = 1), version bigint NOT NULL, min_version bigint NOT NULL);
  INSERT INTO schema_version (id, version, min_version) VALUES (1, 0, 0) ON CONFLICT (id) DO NOTHING`;

/** The version that the database has now. `connect`: with `MIGRATION_TIMEOUTS`. */
export async function migrateDatabase(
  connect: Connect,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Result<FoundSchema, MigrationFailure>> {
  const connected = await connect();
  if (!connected.ok) return unreachable(connected.error);
  const connection = connected.value;
  try {
    let created = await connection.script(CREATE_VERSION);
    if (!created.ok && CREATED_BY_ANOTHER.includes(created.error.sqlState)) created = await connection.script(CREATE_VERSION);
    if (!created.ok) return unreachable(created.error);
    const migrated = await migrate(connection, migrations);
    if (!migrated.ok) await connection.script('ROLLBACK');
    return migrated;
  } finally {
    connection.end();
  }
}

async function migrate(connection: Connection, migrations: readonly Migration[]): Promise<Result<FoundSchema, MigrationFailure>> {
  const lock = 'SELECT version, min_version FROM schema_version WHERE id = 1 FOR UPDATE';
  const locked = await connection.script(`BEGIN; ${connection.localSettings} ${lock}`);
  if (!locked.ok) return unreachable(locked.error);
  const found = foundIn(locked.value);
  const decision = decideSchema(found, migrations.length);
  switch (decision.type) {
    case 'refuse': {
      const { supported, found: version, required } = decision;
      return fail({ code: 'DATABASE_TOO_NEW', details: { supported, found: version, required } });
    }
    case 'use':
      return finish(connection, found);
    case 'migrate':
      return run(connection, migrations, decision.from);
    default:
      return assertNever(decision);
  }
}

async function run(connection: Connection, migrations: readonly Migration[], from: number): Promise<Result<FoundSchema, MigrationFailure>> {
  for (const { sql } of migrations.slice(from)) {
    const migrated = await connection.script(sql);
    if (!migrated.ok) return unreachable(migrated.error);
  }
  const minVersion = migrations.findLast((migration) => migration.minVersion !== undefined)?.minVersion ?? 0;
  const version = migrations.length;
  const update = `UPDATE schema_version SET version = ${String(version)}, min_version = ${String(minVersion)} WHERE id = 1`;
  const updated = await connection.script(update);
  return updated.ok ? finish(connection, { version, minVersion }) : unreachable(updated.error);
}

async function finish(connection: Connection, schema: FoundSchema): Promise<Result<FoundSchema, MigrationFailure>> {
  const committed = await connection.script('COMMIT');
  return committed.ok ? ok(schema) : unreachable(committed.error);
}

function foundIn({ rows: [row] }: Answer): FoundSchema {
  return { version: Number(row?.['version'] ?? 0), minVersion: Number(row?.['min_version'] ?? 0) };
}

const unreachable = ({ reason }: Fault): Result<never, MigrationFailure> => fail({ code: 'DATABASE_UNREACHABLE', details: { reason } });
