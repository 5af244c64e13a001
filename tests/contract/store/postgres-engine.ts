// PostgreSQL under the store contracts: one server for a file of tests, and a database for each test.
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { PostgresStore } from '../../../src/main/scheduler/database/postgres/postgres-store';
import { useMigratedPostgres } from '../../support/migrated-postgres';
import type { TestPostgres } from '../../support/postgres';
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
  const postgres = useMigratedPostgres();
  let bouncer: TestPgBouncer | null = null;

  beforeAll(async () => {
    if (hasPgBouncer) bouncer = await startPgBouncer(postgres.server);
  });
  afterAll(() => bouncer?.stop());

  function openStore(on: TestPostgres, database: string): Promise<PostgresStore> {
    const port = bouncer?.port ?? on.port;
    return openTestStore(on, database, { connect: on.connect(on.target(database, { port })) });
  }

  return {
    name: hasPgBouncer ? 'PostgreSQL behind PgBouncer' : 'PostgreSQL',
    types: { integer: 'bigint', text: 'text COLLATE "C"', bytes: 'bytea' },
    async open(): Promise<TestDatabase> {
      const { server } = postgres;
      const database = await postgres.newDatabase();
      let store: PostgresStore = await openStore(server, database);
      onTestFinished(() => store.close());
      return {
        store,
        reopen: async () => (store = await openStore(server, database)),
        setFull: async (isFull) => {
          await server.query(isFull ? FULL : NOT_FULL, database);
        },
      };
    },
  };
}
