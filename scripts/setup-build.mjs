// Builds out/ when a source is newer than the last build that succeeded.
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outDir, projectRoot, say } from './paths.mjs';
import { runStep } from './run-child.mjs';
import { environmentFor } from './setup-node.mjs';

const sources = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json'];

/** The file's modification time is the start of the last successful build, so a source that changed during the build is newer. */
const stamp = join(outDir, '.built');

/** @param {string} node */
export async function ensureBuild(node) {
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (Math.max(...sources.map((source) => newestMs(join(projectRoot, source)))) > builtAt) await build(node);
}

/** @param {string} node */
export async function build(node) {
  const startedAt = new Date();
  say('building');
  forgetBuild();
  const program = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  await runStep('The build', node, [program, 'build', '--logLevel', 'warn'], { cwd: projectRoot, env: environmentFor(node) });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
}

/** For a command that writes a partial build into out/: the next start builds again. */
export function forgetBuild() {
  rmSync(stamp, { force: true });
}

/**
 * The newest modification time of a file, or of a folder and its content. After a deletion only the time of the folder is new.
 * @param {string} path
 * @returns {number}
 */
function newestMs(path) {
  const own = statSync(path, { throwIfNoEntry: false });
  if (!own) return 0;
  if (!own.isDirectory()) return own.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), own.mtimeMs);
}
