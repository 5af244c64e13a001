// What jobs left when this program was killed: their folders, and on Linux the programs that still run, told by the temporary
// folder in their environment. Elsewhere such a program runs to its own end.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../../platform/logger';

/** Only for who holds the state folder: nobody else's jobs may be in `workDir`. */
export function clearWork(workDir: string, logger: Logger): void {
  if (process.platform === 'linux') for (const pid of leftovers(workDir)) end(pid, logger);
  try {
    rmSync(workDir, { recursive: true, force: true });
  } catch (error) {
    // In nobody's way: each job has a folder of its own.
    logger.log('warn', 'work_folder_not_removed', { folder: workDir, reason: error instanceof Error ? error.message : String(error) });
  }
}

function leftovers(workDir: string): readonly number[] {
  const mark = `\0TMPDIR=${workDir}${path.sep}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => `\0${environmentOf(pid)}`.includes(mark)).map(Number);
}

/** Empty for what has ended, and for what is another user's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

function end(pid: number, logger: Logger): void {
  try {
    process.kill(pid, 'SIGKILL');
    logger.log('warn', 'leftover_program_ended', { pid });
  } catch {
    // It ended by itself.
  }
}
