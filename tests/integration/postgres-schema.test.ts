// The schema for PostgreSQL, when programs of several versions start.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { JOB_DATABASE, NODE_DATABASE } from '../../src/main/scheduler/database/migrations';
import { migrateDatabase } from '../../src/main/scheduler/database/postgres/migrate';
import { MIGRATIONS } from '../../src/main/scheduler/database/postgres/schema';
import { ok } from '../../src/shared/result';
import { useMigratedPostgres } from '../support/migrated-postgres';
import { requirePostgres, skipNote } from '../support/requirements';

const { missing } = requirePostgres();

describe.skipIf(missing !== undefined)(`schema for PostgreSQL${skipNote({ missing })}`, () => {
  const postgres = useMigratedPostgres();

  const column = { sql: 'ALTER TABLE marks ADD COLUMN note text' };

  test('five programs start at the same time -> one of them migrates', async () => {
    const database = await postgres.server.newDatabase();
    const connect = postgres.server.connect(postgres.server.target(database));
    const all = await Promise.all(Array.from({ length: 5 }, () => migrateDatabase(connect)));
    expect(all).toEqual(all.map(() => ok({ version: MIGRATIONS.length, minVersion: 1 })));
  });

  test('a newer schema -> an older program uses it when it may, else is refused with the versions', async () => {
    const connect = postgres.server.connect(postgres.server.target(await postgres.newDatabase()));
    const next = MIGRATIONS.length + 1;
    expect(await migrateDatabase(connect, [...MIGRATIONS, column])).toEqual(ok({ version: next, minVersion: 1 }));
    expect(await migrateDatabase(connect)).toEqual(ok({ version: next, minVersion: 1 }));
    const breaking = { sql: 'ALTER TABLE marks DROP COLUMN note', minVersion: next + 1 };
    expect(await migrateDatabase(connect, [...MIGRATIONS, column, breaking])).toEqual(ok({ version: next + 1, minVersion: next + 1 }));
    expect(await migrateDatabase(connect)).toEqual({
      ok: false,
      error: { code: 'DATABASE_TOO_NEW', details: { supported: MIGRATIONS.length, found: next + 1, required: next + 1 } },
    });
  });

  test('a migration fails -> nothing of it stays', async () => {
    const database = await postgres.newDatabase();
    const connect = postgres.server.connect(postgres.server.target(database));
    const failing = await migrateDatabase(connect, [...MIGRATIONS, column, { sql: 'SELECT no_such_column' }]);
    expect(failing).toMatchObject({ ok: false, error: { code: 'DATABASE_UNREACHABLE' } });
    expect(await migrateDatabase(connect, [...MIGRATIONS, column])).toMatchObject({ ok: true });
  });

  test('tables, columns, types, keys and indexes are those of SQLite, beside those of a cluster', async () => {
    const found = await postgres.server.query(
      `SELECT table_name AS place, table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS text
          FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT tablename, tablename || ' index ' || indexname FROM pg_indexes
          WHERE schemaname = 'public' AND indexname NOT SIMILAR TO '%_(pkey|key)'
        UNION ALL SELECT conrelid::regclass::text, conrelid::regclass || ' key ' || (
            SELECT string_agg(attname, ', ' ORDER BY place)
            FROM unnest(conkey) WITH ORDINALITY AS keys (number, place) JOIN pg_attribute ON attrelid = conrelid AND attnum = number)
          FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace`,
      await postgres.newDatabase(),
    );
    const ofCluster = ['leader', 'leader_terms', 'leader_writes', 'schema_version', 'cluster_members', 'shared_files'];
    const shared = found.filter(({ place }) => !ofCluster.includes(String(place))).map(({ text }) => text);
    const ofSqlite = [NODE_DATABASE, JOB_DATABASE].flatMap(({ migrations }) => schemaOfSqlite(migrations));
    expect(shared.toSorted()).toEqual(ofSqlite.toSorted());
  });
});

/** In the form of the test above. */
function schemaOfSqlite(migrations: readonly string[]): readonly string[] {
  const database = new DatabaseSync(':memory:');
  for (const sql of migrations) database.exec(sql);
  const types: Readonly<Record<string, string>> = { INTEGER: 'bigint', TEXT: 'text', BLOB: 'bytea' };
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => String(name));
  const indexes = database
    .prepare("SELECT tbl_name || ' index ' || name AS text FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all();
  const described = tables.flatMap((table) => {
    const columns = database.prepare(`PRAGMA table_info(${table})`).all();
    const isNullable = (column: (typeof columns)[number]): string => (column['notnull'] === 1 || Number(column['pk']) > 0 ? 'NO' : 'YES');
    const key = columns.filter(({ pk }) => Number(pk) > 0).toSorted((one, other) => Number(one['pk']) - Number(other['pk']));
    return [
      ...columns.map((column) => `${table}.${String(column['name'])} ${String(types[String(column['type'])])} ${isNullable(column)}`),
      `${table} key ${key.map(({ name }) => String(name)).join(', ')}`,
    ];
  });
  database.close();
  return [...described, ...indexes.map(({ text }) => String(text))];
}
