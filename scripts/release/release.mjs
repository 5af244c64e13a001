// `npm run release -- --dry-run [--packages FOLDER] [--key FILE] [TARGET...]`: makes the files of a release, and publishes nothing. Without
// `--dry-run`, a fault stops it. `--packages`: packages that other systems built; else this system builds its own. `--new-key FILE` makes
// a release key. docs/releasing.md explains the steps.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findElectron, standInVersion } from '../electron-runtime.mjs';
import { npm } from '../npm.mjs';
import { shippedPackages } from '../packages/licences.mjs';
import { packageApp, packagesDir, testPackagesDir } from '../packages/package.mjs';
import { SetupError, projectRoot, say } from '../paths.mjs';
import { environmentFor } from '../setup-node.mjs';
import { checkedMetadata, checksumsText, hashesOf, METADATA_NAME, PACKAGE_NAME } from './metadata.mjs';
import { changelogOf, releaseFaults } from './plan.mjs';
import { shippedBom } from './sbom.mjs';
import { publicKeyText, readReleaseKey, signatureOf, SIGNATURE_ENDING, temporaryKey, writeNewKey } from './signing.mjs';

const usage = 'usage: npm run release -- [--dry-run] [--packages FOLDER] [--key FILE] [TARGET...], or npm run release -- --new-key FILE';
const CHECKSUMS = 'SHA256SUMS';

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function release(node, args) {
  const command = parseCommand(args);
  if (command === undefined) {
    say(usage);
    return 2;
  }
  if (command.newKey !== undefined) {
    say(`wrote ${command.newKey}. Keep it secret. Its public key, for build/updates.json:\n${writeNewKey(command.newKey)}`);
    return 0;
  }
  const keyFile = command.key ?? process.env['MUSTER_RELEASE_KEY_FILE'];
  const key = keyFile === undefined ? null : readReleaseKey(keyFile);
  const updates = readJson('build/updates.json');
  const facts = { ...projectFacts(), updates, publicKey: key === null ? null : publicKeyText(key) };
  // Before the long part: a release that cannot be published is not built.
  const early = releaseFaults({ ...facts, standIns: [] });
  if (!command.isDryRun && early.length > 0) return refuse(early);

  const built = command.packages ?? (await buildPackages(node, command));
  if (built === null) return 1;
  const standIns = resolve(built) === testPackagesDir ? ['these packages'] : [];
  const faults = releaseFaults({ ...facts, standIns });
  if (!command.isDryRun && faults.length > 0) return refuse(faults);
  const output = join(projectRoot, 'dist', command.isDryRun ? 'release-dry-run' : 'release');
  const electron = standIns.length > 0 ? standInVersion : readJson('node_modules/electron/package.json').version;
  const names = await writeRelease(output, built, { ...facts, electron, key: key ?? temporaryKey() });
  for (const name of names) say(`release ${join(relative(projectRoot, output), name)}`);
  for (const fault of faults) say(`before a release: ${fault}`);
  say(`Muster ${facts.version}: ${String(names.length)} files, ${command.isDryRun ? 'dry run' : 'signed'}. Nothing was published.`);
  return 0;
}

/** @param {readonly string[]} args */
function parseCommand(args) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean' }, packages: { type: 'string' }, key: { type: 'string' }, 'new-key': { type: 'string' } },
      allowPositionals: true,
    });
    const { 'dry-run': isDryRun = false, packages, key, 'new-key': newKey } = values;
    return { isDryRun, packages, key, newKey, targets: positionals };
  } catch {
    return undefined;
  }
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

/**
 * Writes every file of the release into an empty folder.
 * @param {string} output
 * @param {string} built
 * @param {{ version: string, changelog: string, releasedAt: string, electron: string, key: import('node:crypto').KeyObject }} facts
 * @returns {Promise<string[]>} their names
 */
export async function writeRelease(output, built, { version, changelog, releasedAt, electron, key }) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const names = readdirSync(built, { recursive: true, encoding: 'utf8' });
  // A folder of packages may hold those of an earlier version, too.
  const packages = names.filter((name) => PACKAGE_NAME.test(name) && !name.includes('-unpacked') && name.includes(version));
  if (packages.length === 0) throw new SetupError(`${built} has no packages of version ${version}.`);
  /** @type {Map<string, Awaited<ReturnType<typeof hashesOf>>>} */
  const hashes = new Map();
  for (const name of packages) {
    copyFileSync(join(built, name), join(output, basename(name)));
    hashes.set(basename(name), await hashesOf(join(output, basename(name))));
  }
  for (const name of names.filter((one) => METADATA_NAME.test(basename(one)))) {
    const text = checkedMetadata(basename(name), readFileSync(join(built, name), 'utf8'), version, hashes);
    writeSigned(output, basename(name), text, key);
  }
  const bom = shippedBom(npmBom(), shippedPackages(projectRoot), { version, releasedAt, electron, serial: `urn:uuid:${randomUUID()}` });
  const bomName = `muster-${version}.cdx.json`;
  writeFileSync(join(output, bomName), `${JSON.stringify(bom, null, 2)}\n`);
  hashes.set(bomName, await hashesOf(join(output, bomName)));
  writeSigned(output, CHECKSUMS, checksumsText(hashes), key);
  writeFileSync(join(output, 'NOTES.md'), `${changelogOf(changelog, version) ?? changelogOf(changelog, 'Unreleased') ?? ''}\n`);
  return readdirSync(output).toSorted();
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 * @param {import('node:crypto').KeyObject} key
 */
function writeSigned(folder, name, text, key) {
  writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, `${name}${SIGNATURE_ENDING}`), signatureOf(key, name, Buffer.from(text, 'utf8')));
}

function npmBom() {
  const { command, args } = npm();
  const sbom = [...args, 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const options = {
    cwd: projectRoot,
    env: environmentFor(process.execPath),
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  };
  return JSON.parse(execFileSync(command, sbom, { ...options, encoding: 'utf8' }));
}
