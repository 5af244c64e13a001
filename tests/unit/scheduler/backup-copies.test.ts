import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger';
import { BackupCopies } from '../../../src/main/scheduler/backup-copies';
import { backupAnswerSchema } from '../../../src/shared/api/members';
import { fail } from '../../../src/shared/result';
import { temporaryDir } from '../../support/test-scheduler';

const NOW_MS = Date.now();

let data: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  data = temporaryDir();
});
afterEach(() => {
  data.remove();
});

/** Each copy has the number of the call as its content. `whileCopying` runs before each copy is written. */
function copies(whileCopying: () => Promise<void> = () => Promise.resolve()): BackupCopies {
  let calls = 0;
  return new BackupCopies({
    dataDir: data.dir,
    wallMs: () => NOW_MS,
    logger: silentLogger,
    databases: {
      'scheduler.db': async (file) => {
        await whileCopying();
        writeFileSync(file, String(calls));
      },
    },
    flush: async () => {
      await Promise.resolve();
      calls++;
      return Promise.resolve();
    },
  });
}

async function made(backup: BackupCopies): Promise<string> {
  const answer = await backup.make();
  if (!answer.ok) throw new Error(answer.error);
  const { folder, files } = backupAnswerSchema.parse(answer.value);
  expect(files).toEqual(['scheduler.db']);
  return path.join(data.dir, folder);
}

test('second call while the first copies are read -> another folder, the first copies stay', async () => {
  const backup = copies();
  const folders = [await made(backup), await made(backup)];
  expect(folders.map((folder) => readFileSync(path.join(folder, 'scheduler.db'), 'utf8'))).toEqual(['1', '2']);
  for (const folder of folders) if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('copies that were not taken away -> removed by a call an hour later, other folders stay', async () => {
  const minute = 60_000;
  for (const [name, ageMs] of [
    ['backup-copies-aaaaaa', 61 * minute],
    ['backup-copies-bbbbbb', 59 * minute],
    ['models', 61 * minute],
  ] as const) {
    const folder = path.join(data.dir, name);
    mkdirSync(folder);
    utimesSync(folder, (NOW_MS - ageMs) / 1000, (NOW_MS - ageMs) / 1000);
  }
  const folder = await made(copies());
  expect(readdirSync(data.dir).toSorted()).toEqual(['backup-copies-bbbbbb', path.basename(folder), 'models'].toSorted());
});

test('thirty calls without a command that takes the copies away -> eight copies at most, the newest is there', async () => {
  const backup = copies();
  let newest = '';
  for (let call = 0; call < 30; call++) newest = await made(backup);
  const kept = readdirSync(data.dir);
  expect(kept).toHaveLength(8);
  expect(kept).toContain(path.basename(newest));
});

test('copy fails -> write_failed, no folder stays; the next call is taken', async () => {
  let isBroken = true;
  const backup = copies(() => (isBroken ? Promise.reject(new Error('disk full')) : Promise.resolve()));
  expect([await backup.make(), readdirSync(data.dir)]).toEqual([fail('write_failed'), []]);
  isBroken = false;
  expect(existsSync(await made(backup))).toBe(true);
});

test('call while another runs -> backup_running', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const backup = copies(() => promise);
  const first = backup.make();
  expect(await backup.make()).toEqual(fail('backup_running'));
  resolve(undefined);
  expect(await first).toMatchObject({ ok: true });
});
