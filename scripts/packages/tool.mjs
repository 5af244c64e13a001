// The programs that pack.
import { execFileSync } from 'node:child_process';

/**
 * Runs a tool. Throws with its output when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').ExecFileSyncOptions} [options]
 */
export function run(program, args, options = {}) {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64_000_000, ...options }).toString();
}
