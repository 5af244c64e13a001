// Ends programs that outlived their job, and removes the files of killed jobs. On Linux a program is found by the folder of its job: its
// environment names the folder as TMPDIR, and the program inherits an open descriptor of the folder. On other systems such programs run to
// their own end.
import { readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOfError } from '../../../shared/errors';
import type { Logger } from '../../platform/logger';
import { environmentOf, openFilesOf, processIds } from './proc';

/**
 * Ends the programs and removes the folders of jobs that ran when this agent was killed. The caller must hold the lock of the state folder:
 * `workDir` must not contain jobs of another agent.
 */
export async function clearWorkFolder(workDir: string, logger: Logger): Promise<void> {
  // A job that was killed left its folder. Without one, each start would read the open files of all processes for nothing.
  const folders = await readdir(workDir).catch(() => []);
  if (folders.length === 0) return;
  await endLeftovers(workDir, logger);
  try {
    await rm(workDir, { recursive: true, force: true });
  } catch (error) {
    // A folder that cannot be removed is harmless: each job has its own folder.
    logger.log('warn', 'work_folder_not_removed', { folder: workDir, reason: messageOfError(error) });
  }
}

/** A program may fork while the processes are read. */
const MAX_SCANS = 5;

/** Ends the programs of the job with this folder, or of all jobs with a folder inside. Never rejects. */
export async function endLeftovers(folder: string, logger: Logger): Promise<void> {
  if (process.platform !== 'linux') return;
  const folders = [...new Set([folder, await realpath(folder).catch(() => folder)])];
  for (let scan = 0; scan < MAX_SCANS; scan++) {
    const pids = await processIds();
    const marked = await Promise.all(pids.map(async (pid) => pid !== process.pid && (await isMarked(pid, folders))));
    const found = pids.filter((_pid, index) => marked[index] === true);
    if (found.length === 0) return;
    for (const pid of found) end(pid, logger);
  }
}

/** A program may clear its environment, and a daemon closes its files. Few do both. */
async function isMarked(pid: number, folders: readonly string[]): Promise<boolean> {
  const environment = await environmentOf(pid);
  const marks = folders.flatMap((folder) => [`\0TMPDIR=${folder}\0`, `\0TMPDIR=${folder}${path.sep}`]);
  if (marks.some((mark) => environment.includes(mark))) return true;
  const files = await openFilesOf(pid);
  return folders.some((folder) => files.some((file) => file === folder || file.startsWith(folder + path.sep)));
}

function end(pid: number, logger: Logger): void {
  try {
    process.kill(pid, 'SIGKILL');
    logger.log('warn', 'leftover_program_ended', { pid });
  } catch {
    // The process has ended already.
  }
}
