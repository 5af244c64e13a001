// Installs the dependencies when they are missing or older than the lockfile. Install scripts are off, because no dependency needs one.
import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { projectRoot, say, SetupError } from './paths.mjs';
import { runStep } from './run-child.mjs';
import { environmentFor } from './setup-node.mjs';

/** @param {string} node the Node executable that runs npm */
export async function ensureDependencies(node) {
  const folder = join(projectRoot, 'node_modules');
  // npm writes this file last, so an incomplete installation does not have it.
  const installedAt = modifiedMs(join(folder, '.package-lock.json'));
  const lockedAt = modifiedMs(join(projectRoot, 'package-lock.json'));
  if (installedAt !== undefined && installedAt >= (lockedAt ?? 0)) return;
  // `npm ci` would empty the linked folder, which another checkout uses. The lockfile of a new checkout is always newer than the folder.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    if (installedAt !== undefined) return;
    throw new SetupError('node_modules is a link to a folder without an installation: install there, or remove the link.');
  }
  say(installedAt === undefined ? 'installing the dependencies' : 'the lockfile has changed: installing the dependencies again');
  const { command, args } = npm();
  await runStep('npm ci', command === process.execPath ? node : command, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: projectRoot,
    // Options such as `npm start --omit=dev` must not affect this installation, because the build needs devDependencies.
    env: { ...environmentFor(node), NODE_ENV: 'development' },
  });
}

/**
 * @param {string} path
 * @returns {number | undefined} undefined when there is no such file
 */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
