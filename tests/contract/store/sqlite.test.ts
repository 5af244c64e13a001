// The contracts of the stores over SQLite.
import { everyStoreContract } from './every-store-contract';
import { sqliteEngine } from './sqlite-engine';

everyStoreContract(sqliteEngine);
