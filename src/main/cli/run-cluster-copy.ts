// `muster cluster import` and `muster cluster export FOLDER`: the pool of a scheduler alone goes into the database of a cluster, and back.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { exportPool } from '../scheduler/cluster/export-pool';
import { type ImportFailure, importPool, type TableCount } from '../scheduler/cluster/import-pool';
import { checkDatabaseFile } from '../scheduler/database/check-database-file';
import { databaseFailure, type DatabaseFailure } from '../scheduler/database/database-failure';
import { type DatabaseKind, JOB_DATABASE, NODE_DATABASE } from '../scheduler/database/migrations';
import { openDatabase } from '../scheduler/database/open-database';
import { type DatabaseTarget, describeTarget } from '../scheduler/database/postgres/core/database-url';
import { jobsFileOf } from '../scheduler/database/scheduler-databases';
import { CA_KEY_FILE } from '../trust/authority-store';
import { CA_FILE } from '../trust/ca-file';
import { exists } from './backup-files';
import { clusterDatabase } from './cluster-database';
import type { Invocation } from './command';
import { COPY_TEXTS, type CopyText, countsText, tablesText } from './core/cluster-copy-texts';
import { messageContextOf } from './core/message-context';
import { EXIT } from './exit-code';
import { loadCommandSettings, type Settings } from './settings';

interface Prepared {
  readonly settings: Settings;
  readonly target: DatabaseTarget;
}

export async function runClusterImport(invocation: Invocation): Promise<number> {
  const prepared = await prepare(invocation);
  if (!prepared.ok) return prepared.error;
  const { settings, target } = prepared.value;
  const { dataDir, databaseFile } = settings.paths;
  if (!(await exists(databaseFile))) return refuse(invocation, 'no_pool', dataDir);
  const isDry = invocation.options.isSet('dry-run');
  const opened = openPool(databaseFile, isDry ? lockDatabase : openDatabase);
  if (!opened.ok) {
    const { code, details } = opened.error;
    return refuse(invocation, code === 'DATABASE_LOCKED' ? 'in_use' : 'file_unusable', String(details['file']), reasonOf(opened.error));
  }
  try {
    const shared = await readFiles(dataDir, [CA_FILE, CA_KEY_FILE, path.basename(settings.paths.adminTokenFile)]);
    const imported = await importPool({ databases: opened.value, shared }, target, isDry);
    if (!imported.ok) return refuseCopy(invocation, imported.error, describeTarget(target));
    print(invocation, target, imported.value, [...shared.keys()]);
    note(invocation, isDry ? 'would_copy' : 'imported', describeTarget(target), dataDir);
    return EXIT.ok;
  } catch (error) {
    return refuse(invocation, 'failed', dataDir, reasonOfError(error));
  } finally {
    for (const database of opened.value) database.close();
  }
}

