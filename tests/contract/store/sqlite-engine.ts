// SQLite under the store contracts: a file in a folder of the test, opened as the scheduler opens it. The jobs have a file of their own.
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type DatabaseKind, JOB_DATABASE, NODE_DATABASE } from '../../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../../src/main/scheduler/database/open-database';
import { SqliteStore } from '../../../src/main/scheduler/database/sqlite-store';
import { temporaryDir } from '../../support/test-scheduler';
import type { StoreEngine, TestDatabase } from './store-engine';

const engineOf = (kind: DatabaseKind): StoreEngine => ({
  name: 'SQLite',
  types: { integer: 'INTEGER', text: 'TEXT', bytes: 'BLOB' },
  async open(): Promise<TestDatabase> {
    const folder = temporaryDir();
    const file = path.join(folder.dir, 'scheduler.db');
    let store = openStore(file, kind);
    onTestFinished(async () => {
      await store.close();
      folder.remove();
    });
    return Promise.resolve({
      store,
      reopen: () => Promise.resolve((store = openStore(file, kind))),
      setFull: async (isFull) => {
        // SQLite sets the limit to the present size when that is larger.
        await store.read({ text: `PRAGMA max_page_count = ${isFull ? '1' : '1000000'}`, values: [] });
      },
    });
  },
});

export const sqliteEngine = engineOf(NODE_DATABASE);
export const sqliteJobEngine = engineOf(JOB_DATABASE);

function openStore(file: string, kind: DatabaseKind): SqliteStore {
  const opened = openDatabase(file, kind);
  if (!opened.ok) throw new Error(opened.error.code);
  return new SqliteStore(opened.value);
}
