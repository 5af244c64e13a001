// Writes the files of a release into a folder: packages, signed metadata, bill of materials, signed checksums, notes.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { npm } from '../npm.mjs';
import { recordedBuilds } from '../packages/build-record.mjs';
import { shippedPackages } from '../packages/licences.mjs';
import { SetupError, projectRoot } from '../paths.mjs';
import { environmentFor } from '../setup-node.mjs';
import { checksumsText, hashesOf, METADATA_NAME, PACKAGE_NAME } from './files.mjs';
import { checkedMetadata } from './metadata.mjs';
import { changelogOf } from './plan.mjs';
import { shippedBom } from './sbom.mjs';
import { signatureOf, SIGNATURE_ENDING } from './signing.mjs';

const CHECKSUMS = 'SHA256SUMS';

/**
 * @typedef {object} BuiltPackage
 * @property {string} file
 * @property {Awaited<ReturnType<typeof hashesOf>>} hashes
 * @property {import('../packages/build-record.mjs').Runtimes | undefined} runtimes undefined: not in the record of a build
 */

/**
 * The packages of a version in a folder, by name. A folder may hold those of an earlier version, too.
 * @param {string} folder
 * @param {string} version
 * @returns {Promise<ReadonlyMap<string, BuiltPackage>>}
 */
export async function builtPackages(folder, version) {
  const builds = recordedBuilds(folder);
  /** @type {Map<string, BuiltPackage>} */
  const found = new Map();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!PACKAGE_NAME.test(name) || name.includes('-unpacked') || !basename(name).includes(version)) continue;
    const hashes = await hashesOf(join(folder, name));
    found.set(basename(name), { file: join(folder, name), hashes, runtimes: builds.get(hashes.sha256) });
  }
  if (found.size === 0) throw new SetupError(`${folder} has no packages of version ${version}.`);
  return found;
}

/**
 * Replaces the folder.
 * @param {string} output
 * @param {string} folder of the packages, with the metadata that electron-builder wrote
 * @param {ReadonlyMap<string, BuiltPackage>} packages
 * @param {{ version: string, changelog: string, releasedAt: string, key: import('node:crypto').KeyObject }} facts
 * @returns {Promise<string[]>} the names of the files
 */
export async function writeRelease(output, folder, packages, { version, changelog, releasedAt, key }) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  for (const [name, { file }] of packages) copyFileSync(file, join(output, name));
  const hashes = new Map([...packages].map(([name, found]) => [name, found.hashes]));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => METADATA_NAME.test(basename(one)))) {
    const text = checkedMetadata(basename(name), readFileSync(join(folder, name), 'utf8'), version, hashes);
    writeSigned(output, basename(name), text, key);
  }
  const bomName = `muster-${version}.cdx.json`;
  const release = { version, releasedAt, runtimes: [...packages.values()].flatMap(({ runtimes }) => runtimes ?? []) };
  const bom = shippedBom(npmBom(), shippedPackages(projectRoot), { ...release, serial: `urn:uuid:${randomUUID()}` });
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
