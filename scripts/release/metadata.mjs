// The metadata of a release: what electron-builder wrote for each system is compared with the packages beside it, and the files of one
// system from several builds are joined. Pure, except for the hashes.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { dump, load } from 'js-yaml';
import { SetupError } from '../paths.mjs';

/** @typedef {{ url: string, sha512: string, size: number }} ReleaseFile */

export const METADATA_NAME = /^latest(?:-linux|-mac)?(?:-arm64)?\.yml$/;
/** The files of a release that people download. */
export const PACKAGE_NAME = /\.(?:deb|rpm|pacman|AppImage|tar\.gz|exe|dmg|zip)$/;

/**
 * @param {string} file
 * @returns {Promise<{ sha256: string, sha512: string, size: number }>} in hex, and in Base64
 */
export async function hashesOf(file) {
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  for await (const chunk of createReadStream(file)) {
    sha256.update(chunk);
    sha512.update(chunk);
  }
  return { sha256: sha256.digest('hex'), sha512: sha512.digest('base64'), size: statSync(file).size };
}

/**
 * The metadata as it is signed: only the fields that the app reads. A package that is not beside it, or has another hash, stops the release.
 * @param {string} name
 * @param {string} text as electron-builder wrote it
 * @param {string} version
 * @param {ReadonlyMap<string, { sha512: string, size: number }>} packages by file name
 * @returns {string}
 */
export function checkedMetadata(name, text, version, packages) {
  const content = /** @type {{ version?: unknown, files?: unknown }} */ (load(text));
  if (content?.version !== version) throw new SetupError(`${name} has version ${String(content?.version)}, not ${version}.`);
  const listed = Array.isArray(content.files) ? /** @type {Partial<ReleaseFile>[]} */ (content.files) : [];
  if (listed.length === 0) throw new SetupError(`${name} lists no files.`);
  const files = listed.map((file) => {
    const url = basename(String(file.url));
    const found = packages.get(url);
    if (found === undefined) throw new SetupError(`${name} lists ${url}, which is not in the release.`);
    if (found.sha512 !== file.sha512) throw new SetupError(`${name} has another hash for ${url} than the file.`);
    return { url, sha512: found.sha512, size: found.size };
  });
  return dump({ version, files }, { lineWidth: -1 });
}

/**
 * In the form of `sha256sum`.
 * @param {ReadonlyMap<string, { sha256: string }>} files
 */
export const checksumsText = (files) =>
  [...files]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { sha256 }]) => `${sha256}  ${name}\n`)
    .join('');
