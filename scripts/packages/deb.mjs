// A package of Debian, made by dpkg-deb.
import { copyFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kibibytesOf } from './package-root.mjs';
import { run } from './tool.mjs';

/** @typedef {import('./fpm-arguments.mjs').PackageDescription} PackageDescription */

/** The names of dpkg-deb for electron-builder's. */
/** @type {Readonly<Record<string, string>>} */
const COMPRESSIONS = { gz: 'gzip', zst: 'zstd' };
/** In tests the time of packing counts, not the size. */
const FASTEST = '-z1';

/**
 * @param {PackageDescription} description
 * @param {string} root
 */
export function buildDeb(description, root) {
  const control = join(root, 'DEBIAN');
  const installedKib = kibibytesOf(root);
  const checksums = run('sh', ['-c', 'find . -type f -printf "%P\\0" | LC_ALL=C sort -z | xargs -0 md5sum'], { cwd: root });
  mkdirSync(control);
  writeFileSync(join(control, 'control'), controlFile(description, installedKib));
  writeFileSync(join(control, 'md5sums'), checksums);
  for (const [name, file] of Object.entries(description.scripts)) {
    copyFileSync(file, join(control, name));
    chmodSync(join(control, name), 0o755);
  }
  const compression = COMPRESSIONS[description.compression] ?? description.compression;
  const fastest = compression === 'zstd' ? [FASTEST] : [];
  run('dpkg-deb', ['--root-owner-group', `-Z${compression}`, ...fastest, '--build', root, description.output]);
}

/**
 * The control file of a package. Pure.
 * @param {PackageDescription} description
 * @param {number} installedKib
 */
export function controlFile({ description, ...fields }, installedKib) {
  const [summary = fields.name, ...details] = description;
  /** @type {readonly (readonly [string, string])[]} */
  const lines = [
    ['Package', fields.name],
    ['Version', fields.iteration === '' ? fields.version : `${fields.version}-${fields.iteration}`],
    ['Architecture', fields.architecture],
    ['Maintainer', fields.maintainer],
    ['Installed-Size', String(installedKib)],
    ['Depends', fields.depends.join(', ')],
    ['Recommends', fields.recommends.join(', ')],
    ['Section', fields.category],
    ['Priority', fields.priority],
    ['Homepage', fields.url],
    ['Description', [summary, ...details.map((line) => ` ${line}`)].join('\n')],
  ];
  return `${lines
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\n`;
}
