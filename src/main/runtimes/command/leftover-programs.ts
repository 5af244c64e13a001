// Ends programs that outlived their job. On Linux they are found by the temporary folder in their environment, which is unique per job.
// On other systems such programs run to their own end.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../../platform/logger';

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
