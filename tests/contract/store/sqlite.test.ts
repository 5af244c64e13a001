// The store contracts over SQLite.
import { describe } from 'vitest';
import { sqliteEngine } from './sqlite-engine';
import { storeContract } from './store-contract';

describe('Store on SQLite', () => {
  storeContract(sqliteEngine);
});
