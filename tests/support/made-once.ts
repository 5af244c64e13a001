// Folders that take seconds to make and that no test changes: the first test file of a run makes a folder, and the others use it.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './until';

/** The environment variable with the folder of the run (shared-folder.ts). */
const SHARED_FOLDER = 'MUSTER_TEST_SHARED';
const MAKE_LIMIT_MS = 60_000;

/** Sets the environment of this process and of those that it starts. */
export function makeSharedFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-shared-'));
  // PostgreSQL reads it as its own user.
  chmodSync(folder, 0o755);
  process.env[SHARED_FOLDER] = folder;
  return folder;
}

/** For runs without the global set-up, such as benchmarks. */
function ownFolder(): string {
  const folder = makeSharedFolder();
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** True: this file is the one that makes the folder. */
function takes(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** Its path. `make` gets the path of a folder that does not exist, and makes the folder there. When it fails, the next file tries. */
export async function madeOnce(name: string, make: (folder: string) => void | Promise<void>): Promise<string> {
  const folder = path.join(process.env[SHARED_FOLDER] ?? ownFolder(), name);
  const [part, lock] = [`${folder}.part`, `${folder}.lock`];
  const isMade = async (): Promise<boolean> => {
    if (existsSync(folder)) return true;
    if (!takes(lock)) return false;
    try {
      if (existsSync(folder)) return true;
      await make(part);
      renameSync(part, folder);
    } finally {
      rmSync(part, { recursive: true, force: true });
      rmSync(lock, { recursive: true, force: true });
    }
    return true;
  };
  await until(`${name}, which another test file makes`, isMade, MAKE_LIMIT_MS);
  return folder;
}
