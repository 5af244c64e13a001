// What only SQLite does: syncs and checkpoints. The rest is in tests/contract/store.
import path from 'node:path';
import { statSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { SqliteStore } from '../../../../src/main/scheduler/database/sqlite-store';
import type { Insert } from '../../../../src/main/scheduler/database/store';
import { temporaryDir } from '../../../support/test-scheduler';

const WRITTEN = { ok: true, value: null };

function setUp() {
  const folder = temporaryDir();
  const file = path.join(folder.dir, 'scheduler.db');
  const opened = openDatabase(file);
  if (!opened.ok) throw new Error(opened.error.code);
  const store = new SqliteStore(opened.value);
  onTestFinished(async () => {
    await store.close();
    folder.remove();
  });
  return { store, database: opened.value, file };
}

const aKey = (id: string, record: string): Insert => ({ into: 'keys', columns: ['id', 'record'], rows: [[id, record]] });

test('commit -> synced before the answer, unless no write of the group asks for it', async () => {
  const { store, database } = setUp();
  const synchronous = (): unknown => database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  const [normal, full] = [1, 2];
  expect([synchronous(), database.prepare('PRAGMA journal_mode').get()?.['journal_mode']]).toEqual([full, 'wal']);
  await store.write([aKey('a', '{}')], { isDurable: false });
  expect(synchronous()).toBe(normal);
  await Promise.all([store.write([aKey('b', '{}')], { isDurable: false }), store.write([aKey('c', '{}')])]);
  expect(synchronous()).toBe(full);
});

test('large writes -> no checkpoint in their own commit, and one with the next: the log stays small', async () => {
  const { store, file } = setUp();
  const megabytes = 8;
  const record = 'x'.repeat(megabytes * 1024 * 1024);
  const logBytes = (): number => statSync(`${file}-wal`).size;
  for (let write = 0; write < 5; write++) {
    expect(await store.write([aKey(`key-${String(write)}`, record)], { isLarge: true })).toEqual(WRITTEN);
    expect(await store.write([aKey(`small-${String(write)}`, '{}')])).toEqual(WRITTEN);
  }
  expect(logBytes()).toBeLessThan(2 * record.length);
});
