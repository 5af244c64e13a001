// The contracts of the stores over SQLite. The jobs have a file of their own (`sqlite-jobs.test.ts`).
import { everyStoreContract } from './every-store-contract';
import { sqliteEngine } from './sqlite-engine';

everyStoreContract(sqliteEngine);
