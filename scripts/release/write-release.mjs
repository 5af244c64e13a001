// Writes the files of a release into a folder: packages, signed metadata, bill of materials, signed checksums, notes.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { npm } from '../npm.mjs';
import { recordedBuilds } from '../packages/build-record.mjs';
import { shippedPackages } from '../packages/licences.mjs';
import { SetupError, projectRoot } from '../paths.mjs';
import { environmentFor } from '../setup-node.mjs';
import { checksumsText, hashesOf } from './files.mjs';
import { checkedMetadata } from './metadata.mjs';
import { changelogOf } from './plan.mjs';
import { bomName, CHECKSUMS, NOTES, releaseFilesIn } from './release-names.mjs';
import { shippedBom } from './sbom.mjs';
import { signatureOf, SIGNATURE_ENDING } from './signing.mjs';

/**
 * @typedef {object} BuiltPackage
 * @property {string} file
 * @property {string} system that built it
 * @property {Awaited<ReturnType<typeof hashesOf>>} hashes
 * @property {import('../packages/build-record.mjs').Runtimes | undefined} runtimes undefined: not in the record of a build
 */

/**
 * The packages and the metadata of a version in a folder, or in a folder for each system. A folder may hold those of an earlier version, too.
 * @param {string} folder
 * @param {string} version
 */
function releaseFiles(folder, version) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll(sep, '/'));
  const { found, faults } = releaseFilesIn(files, version);
  // The target of a link is any file of this computer.
  const odd = [...found.keys()].filter((file) => !lstatSync(join(folder, file)).isFile()).map((file) => `${file} is not a plain file.`);
  if (faults.length + odd.length > 0) throw new SetupError([...faults, ...odd].join('\n'));
  return [...found].map(([file, one]) => ({ ...one, file: join(folder, file) }));
}

/**
 * The packages of a version, by name.
 * @param {string} folder
 * @param {string} version
 * @returns {Promise<ReadonlyMap<string, BuiltPackage>>}
 */
export async function builtPackages(folder, version) {
  const builds = recordedBuilds(folder);
  /** @type {Map<string, BuiltPackage>} */
  const found = new Map();
  for (const { name, file, system } of releaseFiles(folder, version).filter(({ isMetadata }) => !isMetadata)) {
    const hashes = await hashesOf(file);
    found.set(name, { file, system, hashes, runtimes: builds.get(hashes.sha256) });
  }
  if (found.size === 0) throw new SetupError(`${folder} has no packages of version ${version}.`);
  return found;
}

/**
 * Replaces the folder.
 * @param {string} output
 * @param {string} folder of the packages, with the metadata that electron-builder wrote
 * @param {ReadonlyMap<string, BuiltPackage>} packages
 * @param {{ version: string, changelog: string, releasedAt: string, key: import('node:crypto').KeyObject | null }} facts
 *   `key` null: nothing is signed yet
 * @returns {Promise<string[]>} the names of the files
 */
export async function writeRelease(output, folder, packages, { version, changelog, releasedAt, key }) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  for (const [name, { file }] of packages) copyFileSync(file, join(output, name));
  const hashes = new Map([...packages].map(([name, found]) => [name, found.hashes]));
  for (const { name, file, system } of releaseFiles(folder, version).filter(({ isMetadata }) => isMetadata)) {
    const own = new Map([...hashes].filter(([of]) => packages.get(of)?.system === system));
    writeSigned(output, name, checkedMetadata(name, readFileSync(file, 'utf8'), version, own), key);
  }
  const release = { version, releasedAt, runtimes: [...packages.values()].flatMap(({ runtimes }) => runtimes ?? []) };
  const bom = shippedBom(npmBom(), shippedPackages(projectRoot), { ...release, serial: `urn:uuid:${randomUUID()}` });
  writeFileSync(join(output, bomName(version)), `${JSON.stringify(bom, null, 2)}\n`);
  hashes.set(bomName(version), await hashesOf(join(output, bomName(version))));
  writeSigned(output, CHECKSUMS, checksumsText(hashes), key);
  writeFileSync(join(output, NOTES), `${changelogOf(changelog, version) ?? changelogOf(changelog, 'Unreleased') ?? ''}\n`);
  return readdirSync(output).toSorted();
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 * @param {import('node:crypto').KeyObject | null} key
 */
function writeSigned(folder, name, text, key) {
  writeFileSync(join(folder, name), text);
  if (key !== null) writeFileSync(join(folder, `${name}${SIGNATURE_ENDING}`), signatureOf(key, name, Buffer.from(text, 'utf8')));
}

/** The list of all packages of npm. */
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
