// Ends programs that outlived their job, and removes the files of killed jobs. On Linux a program is found by the temporary folder in its
// environment, which is unique per job. On other systems such programs run to their own end.
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOfError } from '../../../shared/errors';
import type { Logger } from '../../platform/logger';

/**
 * Ends the programs and removes the folders of jobs that ran when this agent was killed. The caller must hold the lock of the state folder:
 * `workDir` must not contain jobs of another agent.
 */
export async function clearWorkFolder(workDir: string, logger: Logger): Promise<void> {
  await endLeftovers(workDir, logger);
  try {
    await rm(workDir, { recursive: true, force: true });
  } catch (error) {
    // A folder that cannot be removed is harmless: each job has its own folder.
    logger.log('warn', 'work_folder_not_removed', { folder: workDir, reason: messageOfError(error) });
  }
}

/** Ends the programs whose temporary folder is `folder` or inside it. Never rejects. */
export async function endLeftovers(folder: string, logger: Logger): Promise<void> {
  if (process.platform !== 'linux') return;
  const marks = [`\0TMPDIR=${folder}\0`, `\0TMPDIR=${folder}${path.sep}`];
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    const environment = `\0${await environmentOf(pid)}`;
    if (marks.some((mark) => environment.includes(mark))) end(Number(pid), logger);
  }
}

/** Empty: the process has ended, or belongs to another user. */
const environmentOf = (pid: string): Promise<string> => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');

function end(pid: number, logger: Logger): void {
  try {
    process.kill(pid, 'SIGKILL');
    logger.log('warn', 'leftover_program_ended', { pid });
  } catch {
    // The process has ended already.
  }
}
