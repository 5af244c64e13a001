// A database under the store contracts. Each engine has the schema of `migrations.ts` in its own dialect.
import type { Store } from '../../../src/main/scheduler/database/store';

export interface TestDatabase {
  readonly store: Store;
  /** Opens the database again, after its store was closed. */
  reopen(): Promise<Store>;
  /** A full disk: writes that need space fail until `isFull` is false. Null: the engine has no limit that a test can set. */
  readonly setFull: ((isFull: boolean) => Promise<void>) | null;
}

export interface StoreEngine {
  readonly name: string;
  /** The types of columns, for a table of the test. */
  readonly types: { readonly integer: string; readonly text: string; readonly bytes: string };
  /** A new database with all tables and no rows. It ends with the test, and needs no close. */
  open(): Promise<TestDatabase>;
}
