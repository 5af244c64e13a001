// Copies the pool of SQLite files into the empty database of a cluster. All of it is one transaction.
import type { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../../../shared/result';
import { connectPrimary } from '../database/postgres/connection';
import type { DatabaseTarget } from '../database/postgres/core/database-url';
import { planQueries } from '../database/postgres/core/statement-plan';
import { migrateDatabase, MIGRATION_TIMEOUTS } from '../database/postgres/migrate';
import { type Leaderless, type LeaderlessFailure, whileLeaderless } from './leaderless';
import { countRows, type PoolTable, readPages, tablesOf } from './pool-tables';

export interface PoolFiles {
  /** The databases of a pool, which no other program uses. */
  readonly databases: readonly DatabaseSync[];
  /** The CA and the owner key, by the names of their files. */
  readonly shared: ReadonlyMap<string, string>;
}

export interface TableCount {
  readonly name: string;
  readonly rows: number;
}

export type ImportFailure =
  | LeaderlessFailure
  /** The database of the cluster has a pool. Only tables with rows. */
  | { readonly code: 'not_empty'; readonly tables: readonly TableCount[] };

const SHARED_FILES = 'shared_files';

/** The rows of each table. `isDry`: only counts and checks, and changes nothing. */
export async function importPool(
  { databases, shared }: PoolFiles,
  target: DatabaseTarget,
  isDry: boolean,
): Promise<Result<readonly TableCount[], ImportFailure>> {
  const sources = databases.flatMap((database) => tablesOf(database).map((table) => ({ database, table })));
  const counts = sources.map(({ database, table }) => ({ name: table.name, rows: countRows(database, table) }));
  if (!isDry) {
    const migrated = await migrateDatabase(() => connectPrimary(target, MIGRATION_TIMEOUTS));
    if (!migrated.ok) {
      const { code, details } = migrated.error;
      return fail(
        code === 'DATABASE_TOO_NEW' ? { code: 'too_new', found: details.found } : { code: 'unreachable', reason: details.reason },
      );
    }
  }
  const imported = await whileLeaderless(target, async (leaderless) => {
    const names = [...counts.map(({ name }) => name), SHARED_FILES];
    const found = leaderless.schema === null ? [] : await rowsOf(leaderless, names);
    if (found.length > 0 || isDry) return { commits: false, value: found };
    for (const { database, table } of sources) await copyTable(leaderless, database, table);
    for (const [name, content] of shared)
      await leaderless.query(`INSERT INTO ${SHARED_FILES} (name, content, version) VALUES ($1, $2, 1)`, [name, content]);
    // The next entry of the audit log comes after the highest one.
    await leaderless.query("SELECT setval(pg_get_serial_sequence('audit', 'id'), max(id)) FROM audit HAVING max(id) IS NOT NULL");
    return { commits: true, value: found };
  });
  if (!imported.ok) return imported;
  return imported.value.length > 0 ? fail({ code: 'not_empty', tables: imported.value }) : ok(counts);
}

/** Tables with rows. A table that a later version of the schema has is empty. */
async function rowsOf(leaderless: Leaderless, names: readonly string[]): Promise<readonly TableCount[]> {
  const counts: TableCount[] = [];
  for (const name of names) {
    const [table] = await leaderless.query('SELECT to_regclass($1) IS NOT NULL AS is_there', [name]);
    if (table?.['is_there'] !== 1) continue;
    const [row] = await leaderless.query(`SELECT count(*) AS count FROM ${name}`);
    counts.push({ name, rows: Number(row?.['count']) });
  }
  return counts.filter(({ rows }) => rows > 0);
}

async function copyTable(leaderless: Leaderless, database: DatabaseSync, table: PoolTable): Promise<void> {
  for (const rows of readPages(database, table))
    for (const { text, values } of planQueries([{ into: table.name, columns: table.columns, rows }])) await leaderless.query(text, values);
}
