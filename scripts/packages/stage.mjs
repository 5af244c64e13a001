// The files that go into the packages beside the built program, in dist/stage: electron-builder.yml names them there.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from '../paths.mjs';
import { licencesText, shippedPackages } from './licences.mjs';
import { nodeLicence } from './node-licence.mjs';

const stageDir = join(projectRoot, 'dist', 'stage');

/** gzip's best compression, as Debian wants it for documents. */
const BEST = { level: 9 };
const METAINFO = 'app.muster.desktop.metainfo.xml';

/** The files in the folder itself; the folder `licences` is copied as a whole. */
export const STAGED_FILES = [METAINFO, 'copyright', 'CHANGELOG.md.gz'];

/** @param {string} file */
const read = (file) => readFileSync(join(projectRoot, file), 'utf8');

/**
 * @param {{ readonly version: string, readonly releasedOn: string }} release `releasedOn`: a day, as in 2026-11-30
 * @param {string} node the Node.js in the command line
 */
export function stageFiles(release, node) {
  rmSync(stageDir, { recursive: true, force: true });
  mkdirSync(stageDir, { recursive: true });
  writeLicences(join(stageDir, 'licences'), node);
  writeFileSync(join(stageDir, 'copyright'), copyrightFile(read('LICENSE')));
  writeFileSync(join(stageDir, 'CHANGELOG.md.gz'), gzipSync(read('CHANGELOG.md'), BEST));
  writeFileSync(join(stageDir, METAINFO), withRelease(read(join('build', 'linux', METAINFO)), release));
}

/**
 * The licences of everything but Electron, whose archive contains them.
 * @param {string} folder
 * @param {string} node the Node.js in the command line
 */
export function writeLicences(folder, node) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'LICENSE.txt'), read('LICENSE'));
  writeFileSync(join(folder, 'LICENSE.node.txt'), nodeLicence(node));
  writeFileSync(join(folder, 'LICENSES.dependencies.txt'), licencesText(shippedPackages(projectRoot)));
}

/**
 * The licence of the package in the form of Debian. Pure.
 * @param {string} licence
 */
export function copyrightFile(licence) {
  const lines = licence.trim().split('\n');
  const holder = lines.find((line) => /^copyright/i.test(line)) ?? '';
  const text = lines.slice(lines.indexOf(holder) + 1).map((line) => (line.trim() === '' ? ' .' : ` ${line}`));
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Upstream-Name: Muster',
    'Comment: LICENSES.dependencies.txt, LICENSE.node.txt, LICENSE.electron.txt and LICENSES.chromium.html in',
    ' /opt/Muster have the licences of the parts that are not of the Muster contributors.',
    '',
    'Files: *',
    `Copyright: ${holder.replace(/^copyright\s*(?:\(c\)|©)?\s*/i, '')}`,
    'License: MIT',
    ...text.slice(text.findIndex((line) => line !== ' .')),
    '',
  ].join('\n');
}

/**
 * The AppStream metadata with the release: a version has one place, package.json. Pure.
 * @param {string} metainfo
 * @param {{ readonly version: string, readonly releasedOn: string }} release
 */
export const withRelease = (metainfo, { version, releasedOn }) =>
  metainfo.replace(
    '<releases/>',
    `<releases>\n    <release version="${version.replaceAll('-', '~')}" date="${releasedOn}"/>\n  </releases>`,
  );

/**
 * An Electron to pack: a copy without the app that a plain Electron starts.
 * @param {string} electronDir
 * @returns {string} the folder
 */
export function stageElectron(electronDir) {
  const folder = join(stageDir, 'electron');
  cpSync(electronDir, folder, { recursive: true, verbatimSymlinks: true });
  rmSync(join(folder, 'resources', 'default_app.asar'), { force: true });
  return folder;
}
