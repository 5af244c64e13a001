import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { rmSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyDatabase } from '../../../../src/main/scheduler/database/copy-database';
import { temporaryDir } from '../../../support/test-scheduler';

let folder: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  folder = temporaryDir();
});
afterEach(() => {
  folder.remove();
});

test('copies while the process writes -> each whole, readable by the owner alone', async () => {
  const source = new DatabaseSync(path.join(folder.dir, 'source.db'));
  source.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)');
  for (let i = 0; i < 2000; i++) source.exec(`INSERT INTO t VALUES ('${'x'.repeat(100)}')`);
  let isCopying = true;
  const writer = (async () => {
    while (isCopying) {
      source.exec('BEGIN IMMEDIATE');
      for (let i = 0; i < 20; i++) source.exec("INSERT INTO t VALUES ('y')");
      source.exec('COMMIT');
      await setImmediate();
    }
  })();
  const file = path.join(folder.dir, 'copy.db');
  for (let i = 0; i < 100; i++) {
    await copyDatabase(source, file);
    const copy = new DatabaseSync(file, { readOnly: true });
    expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    // The writes are groups of 20.
    expect(Number(copy.prepare('SELECT count(*) AS n FROM t').get()?.['n']) % 20).toBe(0);
    copy.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(file);
  }
  isCopying = false;
  await writer;
  source.close();
});
