// The contracts of the stores over PostgreSQL, alone and behind PgBouncer in transaction mode.
import { describe } from 'vitest';
import { requirePostgres, skipNote } from '../../support/requirements';
import { everyStoreContract } from './every-store-contract';
import { jobsContract } from './jobs-contract';
import { postgresEngine } from './postgres-engine';
import { storeContract } from './store-contract';

const { missing } = requirePostgres();

describe.skipIf(missing !== undefined)(`PostgreSQL${skipNote({ missing })}`, () => {
  const engine = postgresEngine();
  everyStoreContract(engine);
  jobsContract(engine);
});

describe.skipIf(missing !== undefined)(`PostgreSQL behind PgBouncer${skipNote({ missing })}`, () => {
  storeContract(postgresEngine({ hasPgBouncer: true }));
});
