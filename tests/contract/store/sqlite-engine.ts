// SQLite under the store contracts: a file in a folder of the test, opened as the scheduler opens it.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/main/scheduler/database/open-database';
import { SqliteStore } from '../../../src/main/scheduler/database/sqlite-store';
import { temporaryDir } from '../../support/test-scheduler';
import type { StoreEngine, TestDatabase } from './store-engine';

export const sqliteEngine: StoreEngine = {
  name: 'SQLite',
  types: { integer: 'INTEGER', text: 'TEXT', bytes: 'BLOB' },
  async open(): Promise<TestDatabase> {
    const folder = temporaryDir();
    const file = path.join(folder.dir, 'scheduler.db');
    let store = openStore(file);
    onTestFinished(async () => {
      await store.close();
      folder.remove();
    });
    return Promise.resolve({
      store,
      reopen: () => Promise.resolve((store = openStore(file))),
      setFull: async (isFull) => {
        // SQLite sets the limit to the present size when that is larger.
        await store.read({ text: `PRAGMA max_page_count = ${isFull ? '1' : '1000000'}`, values: [] });
      },
    });
  },
};

function openStore(file: string): SqliteStore {
  const opened = openDatabase(file);
  if (!opened.ok) throw new Error(opened.error.code);
  return new SqliteStore(opened.value);
}
