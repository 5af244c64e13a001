// The store contracts over PostgreSQL, alone and behind PgBouncer in transaction mode.
import { describe } from 'vitest';
import { requirePostgres, skipNote } from '../../support/requirements';
import { postgresEngine } from './postgres-engine';
import { storeContract } from './store-contract';

const { missing } = requirePostgres();

describe.skipIf(missing !== undefined).each([false, true])(`Store on PostgreSQL${skipNote({ missing })}, PgBouncer: %s`, (hasPgBouncer) => {
  storeContract(postgresEngine({ hasPgBouncer }));
});
