// `npm start`: the desktop app when the machine has a display and Electron, else the same pool without a window.
import { join } from 'node:path';
import { asksForStandIn, ensureElectron, standInVersion } from './electron-runtime.mjs';
import { SetupError, outDir, projectRoot, say } from './paths.mjs';
import { hasDisplay, missingLibraries } from './requirements.mjs';
import { runInPlace } from './run-child.mjs';
import { environmentFor } from './setup-node.mjs';

/**
 * @param {string} node
 * @param {readonly string[]} args passed on to the desktop app or to `muster pool`
 * @returns {Promise<number>} the exit code
 */
export async function start(node, args) {
  const electron = await desktopElectron(node);
  const env = environmentFor(node);
  if (typeof electron === 'string') {
    say(`${electron}: running without a window. The log names the dashboard's address.`);
    return runInPlace(node, [join(outDir, 'main', 'cli.js'), 'pool', ...args], { env });
  }
  // The Node of this Electron is too old for the scheduler, which runs as a child process of the app.
  if (electron.kind === 'stand-in') {
    env['MUSTER_NODE_EXEC'] = node;
    say(`Electron ${standInVersion} runs the app (MUSTER_STAND_IN_ELECTRON=1). It gets no security fixes any more: use it for tests only.`);
  }
  return runInPlace(electron.path, [...rootSwitches(), projectRoot, ...args], { env });
}

/**
 * @param {string} node
 * @returns {Promise<import('./electron-runtime.mjs').ElectronRuntime | string>} a string: the reason why there is no window
 */
async function desktopElectron(node) {
  if (!hasDisplay()) return 'There is no display';
  try {
    const electron = await ensureElectron(node, { standIn: asksForStandIn() });
    const libraries = missingLibraries(electron.path);
    return libraries.length > 0 ? `Electron lacks ${libraries.join(', ')}` : electron;
  } catch (error) {
    if (error instanceof SetupError) return error.message.replace(/\.$/, '');
    throw error;
  }
}

/** Chromium's sandbox refuses to run as root. */
export function rootSwitches() {
  if (process.getuid?.() !== 0) return [];
  say("running as root: Chromium's sandbox is off (--no-sandbox)");
  return ['--no-sandbox'];
}
