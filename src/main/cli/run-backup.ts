// `muster backup FOLDER`: the CA, the owner key, the certificate of the owner and the databases of the pool on this computer. While a
// scheduler runs, it copies its databases itself: no other process can read them.
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Outcome } from '../../shared/api/app-api';
import { backupAnswerSchema } from '../../shared/api/members';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { ok } from '../../shared/result';
import { version as VERSION } from '../../../package.json';
import { checkDatabaseFile } from '../scheduler/database/check-database-file';
import { copyDatabase } from '../scheduler/database/copy-database';
import { databaseFailure } from '../scheduler/database/database-failure';
import { JOB_DATABASE, NODE_DATABASE } from '../scheduler/database/migrations';
import { askForCopies } from './ask-for-copies';
import { copyFile, exists } from './backup-files';
import type { Invocation } from './command';
import {
  BACKUP_TEXTS,
  type BackupFault,
  type BackupFile,
  DATABASES,
  MANIFEST_FILE,
  type PoolFile,
  toManifest,
} from './core/backup-manifest';
import { messageContextOf } from './core/message-context';
import { EXIT } from './exit-code';
import { configFailure, loadSettings, type Settings } from './settings';
import { withScheduler } from './with-scheduler';

const BACKUP_TIMEOUT_MS = 600_000;

/** Prints the text of the fault. */
export function exitWithFault({ io, options }: Invocation, fault: BackupFault, file: string, reason = ''): number {
  const text = BACKUP_TEXTS[fault][messageContextOf(io.env, options).language];
  io.err(`muster: ${text.replace('{file}', file).replace('{reason}', reason)}\n`);
  return EXIT.failure;
}

export async function runBackup(invocation: Invocation): Promise<number> {
  const { io, operands } = invocation;
  const settings = await loadSettings(invocation);
  if (!settings.ok) {
    const { message, exitCode } = configFailure(settings.error);
    io.err(`muster: ${message}\n`);
    return exitCode;
  }
  const { dataDir, databaseFile } = settings.value.paths;
  const folder = path.resolve(operands[0] ?? '');
  if (!(await exists(databaseFile))) return exitWithFault(invocation, 'no_pool', dataDir);
  if (!(await isEmpty(folder))) return exitWithFault(invocation, 'folder_not_empty', folder);
  if (!isInUse(databaseFile)) return writeBackup(invocation, settings.value, folder, copyStoppedDatabases);
  return withScheduler(
    invocation,
    async ({ client }): Promise<Outcome<number>> => {
      const ask = () => client.ask({ method: 'POST', path: '/api/v1/backup', body: {} }, backupAnswerSchema);
      const made = await askForCopies(ask, (ms) => setTimeout(ms));
      if (!made.ok) return made;
      const copies = path.join(dataDir, made.value.folder);
      if (!(await exists(path.join(copies, 'scheduler.db')))) return ok(exitWithFault(invocation, 'other_data_folder', dataDir));
      try {
        return ok(await writeBackup(invocation, settings.value, folder, (names) => copyFrom(copies, folder, names)));
      } finally {
        await rm(copies, { recursive: true, force: true });
      }
    },
    BACKUP_TIMEOUT_MS,
  );
}

type CopyDatabases = (names: readonly PoolFile[], dataDir: string, folder: string) => Promise<readonly BackupFile[]>;

async function writeBackup(invocation: Invocation, settings: Settings, folder: string, copyDatabases: CopyDatabases): Promise<number> {
  const { dataDir } = settings.paths;
  const wasThere = await exists(folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const databases = await copyDatabases(await present(dataDir, DATABASES), dataDir, folder);
    const others = await copyFrom(dataDir, folder, await present(dataDir, ['admin-token', 'ca.pem', 'ca-key.pem']));
    const files = [...databases, ...others, ...(await copyCertificate(settings, folder))];
    // The manifest comes last: a backup without it is none.
    await writeFile(path.join(folder, MANIFEST_FILE), toManifest(VERSION, new Date().toISOString(), files), { mode: 0o600, flag: 'wx' });
    const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
    invocation.io.out(
      invocation.options.isSet('json')
        ? `${JSON.stringify({ folder, files }, null, 2)}\n`
        : `${folder}: ${String(files.length)} files, ${String(Math.ceil(size / 1024))} KiB. Keep the folder secret: it has the owner key and the key of the CA.\n`,
    );
    return EXIT.ok;
  } catch (error) {
    for (const name of await readdir(folder).catch(() => [])) await rm(path.join(folder, name), { force: true });
    if (!wasThere) await rm(folder, { recursive: true, force: true });
    return exitWithFault(invocation, 'failed', folder, reasonOfError(error));
  }
}

async function copyFrom(from: string, folder: string, names: readonly PoolFile[]): Promise<readonly BackupFile[]> {
  const files: BackupFile[] = [];
  for (const name of names) files.push(await copyFile(name, path.join(from, name), path.join(folder, name)));
  return files;
}

/** Through SQLite, so that a write-ahead log is part of the copy. The lock keeps a starting scheduler out. */
async function copyStoppedDatabases(names: readonly PoolFile[], dataDir: string, folder: string): Promise<readonly BackupFile[]> {
  for (const name of names) {
    const database = new DatabaseSync(path.join(dataDir, name), { timeout: 0 });
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;');
      await copyDatabase(database, path.join(folder, name));
    } finally {
      database.close();
    }
  }
  return Promise.all(names.map((name) => copyFile(name, path.join(folder, name), null)));
}

/** `server.tls_cert_file` and `server.tls_key_file` lie where the owner chose. They may be links: certbot renews a certificate by them. */
async function copyCertificate({ config }: Settings, folder: string): Promise<readonly BackupFile[]> {
  const { tlsFiles } = config.server;
  if (tlsFiles === null) return [];
  return [
    await copyFile('server-cert.pem', await realpath(tlsFiles.certFile), path.join(folder, 'server-cert.pem')),
    await copyFile('server-key.pem', await realpath(tlsFiles.keyFile), path.join(folder, 'server-key.pem')),
  ];
}

async function present(dataDir: string, names: readonly PoolFile[]): Promise<readonly PoolFile[]> {
  const there = await Promise.all(names.map((name) => exists(path.join(dataDir, name))));
  return names.filter((_name, index) => there[index]);
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return codeOfError(error) === 'ENOENT';
  }
}

/** Whether a scheduler has the lock of the database. Changes nothing. */
export function isInUse(databaseFile: string): boolean {
  if (!existsSync(databaseFile)) return false;
  const checked = checkDatabaseFile(databaseFile, NODE_DATABASE);
  if (!checked.ok) return checked.error.code === 'DATABASE_LOCKED';
  try {
    const database = new DatabaseSync(databaseFile, { timeout: 0 });
    try {
      database.exec('BEGIN IMMEDIATE; ROLLBACK;');
      return false;
    } finally {
      database.close();
    }
  } catch (error) {
    return databaseFailure(databaseFile, error).code === 'DATABASE_LOCKED';
  }
}

/** Null: the database is of this version or an earlier one. */
export function databaseFault(name: PoolFile, file: string): 'newer' | 'damaged' | null {
  const checked = checkDatabaseFile(file, name === 'scheduler.db' ? NODE_DATABASE : JOB_DATABASE);
  if (checked.ok) return null;
  return checked.error.code === 'DATABASE_TOO_NEW' ? 'newer' : 'damaged';
}
