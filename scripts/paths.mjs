// The folders of the set-up. Everything under .tools/ can be deleted: the set-up makes it again when needed.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
export const toolsDir = join(projectRoot, '.tools');
export const outDir = join(projectRoot, 'out');

/**
 * Prints a message of the set-up to stderr, because stdout belongs to the program that is started.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`[muster] ${text}\n`);
}

/** A failure that needs no stack trace: its message names the fault and the fix. */
export class SetupError extends Error {}
