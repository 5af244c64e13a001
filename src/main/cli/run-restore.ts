// `muster restore FOLDER`: the pool of a backup, in the data folder of this computer. Everything is verified and copied before the first
// file of the data folder changes.
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { databaseFault, exitWithFault, isInUse } from './run-backup';
import { copyFile, exists } from './backup-files';
import type { Invocation } from './command';
import { type BackupFault, DATABASES, type Manifest, MANIFEST_FILE, parseManifest, POOL_FILES } from './core/backup-manifest';
import { EXIT } from './exit-code';
import { loadCommandSettings, type Settings } from './settings';

interface Fault {
  readonly code: BackupFault;
  readonly file: string;
}

const fault = (code: BackupFault, file: string): Result<never, Fault> => fail({ code, file });

export async function runRestore(invocation: Invocation): Promise<number> {
  const { io, options, operands } = invocation;
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings.error;
  const { dataDir } = settings.value.paths;
  const folder = path.resolve(operands[0] ?? '');
  const staged = path.join(dataDir, `restoring-${String(process.pid)}`);
  try {
    const checked = await checkRestore(settings.value, folder, options.isSet('force'));
    if (!checked.ok) return exitWithFault(invocation, checked.error.code, checked.error.file);
    const verified = await verifyFiles(checked.value, folder, null);
    if (!verified.ok) return exitWithFault(invocation, verified.error.code, verified.error.file);
    await mkdir(staged, { recursive: true, mode: 0o700 });
    const copied = await verifyFiles(checked.value, folder, staged);
    if (!copied.ok) return exitWithFault(invocation, copied.error.code, copied.error.file);
    const replaced = await moveAway(dataDir);
    for (const { name } of checked.value.files) await rename(path.join(staged, name), path.join(dataDir, name));
    if (replaced !== null) io.err(`The files of the earlier pool are in ${replaced}\n`);
    io.out(textOf(checked.value, dataDir));
    return EXIT.ok;
  } catch (error) {
    return exitWithFault(invocation, 'failed', dataDir, reasonOfError(error));
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function checkRestore({ paths }: Settings, folder: string, isForced: boolean): Promise<Result<Manifest, Fault>> {
  const text = await readFile(path.join(folder, MANIFEST_FILE), 'utf8').catch(() => null);
  if (text === null) return fault('no_backup', folder);
  const manifest = parseManifest(text);
  if (!manifest.ok) return fault(manifest.error, path.join(folder, MANIFEST_FILE));
  const { dataDir, databaseFile } = paths;
  if (isInUse(databaseFile)) return fault('in_use', dataDir);
  for (const name of POOL_FILES) if (!isForced && (await exists(path.join(dataDir, name)))) return fault('pool_exists', dataDir);
  return ok(manifest.value);
}

/** Compares the files with the manifest, and copies them. `staged` null: nothing is copied. */
async function verifyFiles({ files }: Manifest, folder: string, staged: string | null): Promise<Result<null, Fault>> {
  for (const expected of files) {
    const { name } = expected;
    const from = path.join(folder, name);
    const copied = await copyFile(name, from, staged === null ? null : path.join(staged, name)).catch(() => null);
    if (copied?.sha256 !== expected.sha256 || copied.bytes !== expected.bytes) return fault('damaged', from);
    const found = DATABASES.includes(name) ? databaseFault(name, from) : null;
    if (found !== null) return fault(found, from);
  }
  return ok(null);
}

/** Moves the files of an earlier pool, and what SQLite keeps beside them. Null: there are none. */
async function moveAway(dataDir: string): Promise<string | null> {
  const names = [...POOL_FILES, ...DATABASES.flatMap((name) => [`${name}-wal`, `${name}-shm`])];
  const there = [];
  for (const name of names) if (await exists(path.join(dataDir, name))) there.push(name);
  if (there.length === 0) return null;
  const folder = path.join(dataDir, `before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  await mkdir(folder, { mode: 0o700 });
  for (const name of there) await rename(path.join(dataDir, name), path.join(folder, name));
  return folder;
}

function textOf({ files, created_at: createdAt }: Manifest, dataDir: string): string {
  const certificate = files.some(({ name }) => name === 'server-cert.pem')
    ? 'The certificate of the owner is there as server-cert.pem and server-key.pem: set server.tls_cert_file and server.tls_key_file.\n'
    : '';
  return `${dataDir}: restored ${String(files.length)} files of the backup of ${createdAt}\n${certificate}`;
}
