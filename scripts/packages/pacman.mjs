// A package of Arch Linux, made by bsdtar.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, machineOf } from './common.mjs';
import { kibibytesOf } from './package-root.mjs';
import { run } from './tool.mjs';

/** @typedef {import('./fpm-arguments.mjs').PackageDescription} PackageDescription */

/** The functions of .INSTALL: their maintainer script in Debian, and the word that tells the script what happens. */
const FUNCTIONS = /** @type {const} */ ([
  ['post_install', 'postinst', 'install'],
  ['post_upgrade', 'postinst', 'upgrade'],
  ['pre_remove', 'prerm', 'remove'],
  ['post_remove', 'postrm', 'remove'],
]);
/** @type {Readonly<Record<string, readonly string[]>>} */
const FILTERS = { xz: ['--xz'], gz: ['--gzip'], zst: ['--zstd'], zstd: ['--zstd'] };

/**
 * @param {PackageDescription} description
 * @param {string} root
 */
export function buildPacman(description, root) {
  const filter = FILTERS[description.compression];
  if (filter === undefined) throw new Error(`the compression ${description.compression} is not known for pacman`);
  const content = readdirSync(root);
  const scripts = Object.fromEntries(Object.entries(description.scripts).map(([name, file]) => [name, readFileSync(file, 'utf8')]));
  const builtSeconds = Number(process.env['SOURCE_DATE_EPOCH'] ?? Math.floor(Date.now() / 1000));
  writeFileSync(join(root, '.PKGINFO'), pacmanInfo(description, kibibytesOf(root), builtSeconds));
  writeFileSync(join(root, '.INSTALL'), installFile(scripts));
  const owner = ['--uid', '0', '--gid', '0'];
  const keywords = '--options=!all,use-set,type,uid,gid,mode,time,size,sha256,link';
  run('bsdtar', ['-czf', '.MTREE', '--format=mtree', keywords, ...owner, '.PKGINFO', '.INSTALL', ...content], { cwd: root });
  run('bsdtar', ['-cf', description.output, ...filter, ...owner, '.MTREE', '.PKGINFO', '.INSTALL', ...content], { cwd: root });
}

/**
 * The content of .PKGINFO. Pure.
 * @param {PackageDescription} description
 * @param {number} installedKib
 * @param {number} builtSeconds
 */
export function pacmanInfo(description, installedKib, builtSeconds) {
  /** @type {readonly (readonly [string, string])[]} */
  const lines = [
    ['pkgname', description.name],
    ['pkgbase', description.name],
    ['pkgver', `${description.version}-${description.iteration === '' ? '1' : description.iteration}`],
    ['pkgdesc', description.summary],
    ['url', description.url],
    ['builddate', String(builtSeconds)],
    ['packager', description.maintainer],
    ['size', String(installedKib * 1024)],
    ['arch', machineOf(description)],
    ['license', description.license],
    ...description.depends.map((name) => /** @type {const} */ (['depend', name])),
  ];
  return `${lines.map(([key, value]) => `${key} = ${value}`).join('\n')}\n`;
}

/**
 * The maintainer scripts as functions. Each body runs in a shell of its own: `exit` and `set -e` in it do not end pacman's. Pure.
 * @param {Readonly<Record<string, string>>} scripts
 */
export const installFile = (scripts) =>
  FUNCTIONS.filter(([, script]) => scripts[script] !== undefined)
    .map(([name, script, word]) => `${name}() (\nset -- ${word}\n${bodyOf(scripts[script] ?? '')}\n)\n`)
    .join('');
