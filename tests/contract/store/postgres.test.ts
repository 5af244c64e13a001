// The store contracts over PostgreSQL.
import { describe } from 'vitest';
import { requirePostgres, skipNote } from '../../support/requirements';
import { postgresEngine } from './postgres-engine';
import { storeContract } from './store-contract';

const { missing } = requirePostgres();

describe.skipIf(missing !== undefined)(`Store on PostgreSQL${skipNote({ missing })}`, () => {
  storeContract(postgresEngine());
});
