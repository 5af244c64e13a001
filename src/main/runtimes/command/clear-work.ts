// What jobs left when this program was killed: their folders, and the programs that still run.
import { rm } from 'node:fs/promises';
import type { Logger } from '../../platform/logger';
import { endLeftovers } from './leftover-programs';

/** Only for who holds the state folder: nobody else's jobs may be in `workDir`. */
export async function clearWork(workDir: string, logger: Logger): Promise<void> {
  await endLeftovers(workDir, logger);
  try {
    await rm(workDir, { recursive: true, force: true });
  } catch (error) {
    // In nobody's way: each job has a folder of its own.
    logger.log('warn', 'work_folder_not_removed', { folder: workDir, reason: error instanceof Error ? error.message : String(error) });
  }
}
