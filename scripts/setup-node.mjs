// Decides which Node runs the project: the running one when it is new enough, else one from the npm registry, kept in .tools/.
// It stays out of package.json, so that no packaged app carries it.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { SetupError, projectRoot, say, toolsDir } from './paths.mjs';
import { runStep } from './run-child.mjs';

const nodeVersion = '24.21.0';

/** The first Node whose `node:sqlite` needs no flag. */
const oldestUsable = { major: 22, minor: 13 };

/** The registry carries Node as a package for these platforms. */
const packagedPlatforms = ['linux-x64', 'linux-arm64', 'win-x64'];

/** @param {string} version */
export function isUsableNode(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > oldestUsable.major || (major === oldestUsable.major && minor >= oldestUsable.minor);
}

/**
 * The command that starts npm: the npm that started this process, run by the same Node, or else the npm of the PATH.
 * @returns {{ command: string, args: string[] }}
 */
export function npm() {
  const script = process.env['npm_execpath'];
  if (script && /npm-cli\.[cm]?js$/.test(script)) return { command: process.execPath, args: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/**
 * The Node executable that the project runs under; installs one first where that is needed.
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
    const { command, args } = npm();
    await runStep('Installing Node', command, [
      ...args,
      ...['install', '--prefix', toolsDir, '--no-save', '--no-package-lock', '--no-audit', '--no-fund'],
      `node-${platform}@${nodeVersion}`,
    ]);
    if (!existsSync(executable)) throw new SetupError(`The package node-${platform}@${nodeVersion} brought no ${executable}.`);
  }
  return executable;
}

/**
 * Our environment with that Node and the project's programs first in PATH.
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(node) {
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [dirname(node), join(projectRoot, 'node_modules', '.bin'), process.env[pathKey]].filter(Boolean).join(delimiter);
  return { ...process.env, [pathKey]: path };
}
