// A store on a test's PostgreSQL, with a term that the test takes without a lease.
import { systemClock } from '../../src/main/platform/clock';
import { takeLease } from '../../src/main/scheduler/cluster/lease-row';
import type { LeaderTerm } from '../../src/main/scheduler/database/postgres/core/leader-term';
import { PostgresStore, type PostgresStoreOptions } from '../../src/main/scheduler/database/postgres/postgres-store';
import type { TestPostgres } from './postgres';

/** Ends the term before it. The database has the schema. */
export async function takeTerm(server: TestPostgres, database: string, holder = 'test'): Promise<LeaderTerm> {
  await server.query("UPDATE leader SET expires_at = '-infinity'", database);
  const connected = await server.connect(server.target(database))();
  if (!connected.ok) throw new Error(connected.error.reason);
  const taken = await takeLease(connected.value, holder, 60_000);
  connected.value.end();
  if (!taken.ok || taken.value === null) throw new Error('the lease was not taken');
  return taken.value;
}

export async function openTestStore(
  server: TestPostgres,
  database: string,
  options: Partial<PostgresStoreOptions> = {},
): Promise<PostgresStore> {
  return new PostgresStore({
    connect: server.connect(server.target(database)),
    term: await takeTerm(server, database),
    clock: systemClock,
    isHeld: () => true,
    onDeposed: () => undefined,
    // A server takes seconds to start on a busy machine.
    tryForMs: 20_000,
    ...options,
  });
}
