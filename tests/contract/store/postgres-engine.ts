// PostgreSQL under the store contracts: one server for a file of tests, and a database for each test.
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { migrateDatabase } from '../../../src/main/scheduler/database/postgres/migrate';
import type { PostgresStore } from '../../../src/main/scheduler/database/postgres/postgres-store';
import { TestPostgres } from '../../support/postgres';
import { openTestStore } from '../../support/postgres-store';
import type { StoreEngine, TestDatabase } from './store-engine';

const FULL = `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'no space left'; END $$;
  CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON things EXECUTE FUNCTION disk_full()`;
const NOT_FULL = 'DROP TRIGGER disk_full ON things; DROP FUNCTION disk_full';

/** Calls hooks of the test file. */
export function postgresEngine(): StoreEngine {
  let server: TestPostgres | null = null;
  let template = '';

  beforeAll(async () => {
    server = await TestPostgres.start();
    template = await server.newDatabase();
    const migrated = await migrateDatabase(server.connect(server.target(template)));
    if (!migrated.ok) throw new Error(JSON.stringify(migrated.error));
  });
  afterAll(() => server?.remove());

  return {
    name: 'PostgreSQL',
    types: { integer: 'bigint', text: 'text COLLATE "C"', bytes: 'bytea' },
    async open(): Promise<TestDatabase> {
      const present = server;
      if (present === null) throw new Error('the server has not started');
      const database = await present.newDatabase(template);
      let store: PostgresStore = await openTestStore(present, database);
      onTestFinished(() => store.close());
      return {
        store,
        reopen: async () => (store = await openTestStore(present, database)),
        setFull: async (isFull) => {
          await present.query(isFull ? FULL : NOT_FULL, database);
        },
      };
    },
  };
}
