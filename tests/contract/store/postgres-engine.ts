// PostgreSQL under the store contracts: one server for a file of tests, and a database for each test.
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { migrateDatabase } from '../../../src/main/scheduler/database/postgres/migrate';
import type { PostgresStore } from '../../../src/main/scheduler/database/postgres/postgres-store';
import { TestPostgres } from '../../support/postgres';
import { startPgBouncer, type TestPgBouncer } from '../../support/pgbouncer';
import { openTestStore } from '../../support/postgres-store';
import type { StoreEngine, TestDatabase } from './store-engine';

const FULL = `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'no space left'; END $$;
  DO $$ BEGIN
    IF to_regclass('things') IS NOT NULL THEN
      CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON things EXECUTE FUNCTION disk_full();
    END IF;
    CREATE TRIGGER disk_full BEFORE INSERT ON jobs EXECUTE FUNCTION disk_full();
  END $$`;
const NOT_FULL = 'DROP FUNCTION disk_full CASCADE';

export interface PostgresEngineOptions {
  /** In transaction mode, in front of the server. */
  readonly hasPgBouncer?: boolean;
}

/** Calls hooks of the test file. */
export function postgresEngine({ hasPgBouncer = false }: PostgresEngineOptions = {}): StoreEngine {
  let server: TestPostgres | null = null;
  let bouncer: TestPgBouncer | null = null;
  let template = '';

  beforeAll(async () => {
    server = await TestPostgres.start();
    template = await server.newDatabase();
    const migrated = await migrateDatabase(server.connect(server.target(template)));
    if (!migrated.ok) throw new Error(JSON.stringify(migrated.error));
    if (hasPgBouncer) bouncer = await startPgBouncer(server);
  });
  afterAll(async () => {
    await bouncer?.stop();
    await server?.remove();
  });

  function openStore(on: TestPostgres, database: string): Promise<PostgresStore> {
    const port = bouncer?.port ?? on.port;
    return openTestStore(on, database, { connect: on.connect(on.target(database, { port })) });
  }

  return {
    name: hasPgBouncer ? 'PostgreSQL behind PgBouncer' : 'PostgreSQL',
    types: { integer: 'bigint', text: 'text COLLATE "C"', bytes: 'bytea' },
    async open(): Promise<TestDatabase> {
      const present = server;
      if (present === null) throw new Error('the server has not started');
      const database = await present.newDatabase(template);
      let store: PostgresStore = await openStore(present, database);
      onTestFinished(() => store.close());
      return {
        store,
        reopen: async () => (store = await openStore(present, database)),
        setFull: async (isFull) => {
          await present.query(isFull ? FULL : NOT_FULL, database);
        },
      };
    },
  };
}
