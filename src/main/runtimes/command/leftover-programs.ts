// Programs that outlive what started them: told on Linux by the temporary folder in their environment, which each job has its own
// of. Elsewhere such a program runs to its own end.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../../platform/logger';

/** Those whose temporary folder is this one, or in it. Never rejects; what the system does not tell of stays. */
export async function endLeftovers(folder: string, logger: Logger): Promise<void> {
  if (process.platform !== 'linux') return;
  const marks = [`\0TMPDIR=${folder}\0`, `\0TMPDIR=${folder}${path.sep}`];
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    const environment = `\0${await environmentOf(pid)}`;
    if (marks.some((mark) => environment.includes(mark))) end(Number(pid), logger);
  }
}

/** Empty for what has ended, and for what is another user's. */
const environmentOf = (pid: string): Promise<string> => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');

function end(pid: number, logger: Logger): void {
  try {
    process.kill(pid, 'SIGKILL');
    logger.log('warn', 'leftover_program_ended', { pid });
  } catch {
    // It ended by itself.
  }
}
