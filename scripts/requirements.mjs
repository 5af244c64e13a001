// Which suites this machine can run: finds the programs that a suite needs, or names the missing ones and how to install them.
// It installs nothing: `npm test` installs Electron before.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findElectron } from './electron-runtime.mjs';

/**
 * A program that a suite needs: its path, or the reason why it is missing and the fix.
 * @typedef {{ readonly path: string, readonly missing?: undefined } | { readonly path?: undefined, readonly missing: string }} Requirement
 */

const desktopPackages = 'xvfb xauth libnss3 libgtk-3-0t64 libgbm1 libasound2t64 libxss1 libatk-bridge2.0-0t64 libdrm2 unzip';
const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** True where an existing display or Xvfb can show a window. */
export function hasTestDisplay() {
  return process.platform !== 'linux' || findProgram('Xvfb') !== undefined || Boolean(process.env['DISPLAY']);
}

/** True where a person would see a window. */
export function hasDisplay() {
  if (process.platform === 'linux') return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
  return process.env['SSH_CONNECTION'] === undefined;
}

/** @returns {Requirement} the Electron that can show a window here */
export function requireDesktop() {
  if (!hasTestDisplay()) return { missing: `there is neither a display nor Xvfb. Fix: apt-get install ${desktopPackages}` };
  const electron = findElectron({ standIn: true });
  if (!electron) return { missing: 'there is no Electron (npm test prepares one, which needs unzip and the npm registry)' };
  const libraries = missingLibraries(electron.path);
  if (libraries.length > 0) return { missing: `Electron lacks ${libraries.join(', ')}. Fix: apt-get install ${desktopPackages}` };
  return { path: electron.path };
}

/** @returns {Requirement} the Chromium that shows the dashboard */
export function requireChromium() {
  const path = process.env['MUSTER_CHROMIUM'] || chromiumNames.map(findProgram).find((found) => found !== undefined);
  return path ? { path } : { missing: 'there is no Chromium. Fix: apt-get install chromium, or name one in MUSTER_CHROMIUM' };
}

/**
 * The shared libraries of a program that the system does not have. Empty on other systems than Linux, where this is not known.
 * @param {string} executable
 * @returns {string[]}
 */
export function missingLibraries(executable) {
  if (process.platform !== 'linux') return [];
  const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name ?? '');
}

/**
 * @param {string} name
 * @returns {string | undefined} the path of the program, when a folder of PATH has it
 */
export function findProgram(name) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
