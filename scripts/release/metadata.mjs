// The metadata of a release: what electron-builder wrote for each system is compared with the packages beside it. Pure.
import { basename } from 'node:path';
import { dump, load } from 'js-yaml';
import { SetupError } from '../paths.mjs';

/** @typedef {{ url: string, sha512: string, size: number }} ReleaseFile */

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
