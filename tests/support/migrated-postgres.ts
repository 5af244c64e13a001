// One PostgreSQL for a file of tests, with a migrated database that each test copies. Calls hooks of the file.
import { afterAll, beforeAll } from 'vitest';
import { migrateDatabase } from '../../src/main/scheduler/database/postgres/migrate';
import { TestPostgres } from './postgres';

export interface MigratedPostgres {
  readonly server: TestPostgres;
  /** A new database with the schema of this program. */
  newDatabase(): Promise<string>;
}

export function useMigratedPostgres(): MigratedPostgres {
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
    get server() {
      if (server === null) throw new Error('the server has not started');
      return server;
    },
    newDatabase() {
      return this.server.newDatabase(template);
    },
  };
}
