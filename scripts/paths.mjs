// Where the project's own set-up keeps things. Everything under .tools/ can be deleted: it is made again when needed.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
export const toolsDir = join(projectRoot, '.tools');
export const outDir = join(projectRoot, 'out');

/**
 * Set-up talk. It goes to stderr: stdout belongs to the program that is started.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`[muster] ${text}\n`);
}

/** A failure that needs no stack trace: its message names what is wrong and what to do about it. */
export class SetupError extends Error {}
