// The database of a cluster under faults. Triggers record who writes, so that a write by a member that does not lead is found.
import { migrateDatabase } from '../../../src/main/scheduler/database/postgres/migrate';
import type { TestPostgres } from '../postgres';

/** Members write these without the lease. */
const UNFENCED = ['leader', 'leader_terms', 'leader_writes', 'cluster_members', 'shared_files', 'schema_version'];

/** The name of the member is the first word of the holder, and the user of its connections. */
const RECORD = `
  CREATE TABLE test_foreign_writes (at timestamptz, tab text, writer text, holder text, epoch bigint);
  CREATE FUNCTION test_record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO test_foreign_writes SELECT clock_timestamp(), TG_TABLE_NAME, session_user, holder, epoch FROM leader
      WHERE split_part(holder, ' ', 1) <> session_user::text;
    RETURN NULL;
  END $$;
  DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
      AND tablename <> ALL (ARRAY['${UNFENCED.join("','")}', 'test_foreign_writes'])
    LOOP
      EXECUTE format('CREATE TRIGGER test_record AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION test_record()', one);
    END LOOP;
  END $$;`;

/** A database with the schema, and a user for each member. Returns its name. */
export async function newClusterDatabase(server: TestPostgres, members: readonly string[]): Promise<string> {
  const database = await server.newDatabase();
  const migrated = await migrateDatabase(server.connect(server.target(database)));
  if (!migrated.ok) throw new Error(migrated.error.code);
  for (const name of members)
    await server.query(
      `DO $$ BEGIN CREATE ROLE ${name} SUPERUSER LOGIN PASSWORD '${name}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
      database,
    );
  await server.query(RECORD, database);
  return database;
}

/** Writes by a member that did not hold the lease when it wrote. */
export async function foreignWrites(server: TestPostgres, database: string): Promise<readonly string[]> {
  const rows = await server.query('SELECT tab, writer, holder, epoch FROM test_foreign_writes ORDER BY at', database);
  return rows.map(
    (row) => `${String(row['writer'])} wrote ${String(row['tab'])} in epoch ${String(row['epoch'])} of ${String(row['holder'])}`,
  );
}