export async function runClusterExport(invocation: Invocation): Promise<number> {
  const prepared = await prepare(invocation);
  if (!prepared.ok) return prepared.error;
  const { settings, target } = prepared.value;
  const folder = path.resolve(invocation.operands[1] ?? '');
  if (!(await isEmpty(folder))) return refuse(invocation, 'folder_not_empty', folder);
  const isDry = invocation.options.isSet('dry-run');
  const staged = `${folder}.export-${String(process.pid)}`;
  try {
    if (!isDry) await mkdir(staged, { recursive: true, mode: 0o700 });
    const exported = await exportTo(isDry ? null : path.join(staged, path.basename(settings.paths.databaseFile)), target);
    if (!exported.ok) return refuseCopy(invocation, exported.error, describeTarget(target));
    const { tables, shared } = exported.value;
    if (tables.every(({ rows }) => rows === 0) && shared.size === 0) return refuse(invocation, 'cluster_empty', describeTarget(target));
    if (!isDry) {
      for (const [name, content] of shared) await writeFile(path.join(staged, name), content, { mode: 0o600, flag: 'wx', flush: true });
      // The folder appears with all files, or not at all.
      if (await exists(folder)) await rmdir(folder);
      await rename(staged, folder);
    }
    print(invocation, target, tables, [...shared.keys()]);
    note(invocation, isDry ? 'would_copy' : 'exported', folder);
    return EXIT.ok;
  } catch (error) {
    return refuse(invocation, 'failed', folder, reasonOfError(error));
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function prepare(invocation: Invocation): Promise<Result<Prepared, number>> {
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings;
  const { cluster } = settings.value.config;
  if (cluster === null) {
    refuse(invocation, 'no_cluster', '');
    return fail(EXIT.configInvalid);
  }
  const target = await clusterDatabase(cluster, invocation.io.env);
  if (target.ok) return ok({ settings: settings.value, target: target.value });
  invocation.io.err(`muster: ${target.error.message}\n`);
  return fail(target.error.exitCode);
}

type Open = (file: string, kind: DatabaseKind) => Result<DatabaseSync, DatabaseFailure>;

/** Both databases, for this process alone. */
function openPool(nodesFile: string, open: Open): Result<readonly DatabaseSync[], DatabaseFailure> {
  const nodes = open(nodesFile, NODE_DATABASE);
  if (!nodes.ok) return nodes;
  const jobs = open(jobsFileOf(nodesFile), JOB_DATABASE);
  if (jobs.ok) return ok([nodes.value, jobs.value]);
  nodes.value.close();
  return jobs;
}

/** Without a migration. A missing file is an empty database. */
function lockDatabase(file: string, kind: DatabaseKind): Result<DatabaseSync, DatabaseFailure> {
  const checked = checkDatabaseFile(file, kind);
  if (!checked.ok) return checked;
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(existsSync(file) ? file : ':memory:', { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;');
    return ok(database);
  } catch (error) {
    database?.close();
    return fail(databaseFailure(file, error));
  }
}

function memoryDatabase(_file: string, { migrations }: DatabaseKind): Result<DatabaseSync, DatabaseFailure> {
  const database = new DatabaseSync(':memory:');
  database.exec(migrations.join(''));
  return ok(database);
}

/** `nodesFile` null: only counts. */
async function exportTo(nodesFile: string | null, target: DatabaseTarget): ReturnType<typeof exportPool> {
  const opened = openPool(nodesFile ?? '', nodesFile === null ? memoryDatabase : openDatabase);
  if (!opened.ok) throw new Error(reasonOf(opened.error));
  try {
    return await exportPool(target, opened.value, nodesFile === null);
  } finally {
    for (const database of opened.value) database.close();
  }
}

async function readFiles(folder: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const name of names) if (await exists(path.join(folder, name))) files.set(name, await readFile(path.join(folder, name), 'utf8'));
  return files;
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return codeOfError(error) === 'ENOENT';
  }
}

function reasonOf({ code, details }: DatabaseFailure): string {
  return String(details['reason'] ?? code);
}

function refuseCopy(invocation: Invocation, failure: ImportFailure, database: string): number {
  switch (failure.code) {
    case 'leader':
      return refuse(invocation, 'leader', failure.name);
    case 'not_empty':
      return refuse(invocation, 'not_empty', database, countsText(failure.tables));
    case 'too_new':
      return refuse(invocation, 'too_new', database, String(failure.found));
    case 'unreachable':
    case 'failed':
    case 'outcome_unknown':
      return refuse(invocation, failure.code, database, failure.reason);
  }
}

const textOf = ({ io, options }: Invocation, text: CopyText, name: string, reason = ''): string =>
  COPY_TEXTS[text][messageContextOf(io.env, options).language].replace('{name}', () => name).replace('{reason}', () => reason);

/** Prints why, and returns the exit code. */
function refuse(invocation: Invocation, text: CopyText, name: string, reason = ''): number {
  invocation.io.err(`muster: ${textOf(invocation, text, name, reason)}\n`);
  return EXIT.failure;
}

function note(invocation: Invocation, text: CopyText, name: string, reason = ''): void {
  invocation.io.err(`${textOf(invocation, text, name, reason)}\n`);
}

function print({ io, options }: Invocation, target: DatabaseTarget, tables: readonly TableCount[], files: readonly string[]): void {
  const asJson = { dry_run: options.isSet('dry-run'), database: describeTarget(target), tables, files };
  io.out(options.isSet('json') ? `${JSON.stringify(asJson, null, 2)}\n` : tablesText(tables, files));
}
