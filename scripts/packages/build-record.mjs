// What the packages of a folder contain, in `built-SYSTEM.json` beside them. A release reads it: packages with the Electron of the tests, and
// packages that `npm run package` did not build as they are, cannot be published, wherever they were copied to.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { hashesOf, PACKAGE_NAME } from '../release/files.mjs';

/** @typedef {{ readonly electron: string, readonly node: string }} Runtimes their versions */

const RECORD_NAME = /^built-[a-z0-9]+-[a-z0-9]+\.json$/;
const version = z.string().regex(/^\d+\.\d+\.\d+$/);
const recordSchema = z.record(
  z.string().max(255),
  z.object({ electron: version, node: version, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
);

/**
 * Adds packages to the record of this system. Those of other builds stay in it.
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {Runtimes} runtimes
 */
export async function recordBuild(folder, names, { electron, node }) {
  const file = `built-${process.platform}-${process.arch}.json`;
  const packages = { ...readRecord(folder, file) };
  for (const name of names.filter((one) => PACKAGE_NAME.test(one))) {
    const { sha256 } = await hashesOf(join(folder, name));
    packages[name] = { electron, node, sha256 };
  }
  writeFileSync(join(folder, file), `${JSON.stringify(packages, null, 2)}\n`);
}

/**
 * The records of a folder and of the folders in it, by the hash of the package.
 * @param {string} folder
 * @returns {ReadonlyMap<string, Runtimes>}
 */
export function recordedBuilds(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) => RECORD_NAME.test(name));
  const packages = files.flatMap(({ name, parentPath }) => Object.values(readRecord(parentPath, name)));
  return new Map(packages.map(({ sha256, electron, node }) => [sha256, { electron, node }]));
}

/**
 * Empty: there is no valid record.
 * @param {string} folder
 * @param {string} file
 */
function readRecord(folder, file) {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  } catch {
    return {};
  }
}
