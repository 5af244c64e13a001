// The files of a release: their names, hashes and checksums.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';

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
 * In the form of `sha256sum`.
 * @param {ReadonlyMap<string, { sha256: string }>} files
 */
export const checksumsText = (files) =>
  [...files]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { sha256 }]) => `${sha256}  ${name}\n`)
    .join('');
