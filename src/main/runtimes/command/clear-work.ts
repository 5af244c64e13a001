// Removes what jobs left when this program was killed: their folders and their running programs.
import { rm } from 'node:fs/promises';
import type { Logger } from '../../platform/logger';
import { endLeftovers } from './leftover-programs';

/** The caller must hold the lock of the state folder: `workDir` must not contain jobs of another agent. */
export async function clearWorkFolder(workDir: string, logger: Logger): Promise<void> {
  await endLeftovers(workDir, logger);
  try {
    await rm(workDir, { recursive: true, force: true });
  } catch (error) {
    // The rest is harmless: each job has its own folder.
    logger.log('warn', 'work_folder_not_removed', { folder: workDir, reason: error instanceof Error ? error.message : String(error) });
  }
}
