// Chooses the Node that runs the project: the running one when it is new enough, else one from the npm registry, in .tools/, by its hash.
// That Node is not in package.json, so that the packaged app does not contain it.
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { SetupError, projectRoot, say, toolsDir } from './paths.mjs';
import { installPinned } from './pinned-package.mjs';

const nodeVersion = '24.21.0';

/** The first Node whose `node:sqlite` needs no flag. */
const oldestUsable = { major: 22, minor: 13 };

/** The npm registry has Node as a package for these platforms. */
const packagedPlatforms = ['linux-x64', 'linux-arm64', 'win-x64'];

/** @param {string} version */
export function isUsableNode(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > oldestUsable.major || (major === oldestUsable.major && minor >= oldestUsable.minor);
}

/**
 * The Node executable that runs the project. Installs one first when it is needed.
 * @returns {Promise<string>}
 */
export async function ensureNode() {
  if (isUsableNode(process.version)) return process.execPath;
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  if (!packagedPlatforms.includes(platform)) {
    throw new SetupError(
      `Node ${oldestUsable.major}.${oldestUsable.minor} or newer is needed, and this is ${process.version}. Install Node 24 from https://nodejs.org and try again.`,
    );
  }
  const executable = join(toolsDir, 'node_modules', `node-${platform}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(executable)) {
    say(`Node ${process.version} is too old for Muster: installing Node ${nodeVersion} into .tools/ (once)`);
    mkdirSync(toolsDir, { recursive: true });
    await installPinned(`node-${platform}@${nodeVersion}`, toolsDir);
    if (!existsSync(executable)) throw new SetupError(`The package node-${platform}@${nodeVersion} does not contain ${executable}.`);
  }
  return executable;
}

/**
 * The environment of this process, with that Node and the programs of the project first in PATH.
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(node) {
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [dirname(node), join(projectRoot, 'node_modules', '.bin'), process.env[pathKey]].filter(Boolean).join(delimiter);
  return { ...process.env, [pathKey]: path };
}
