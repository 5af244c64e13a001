// `npm run release`: makes the files of a release, and publishes nothing. Without `--dry-run`, a fault stops it. docs/releasing.md explains
// the steps, command.mjs has the arguments.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findElectron, standInVersion } from '../electron-runtime.mjs';
import { packageApp, packagesDir, testPackagesDir } from '../packages/package.mjs';
import { projectRoot, say } from '../paths.mjs';
import { parseReleaseCommand, RELEASE_USAGE } from './command.mjs';
import { releaseFaults } from './plan.mjs';
import { publicKeyText, readReleaseKey, temporaryKey, writeNewKey } from './signing.mjs';
import { builtPackages, writeRelease } from './write-release.mjs';

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function release(node, args) {
  const command = parseReleaseCommand(args);
  if (command === 'help' || 'error' in command) {
    if (command !== 'help') say(command.error);
    say(RELEASE_USAGE);
    return command === 'help' ? 0 : 2;
  }
  if (command.newKey !== undefined) {
    say(`wrote ${command.newKey}. Keep it secret. Its public key, for build/updates.json:\n${writeNewKey(command.newKey)}`);
    return 0;
  }
  const keyFile = command.isUnsigned ? undefined : (command.key ?? process.env['MUSTER_RELEASE_KEY_FILE']);
  const key = keyFile === undefined ? null : readReleaseKey(keyFile);
  const facts = { ...projectFacts(), isUnsigned: command.isUnsigned, publicKey: key === null ? null : publicKeyText(key) };
  // Before the long part: a release that cannot be published is not built.
  const early = releaseFaults({ ...facts, standIns: [], unknown: [] });
  if (!command.isDryRun && early.length > 0) return refuse(early);

  const folder = command.packages ?? (await buildPackages(node, command));
  if (folder === null) return 1;
  const packages = await builtPackages(folder, facts.version);
  const namesOf = (/** @type {(electron: string | undefined) => boolean} */ is) =>
    [...packages].filter(([, { runtimes }]) => is(runtimes?.electron)).map(([name]) => name);
  const standIns = namesOf((electron) => electron === standInVersion);
  const faults = releaseFaults({ ...facts, standIns, unknown: namesOf((electron) => electron === undefined) });
  if (!command.isDryRun && faults.length > 0) return refuse(faults);
  const output = join(projectRoot, 'dist', command.isDryRun ? 'release-dry-run' : 'release');
  const names = await writeRelease(output, folder, packages, { ...facts, key: command.isUnsigned ? null : (key ?? temporaryKey()) });
  for (const name of names) say(`release ${join(relative(projectRoot, output), name)}`);
  for (const fault of faults) say(`before a release: ${fault}`);
  say(
    `Muster ${facts.version}: ${String(names.length)} files, ${command.isDryRun ? 'dry run' : command.isUnsigned ? 'not signed yet' : 'signed'}. Nothing was published.`,
  );
  return 0;
}

/** @param {readonly string[]} faults */
function refuse(faults) {
  for (const fault of faults) say(fault);
  say('No release was made. `--dry-run` makes its files nevertheless.');
  return 1;
}

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));

/** @param {readonly string[]} args */
const git = (args) => execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd: projectRoot, encoding: 'utf8' }).trim();

function projectFacts() {
  const tags = git(['tag', '--points-at', 'HEAD']).split('\n').filter(Boolean);
  const { version } = readJson('package.json');
  return {
    version,
    lockVersion: readJson('package-lock.json').version,
    changelog: readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8'),
    updates: readJson('build/updates.json'),
    changes: git(['status', '--porcelain'])
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(2).trim()),
    tag: tags.find((tag) => tag === `v${version}`) ?? tags[0] ?? null,
    releasedAt: new Date(Number(git(['log', '-1', '--format=%ct'])) * 1000).toISOString(),
  };
}

/**
 * @param {string} node
 * @param {{ readonly targets: readonly string[], readonly isDryRun: boolean }} command
 * @returns {Promise<string | null>} the folder; null: the build failed
 */
async function buildPackages(node, { targets, isDryRun }) {
  const code = await packageApp(node, [...(isDryRun ? ['--fast'] : []), ...targets]);
  if (code !== 0) return null;
  return findElectron({ standIn: true })?.kind === 'stand-in' ? testPackagesDir : packagesDir;
}
